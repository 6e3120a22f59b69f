import Foundation
import Kernels
import Model
import Tasks
import Testing

@testable import Plasticity

/// What the cosine between an update and the gradient says where the answer is known.
@Suite struct AlignmentTests {
  /// Every draw moves W by numbers of its own, whatever the trial was.
  private final class RandomSynapse: Synapse {
    private var draws = 0

    func begin(_ state: LifetimeState<Double>) { draws = 0 }

    func trace(_ trial: EarnedTrial, _ state: LifetimeState<Double>) {
      var stream = RandomStream(seed: 5, purpose: 999, lifetime: UInt32(draws), trial: UInt32(trial.index))
      draws += 1
      let ld = state.primal.ld
      for j in 0..<state.method.units {
        for i in 0..<state.method.units {
          state.primal.traces.pointer[j * ld + i] = Double(stream.normal())
        }
      }
    }

    func update(_ trial: EarnedTrial, _ state: LifetimeState<Double>) -> Bool {
      state.primal.update(gain: 0.01, decay: 0, clip: .infinity)
    }
  }

  /// cue-association as sweeps have it, N = 32.
  private func task() throws -> any LearningTask {
    try TaskCatalogue.make(name: "cue-association", form: "full", options: [:], time: TimeGrid(step: 15))
  }

  private func address(_ index: UInt32 = 0) -> LifetimeAddress {
    LifetimeAddress(seed: 3, domain: .evaluation, index: index)
  }

  private func points(
    _ rival: RivalRule, _ method: Method, _ constants: LocalConstants = LocalConstants(),
    _ plan: AlignmentPlan, double: Bool, gain: Double? = nil, on task: (any LearningTask)? = nil
  ) throws -> [AlignmentPoint] {
    let task = try task ?? self.task()
    let runner = try task.runner(rival, method, constants: constants, double: double, level: .highest)
    let scale = rival.scale(task: task, method: method, constants: constants, level: .highest)
    let rule = rival.rule(gain: gain ?? rival.standardGain, scale: scale, constants: constants)
    return runner.run(address(), rule: rule, request: LifetimeRequest(alignment: plan)).alignment
  }

  /// bptt descends the squared error, which the reward is here: the cosine is 1 but for rounding, 2^-52 and 2^-23 in W
  /// of about 0.3 against updates of about 1e-4. Without a clip, which would cut large entries.
  @Test(arguments: [(true, 1e-9), (false, 1e-5)])
  func followingTheGradientIsOne(_ double: Bool, _ tolerance: Double) throws {
    var method = Method(trials: 40, weightNoise: 0)
    method.reward = .squared
    let constants = LocalConstants([.clip: .infinity])
    let found = try points(
      .bptt, method, constants, AlignmentPlan(points: 4, draws: 8), double: double, gain: 0.01)
    #expect(found.map(\.trial) == [9, 19, 29, 39])
    var worst = 0.0
    for point in found {
      #expect(point.draws == 8 && point.reward < 0)
      worst = max(worst, abs(point.cosine - 1))
    }
    #expect(worst <= tolerance)
    print("cosine of bptt with its gradient, \(double ? "double" : "float"): 1 to \(worst)")
  }

  /// A random direction among 1024 has a cosine of standard deviation 1/32; ten of them stay within four, 0.125. There is
  /// no signal in the mean either.
  @Test func randomUpdatesAreZero() throws {
    let method = Method(trials: 40)
    let state = LifetimeState<Double>(method: method, task: try task(), kernels: Double.kernels(.highest))
    let lifetime = Lifetime(state, RandomSynapse(), NoGradient())
    let outcome = lifetime.run(
      address(), rule: Rule(degree: 0, theta: [0]),
      request: LifetimeRequest(alignment: AlignmentPlan(points: 10, draws: 64)), record: nil)
    #expect(outcome.alignment.count == 10)
    for point in outcome.alignment {
      #expect(abs(point.cosine) < 0.125, "\(point)")
      // E |mean|^2 over all of |mu|^2 is 1/64 where mu has no mean; without the bias nothing is left of it.
      let share = point.updateSquare / (point.updateSquare + point.updateVariance)
      #expect(abs(share) < 0.01 && point.draws == 64)
    }
    print("cosines of random updates: \(outcome.alignment.map(\.cosine))")
  }

  /// Weight perturbation estimates the gradient without bias (Zuege et al. 2023), so that its noise-free cosine is 1
  /// however small one estimate's signal. One condition and no kicks leave little other noise; 20,000 draws give the
  /// cosine of the means to about 0.02.
  @Test func noiseHidesNoBias() throws {
    var task = NoiseTask()
    (task.conditions, task.varies) = (1, false)
    var method = Method(units: 4, trials: 12, inputScale: 1, kicks: .none, weightNoise: 0.01)
    method.reward = .squared
    let constants = LocalConstants([.clip: .infinity, .eta: 1e-4])
    let few = try points(
      .weightPerturbation, method, constants, AlignmentPlan(points: 1, draws: 20), double: true, on: task)
    let many = try points(
      .weightPerturbation, method, constants, AlignmentPlan(points: 1, draws: 20_000), double: true, on: task)
    #expect(abs(many[0].noiseFreeCosine - 1) < 0.03, "\(many)")
    #expect(many[0].cosine > 0.9 && few[0].cosine < many[0].cosine, "\(few) \(many)")
    #expect(many[0].signalToNoise < 1)
  }

  /// A learner that does nothing has no direction.
  @Test func noUpdateHasNoCosine() throws {
    let task = try task()
    let runner = task.runner(Method(trials: 20), double: false, level: .highest)
    let found = runner.run(
      address(), rule: Rule(degree: 0, theta: [0]),
      request: LifetimeRequest(alignment: AlignmentPlan(points: 2, draws: 4))
    ).alignment
    #expect(found.count == 2)
    for point in found {
      #expect(point.cosine.isNaN && point.updateSquare == 0 && point.signalToNoise.isNaN)
      #expect(point.gradientSquare + point.gradientVariance > 0)
    }
  }

  /// g is the derivative of the mean reward over the very same draws: central differences along random directions in
  /// Double, kinks of |z - y| included, which a step of 1e-6 crosses rarely.
  @Test(arguments: [RewardKind.absolute, .squared]) func theGradientIsThatOfTheReward(_ kind: RewardKind)
    throws
  {
    var one = RandomCase(degree: 1, variant: 4, draw: 77, units: 6, trials: 5)
    one.method.reward = kind
    one.method.weightNoise = 0.01
    let plan = AlignmentPlan(points: 5, draws: 3, keepsDraws: true)
    let found = one.task.runner(one.method, double: true, level: .highest).run(
      one.address, rule: one.rule, request: LifetimeRequest(alignment: plan))
    let fixed = one.task.runner(one.method, double: true, level: .highest).network(one.address)
    var worst = 0.0
    for draw in found.alignment.flatMap(\.kept) {
      let size = draw.gradient.map { abs($0) }.max() ?? 0
      for place in [0, 7, 20, 35] {
        func reward(_ step: Double) -> Double {
          var weights = draw.weights
          weights[place] += step
          return slowReward(draw, weights, fixed.inputWeights, fixed.readout, one)
        }
        #expect(abs(reward(0) - draw.reward) < 1e-12)
        let slope = (reward(1e-6) - reward(-1e-6)) / 2e-6
        if size > 0 { worst = max(worst, abs(slope - draw.gradient[place]) / size) }
      }
    }
    #expect(found.alignment.flatMap(\.kept).count == 15 && worst < 1e-6)
    print("dR/dW against differences, \(kind): \(worst)")
  }

  /// R of a draw by the equations, step after step.
  private func slowReward(
    _ draw: AlignmentDraw, _ weights: [Double], _ inputWeights: [Double], _ readout: [Double],
    _ one: RandomCase
  ) -> Double {
    let (n, m, k) = (one.method.units, one.task.inputs, one.task.outputs)
    let alpha = one.method.timeStep / one.method.tau
    var x = draw.initial
    var sum = 0.0
    for t in 0..<one.task.steps {
      let r = x.map { tanh($0) }
      if draw.window.contains(t) {
        for output in 0..<k {
          let z = (0..<n).reduce(0.0) { $0 + readout[output * n + $1] * r[$1] }
          let error = z - draw.target[t * k + output]
          sum += one.method.reward == .squared ? error * error : abs(error)
        }
      }
      x = (0..<n).map { i in
        let recurrent = (0..<n).reduce(0.0) { $0 + weights[i * n + $1] * r[$1] }
        let driven = (0..<m).reduce(0.0) { $0 + inputWeights[i * m + $1] * draw.input[t * m + $1] }
        return x[i] + alpha * (recurrent + driven - x[i]) + draw.kicks[t * n + i]
      }
    }
    return -sum / Double(draw.window.count * k)
  }

  /// Who asks changes nothing: rewards are the same bits, for every learner, mechanism and wiring, and draws are the same
  /// however many follow.
  @Test(arguments: 0..<5) func askingChangesNothing(_ variant: Int) throws {
    let task = try task()
    var method = Method(trials: 30)
    var constants = LocalConstants()
    if variant == 1 {
      constants[.gate] = -1
      constants[.traceMean] = 0.2
    }
    if variant == 2 { method.critic = .learned }
    if variant == 3 { method.wiring = Wiring(connectivity: 0.5, autapses: false, excitatory: 0.7) }
    if variant == 4 { method.initialPerTrial = true }
    let rule = Rule(
      degree: 1, theta: [0, 0, 0, -1],
      scale: Calibration.scales(
        task: task, method: method, constants: constants, shape: RuleShape(degree: 1), level: .highest),
      constants: constants)
    let runner = task.runner(method, double: false, level: .highest)
    let alone = runner.run(address(), rule: rule)
    let asked = runner.run(
      address(), rule: rule, request: LifetimeRequest(alignment: AlignmentPlan(points: 3, draws: 5)))
    #expect(asked.rewards == alone.rewards && asked.accuracies == alone.accuracies)
    #expect(asked.alignment.count == 3 && asked.alignment.allSatisfy { $0.draws == 5 })

    func kept(_ draws: Int) -> [AlignmentDraw] {
      let plan = AlignmentPlan(points: 3, draws: draws, keepsDraws: true)
      return runner.run(address(), rule: rule, request: LifetimeRequest(alignment: plan)).alignment[2].kept
    }
    #expect(kept(4) == Array(kept(6).prefix(4)))
    #expect(kept(2)[0].kicks != kept(2)[1].kicks && kept(2)[0].noise != kept(2)[1].noise)
  }

  /// Points are the ends of equal parts, and no more than there are trials.
  @Test func pointsEndEqualParts() {
    #expect(AlignmentPlan(points: 4, draws: 2).trials(of: 10) == [1, 4, 6, 9])
    #expect(AlignmentPlan(points: 10, draws: 2).trials(of: 3) == [0, 1, 2])
    #expect(AlignmentPlan(points: 1, draws: 2).trials(of: 200) == [199])
  }
}

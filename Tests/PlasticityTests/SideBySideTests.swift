import Kernels
import Model
import Tasks
import Testing

@testable import Plasticity

/// Lifetimes side by side give what each gives alone, to the bit: with whatever mechanisms, engines and requests, however
/// many there are, and where some diverge.
@Suite struct SideBySideTests {
  @Test(arguments: 0..<24, [true, false])
  func eachGivesWhatItGivesAlone(variant: Int, double: Bool) {
    let wide = WideCase(degree: 1 + variant % 3, variant: variant, draw: 41, units: [5, 16, 33][variant % 3])
    for engine in [
      GradientEngine.forward, .adjoint(tapeLength: 3, tapes: 2), .adjoint(tapeLength: 9, tapes: 4),
    ] {
      let jobs = self.jobs(wide, count: 7)
      let together = runner(wide, double, engine).run(jobs)
      let alone = jobs.map {
        runner(wide, double, engine).run($0.address, rule: $0.rule, request: $0.request)
      }
      #expect(together.map(Bits.init) == alone.map(Bits.init), "\(engine), \(wide)")
    }
  }

  /// Buffers are used again: nothing of a lifetime that diverged is left in them.
  @Test(arguments: 0..<48, [true, false])
  func aDivergedLifetimeLeavesNothingBehind(variant: Int, double: Bool) {
    let wide = WideCase(degree: 1 + variant % 3, variant: variant, draw: 41, units: [5, 16, 33][variant % 3])
    for engine in [GradientEngine.forward, .adjoint(tapeLength: 3), .adjoint(tapeLength: 9)] {
      let jobs = self.jobs(wide, count: 5)
      let one = runner(wide, double, engine)
      for job in [jobs[2], jobs[0], jobs[2], jobs[4], jobs[1]] {
        let found = one.run(job.address, rule: job.rule, request: job.request)
        let alone = runner(wide, double, engine).run(job.address, rule: job.rule, request: job.request)
        #expect(Bits(found) == Bits(alone), "\(engine), \(wide)")
      }
    }
  }

  /// A task without inputs has no input synapses, whatever is told to learn; kernels of such a layer would write past
  /// the end of what has no rows.
  @Test func aLayerWithoutSynapsesIsNone() {
    var one = RandomCase(degree: 2, variant: 1, draw: 44)
    one.task.inputs = 0
    one.learn(.input)
    one.learn(.readout)
    let state = LifetimeState<Float>(method: one.method, task: one.task, kernels: Float.kernels(.highest))
    state.begin(one.address, one.rule)
    #expect(state.layers.map(\.layer) == [.readout])
  }

  /// In an order that groups the tasks otherwise than the jobs come.
  @Test func tasksTakeTurns() {
    let wide = WideCase(degree: 2, variant: 0, draw: 43, units: 12)
    var other = wide.one.task
    other.steps += 3
    let rotation = {
      TaskRotation(
        [wide.one.task, other, wide.one.task].map { task in
          task.runner(wide.one.method, double: false, level: .highest)
        }, scales: [wide.one.rule.scale, wide.one.rule.scale.map { 2 * $0 }, wide.one.rule.scale])
    }
    let jobs = self.jobs(wide, count: 11)
    let alone = jobs.map { rotation().run($0.address, rule: $0.rule, request: $0.request) }
    #expect(rotation().run(jobs).map(Bits.init) == alone.map(Bits.init))
    #expect(rotation().width(of: LifetimeRequest()) == 12)
  }

  /// Small networks go side by side, large ones alone; the forward engine's gradients alone.
  @Test(arguments: [(8, 4, 2), (32, 4, 2), (33, 2, 2), (64, 2, 2), (65, 1, 1)])
  func width(units: Int, primal: Int, gradient: Int) {
    let method = Method(units: units, trials: 4)
    let adjoint = NoiseTask().runner(
      method, double: false, level: .highest, engine: .adjoint(tapeLength: 4, tapes: 2))
    #expect(adjoint.width(of: LifetimeRequest()) == primal)
    #expect(adjoint.width(of: LifetimeRequest(estimators: [.score])) == primal)
    #expect(adjoint.width(of: LifetimeRequest(estimators: [.tangent])) == gradient)
    let forward = NoiseTask().runner(method, double: false, level: .highest)
    #expect(forward.width(of: LifetimeRequest(estimators: [.tangent])) == 1)
  }

  private func runner(_ wide: WideCase, _ double: Bool, _ engine: GradientEngine) -> any LifetimeRunner {
    wide.one.task.runner(wide.one.method, double: double, level: .highest, engine: engine)
  }

  /// Lifetimes of several networks and rules with all estimates, one or none; the third diverges.
  private func jobs(_ wide: WideCase, count: Int) -> [LifetimeJob] {
    (0..<count).map { index in
      var address = wide.one.address
      address.index = UInt32(index)
      var rule = wide.one.rule
      for p in rule.theta.indices { rule.theta[p] *= 1 + 0.1 * Double(index) }
      if index == 2 {
        for (constant, value) in [(LocalConstant.amplitude, 1e9), (.eta, 1e30), (.clip, .infinity)] {
          rule.constants[constant] = value
        }
      }
      let estimators: [Set<Estimator>] = [[.tangent, .antithetic, .pathwise], [], [.antithetic], [.tangent]]
      var request = LifetimeRequest(
        estimators: estimators[index % 4], coordinates: wide.coordinates,
        directions: wide.coordinates.indices)
      request.twins = index == 5
      return LifetimeJob(address, rule, request)
    }
  }

  /// An outcome whose NaN equal themselves.
  private struct Bits: Equatable {
    let rewards: [UInt64]
    let accuracies: [Double]
    let divergedAt: Int?
    let gradients: [Estimator: [UInt64]]
    let kickFactor: UInt64

    init(_ outcome: LifetimeOutcome) {
      rewards = outcome.rewards.map(\.bitPattern)
      accuracies = outcome.accuracies
      divergedAt = outcome.divergedAt
      gradients = outcome.gradients.mapValues { $0.map(\.bitPattern) }
      kickFactor = outcome.lastKickFactor.bitPattern
    }
  }
}

import KernelCalls
import Kernels
import Tasks

/// Asks at some trials of a lifetime whether its learner moves W uphill; the lifetime itself goes on as if nobody had
/// asked.
///
/// Before such a trial h the learner has W^h = Wbar + sigma xi^{h-1}, what its critic expects and what its filters of e
/// remember. With all of that as it is, draw after draw takes another trial of the task with other kicks and another xi:
/// it runs from Wbar + sigma xi (cut at 0 where W has a sign to keep), takes mu, the change of W without new noise, and
/// dR/dW by reverse differentiation. Both are of the recurrent synapses, whichever else learn. Every draw has random
/// streams of its own, which depend on the lifetime, the trial and the draw alone, so a draw is the same for all learners
/// and however many draws there are.
///
/// A draw costs a trial, its update and a reverse pass: about three trials.
final class AlignmentProbe<Y: Synapse>: TrialObserver {
  typealias S = Y.S
  private let plan: AlignmentPlan
  private let trials: Set<Int>
  private let synapse: Y
  private var gradient: RewardGradient<S>
  /// W^h and xi^{h-1} of the lifetime, and Wbar.
  private var weights: Matrix<S>
  private var noise: Matrix<S>
  private var center: Matrix<S>
  private(set) var points: [AlignmentPoint] = []

  init(_ plan: AlignmentPlan, _ state: LifetimeState<S>, _ synapse: Y) {
    self.plan = plan
    trials = Set(plan.trials(of: state.method.trials))
    self.synapse = synapse
    gradient = RewardGradient(state)
    let (units, rows) = (state.method.units, state.rows.count)
    weights = Matrix(rows: rows, columns: units)
    noise = Matrix(rows: rows + 3, columns: units)
    center = Matrix(rows: rows, columns: units)
  }

  func begins(_ h: Int, _ state: LifetimeState<S>) {
    guard trials.contains(h) else { return }
    let critic = state.critic.copy()
    let filters = state.filters.map(\.filter)
    weights.copy(from: state.primal.weights)
    noise.copy(from: state.primal.noise)
    findCenter(h, state)
    var sums = AlignmentSums(count: state.method.units * state.method.units)
    var kept: [AlignmentDraw] = []
    for draw in 0..<plan.draws {
      state.critic.learn(from: critic)
      for index in filters.indices { state.filters[index].filter = filters[index].copy() }
      if let one = measure(draw, before: h, state, &sums), plan.keepsDraws { kept.append(one()) }
    }
    state.critic.learn(from: critic)
    for index in filters.indices { state.filters[index].filter = filters[index] }
    state.primal.weights.copy(from: weights)
    state.primal.noise.copy(from: noise)
    var point = sums.point(trial: h)
    point.kept = kept
    points.append(point)
  }

  /// Wbar = W^h - sigma xi^{h-1}; W0 before the first trial, which no noise has moved.
  private func findCenter(_ h: Int, _ state: LifetimeState<S>) {
    center.copy(from: weights)
    guard h > 0, state.method.weightNoise > 0 else { return }
    let sigma = S(state.method.weightNoise)
    for index in 0..<center.count { center.pointer[index] -= sigma * noise.pointer[index] }
  }

  /// - Returns: what to call for all that the draw was; nil for a draw that diverged, which does not count.
  private func measure(
    _ draw: Int, before h: Int, _ state: LifetimeState<S>, _ sums: inout AlignmentSums
  ) -> (() -> AlignmentDraw)? {
    let address = state.address.alignmentDraw(draw)
    place(h, address, state)
    state.draw(h, of: address)
    guard let trial = state.run(h) else { return nil }
    gradient.take(state)
    synapse.trace(trial, state)
    let n = state.method.units
    let xi = plan.keepsDraws ? state.primal.noise.transposedValues(rows: n, columns: n) : []
    // What the update adds beside mu.
    state.primal.noise.clear()
    guard synapse.update(trial, state) else { return nil }
    let mu = change(state)
    let slope = slope(state)
    guard slope.allSatisfy(\.isFinite) else { return nil }
    sums.add(mu, slope, reward: trial.reward)
    return {
      AlignmentDraw(
        initial: state.network.initial.values(columns: n), input: state.trial.inputs.map(Double.init),
        target: state.trial.target.map(Double.init), window: state.trial.window, condition: trial.condition,
        kicks: state.kicks.values.values(rows: state.task.steps, columns: n), noise: xi,
        weights: state.primal.before.transposedValues(rows: n, columns: n), reward: trial.reward,
        baseline: trial.baseline, update: Self.untransposed(mu, n), gradient: Self.untransposed(slope, n))
    }
  }

  /// Puts W = Wbar + sigma xi, and its xi, in their places.
  private func place(_ h: Int, _ address: LifetimeAddress, _ state: LifetimeState<S>) {
    let weights = state.primal.weights.pointer
    weights.update(from: center.pointer, count: center.count)
    guard state.method.weightNoise > 0 else { return }
    let noise = state.primal.noise.pointer
    state.drawNoise(h, of: address)
    let sigma = S(state.method.weightNoise)
    let (n, ld) = (state.method.units, state.primal.ld)
    for j in 0..<state.rows.count {
      for place in j * ld..<j * ld + n {
        weights[place] += sigma * noise[place]
        if j < n, let signs = state.primal.signs, !(signs[j] * weights[place] > 0) { weights[place] = 0 }
      }
    }
  }

  /// W after the update less W before it, [j N + i].
  private func change(_ state: LifetimeState<S>) -> [Double] {
    numbers(state) { Double(state.primal.weights.pointer[$0]) - Double(state.primal.before.pointer[$0]) }
  }

  /// dR/dW, [j N + i]; 0 where there is no synapse.
  private func slope(_ state: LifetimeState<S>) -> [Double] {
    numbers(state) { state.primal.exists($0) ? Double(gradient.values.pointer[$0]) : 0 }
  }

  @inline(__always)
  private func numbers(_ state: LifetimeState<S>, _ value: (Int) -> Double) -> [Double] {
    let (n, ld) = (state.method.units, state.primal.ld)
    var result: [Double] = []
    result.reserveCapacity(n * n)
    for j in 0..<n { for place in j * ld..<j * ld + n { result.append(value(place)) } }
    return result
  }

  private static func untransposed(_ values: [Double], _ n: Int) -> [Double] {
    (0..<n * n).map { values[$0 % n * n + $0 / n] }
  }
}

import KernelCalls
import Kernels
import Model
import Tasks

/// What the adjoint engine reads a lifetime backwards from: the trajectories of a stretch of trials, and W with what
/// the critic and the filters of e remember at the beginning of every stretch.
///
/// A tape as long as the lifetime is written once. A shorter one holds the last stretch; earlier ones are run again
/// from their checkpoint, which costs one more primal and e(T) a trial and brings memory down to about the square
/// root of H.
final class Tape<S: KernelScalar>: TrialObserver {
  /// Trials of a stretch.
  let length: Int
  private let rows: SynapseRows
  private let steps: Int
  private let ld: Int
  private let trials: Int
  private var planes: Matrix<S>
  private var checkpoints: Matrix<S>
  /// u and zbar - z of every trial, where input or readout synapses learn.
  private var inputs: Matrix<S>
  private var outputFluctuations: Matrix<S>
  private var memories: [(critic: Critic, filters: [TraceFilter<S>])]
  private var entries: [Entry]
  /// First trial of the stretch that the planes hold.
  private(set) var stretch = 0

  /// The scalars of a trial.
  struct Entry {
    var earned: EarnedTrial
    /// As it was before it followed the trial's reward.
    var critic: Critic
    /// By filter of e: whether it started anew.
    var startsAnew: [Bool] = []
    var window: Range<Int>
    /// dR/dz, T x K.
    var slopes: [Double]
  }

  /// The planes of one trial, in the kernels' layout.
  struct Planes {
    var weights: UnsafeMutablePointer<S>
    var trace: UnsafeMutablePointer<S>
    var open: UnsafeMutablePointer<S>
    var noise: UnsafeMutablePointer<S>
    var rates: UnsafeMutablePointer<S>
    var fluctuations: UnsafeMutablePointer<S>
    var inputs: UnsafeMutablePointer<S>
    var outputFluctuations: UnsafeMutablePointer<S>

    /// What e(T) of the trial is made of.
    var source: TraceSource<S> {
      TraceSource(
        weights: weights, rates: rates, fluctuations: fluctuations, inputs: inputs,
        outputFluctuations: outputFluctuations)
    }
  }

  init(length: Int, method: Method, task: any LearningTask) {
    self.length = length
    rows = SynapseRows(method, task)
    steps = task.steps
    ld = paddedCount(method.units)
    trials = method.trials
    planes = Matrix(rows: length * Self.rows(synapses: rows.count, steps: steps), columns: rows.units)
    checkpoints = Matrix(rows: (trials + length - 1) / length * rows.count, columns: rows.units)
    inputs = Matrix(rows: rows.input.isEmpty ? 0 : length, columns: steps * task.inputs)
    outputFluctuations = Matrix(rows: rows.readout.isEmpty ? 0 : length, columns: steps * task.outputs)
    memories = []
    let first = EarnedTrial(
      index: 0, condition: 0, reward: 0, baselineBefore: nil, expected: nil, kickFactor: 1)
    let empty = Entry(
      earned: first, critic: Critic(method.critic, conditions: task.conditions), window: 0..<0,
      slopes: Array(repeating: 0, count: task.steps * task.outputs))
    entries = Array(repeating: empty, count: length)
  }

  /// Rows of N that a trial takes: W, e, the mask of uncut updates and xi, by rows of synapses; r and delta.
  static func rows(synapses: Int, steps: Int) -> Int { 4 * synapses + 2 * steps }

  func planes(of h: Int) -> Planes {
    let start = planes.pointer + h % length * Self.rows(synapses: rows.count, steps: steps) * ld
    let square = rows.count * ld
    let signals = start + 4 * square
    let place = h % length
    return Planes(
      weights: start, trace: start + square, open: start + 2 * square, noise: start + 3 * square,
      rates: signals, fluctuations: signals + steps * ld,
      inputs: inputs.pointer + place * inputs.stride,
      outputFluctuations: outputFluctuations.pointer + place * outputFluctuations.stride)
  }

  func entry(of h: Int) -> Entry { entries[h % length] }

  /// The stretch that trial h lies in.
  func stretch(of h: Int) -> Range<Int> {
    let first = h / length * length
    return first..<min(first + length, trials)
  }

  /// True where the planes hold trial h.
  func holds(_ h: Int) -> Bool { stretch(of: h).lowerBound == stretch }

  /// Keeps W and all that is remembered where a stretch begins.
  func checkpoint(_ h: Int, _ state: LifetimeState<S>) {
    guard h % length == 0 else { return }
    if h == 0 { memories.removeAll(keepingCapacity: true) }
    stretch = h
    guard memories.count == h / length else { return }
    (checkpoints.pointer + h / length * rows.count * ld).update(
      from: state.primal.weights.pointer, count: rows.count * ld)
    memories.append((state.critic, state.filters.map { $0.filter.copy() }))
  }

  /// Puts W and all that is remembered back as they were where the stretch of trial h begins, for it to be run and
  /// written again.
  /// - Returns: the stretch.
  func restore(stretchOf h: Int, _ state: LifetimeState<S>) -> Range<Int> {
    let range = stretch(of: h)
    stretch = range.lowerBound
    let place = stretch / length
    state.primal.weights.pointer.update(
      from: checkpoints.pointer + place * rows.count * ld, count: rows.count * ld)
    state.critic = memories[place].critic
    for index in state.filters.indices { state.filters[index].filter = memories[place].filters[index].copy() }
    return range
  }

  /// Writes the trial down.
  func updated(_ trial: EarnedTrial, _ state: LifetimeState<S>) {
    let planes = planes(of: trial.index)
    let square = rows.count * ld
    planes.weights.update(from: state.primal.before.pointer, count: square)
    planes.trace.update(from: state.primal.traces.pointer, count: square)
    planes.open.update(from: state.primal.open.pointer, count: square)
    planes.noise.update(from: state.primal.noise.pointer, count: square)
    planes.rates.update(from: state.primal.rates.pointer, count: steps * ld)
    planes.fluctuations.update(from: state.primal.fluctuations.pointer, count: steps * ld)
    if inputs.rows > 0 { planes.inputs.update(from: state.primal.inputs.pointer, count: inputs.columns) }
    if outputFluctuations.rows > 0 {
      planes.outputFluctuations.update(
        from: state.primal.outputFluctuations.pointer, count: outputFluctuations.columns)
    }
    let place = trial.index % length
    entries[place].earned = trial
    // Only a learned critic is read backwards with what it knew.
    if state.critic.kind == .learned { entries[place].critic = state.critic }
    if !state.filters.isEmpty { entries[place].startsAnew = state.filters.map { $0.filter.startedAnew } }
    entries[place].window = state.trial.window
    state.reward.slope(state.readout, state.trial, into: &entries[place].slopes)
  }
}

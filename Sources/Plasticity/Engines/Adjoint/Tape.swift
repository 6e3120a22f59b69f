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
///
/// Trials compute into the tape: the state's matrices are rows of it until the lifetime has ended.
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
  private var scalars: [Scalars]
  /// dR/dz of every trial, T x K.
  private var slopes: Matrix<Double>
  /// As they were before they followed a trial's reward; empty but for learned critics.
  private var critics: [Critic]
  /// By trial and filter of e: whether it started anew.
  private var startsAnew: [[Bool]]
  /// The state's own matrices, while it computes into the tape's.
  private var own: Work?
  /// First trial of the stretch that the planes hold.
  private(set) var stretch = 0

  private struct Scalars {
    var earned = EarnedTrial(
      index: 0, condition: 0, reward: 0, baselineBefore: nil, expected: nil, kickFactor: 1)
    var window = 0..<0
  }

  /// One trial beside its planes.
  struct Entry {
    let earned: EarnedTrial
    let window: Range<Int>
    /// dR/dz, T x K.
    let slopes: UnsafePointer<Double>
    /// As it was before it followed the trial's reward; nil but for a learned critic.
    let critic: Critic?
    /// By filter of e: whether it started anew.
    let startsAnew: [Bool]
    /// What will be read next.
    let next: UnsafeBufferPointer<S>?
  }

  /// What a trial writes: the matrices of a state that may be rows of a tape.
  private struct Work: ~Copyable {
    var weights: Matrix<S>
    var trace: Matrix<S>
    var open: Matrix<S>
    var rates: Matrix<S>
    var fluctuations: Matrix<S>

    mutating func exchange(_ state: LifetimeState<S>) {
      swap(&weights, &state.primal.before)
      swap(&trace, &state.primal.traces)
      swap(&open, &state.primal.open)
      swap(&rates, &state.primal.rates)
      swap(&fluctuations, &state.primal.fluctuations)
    }
  }

  /// The matrices of one trial.
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
    checkpoints = Matrix(rows: (trials + length - 1) / length * rows.count, columns: rows.units)
    inputs = Matrix(rows: rows.input.isEmpty ? 0 : length, columns: steps * task.inputs)
    outputFluctuations = Matrix(rows: rows.readout.isEmpty ? 0 : length, columns: steps * task.outputs)
    memories = []
    planes = Matrix(rows: length * Self.rows(synapses: rows.count, steps: steps), columns: rows.units)
    scalars = Array(repeating: Scalars(), count: length)
    slopes = Matrix(rows: length, columns: task.steps * task.outputs)
    let critic = Critic(method.critic, conditions: task.conditions)
    critics = Array(repeating: critic, count: method.critic == .learned ? length : 0)
    startsAnew = Array(repeating: [], count: length)
  }

  /// Rows of N that a trial takes: W, e, the mask of uncut updates and xi, by rows of synapses; r and delta.
  static func rows(synapses: Int, steps: Int) -> Int { 4 * synapses + 2 * steps }

  func planes(of h: Int) -> Planes {
    let place = h % length
    let start = planes.pointer + place * Self.rows(synapses: rows.count, steps: steps) * ld
    let square = rows.count * ld
    let signals = start + 4 * square
    return Planes(
      weights: start, trace: start + square, open: start + 2 * square, noise: start + 3 * square,
      rates: signals, fluctuations: signals + steps * ld,
      inputs: inputs.pointer + place * inputs.stride,
      outputFluctuations: outputFluctuations.pointer + place * outputFluctuations.stride)
  }

  /// The planes of the trial that is read after h, where it is on the tape and not too much to bring near beside h.
  func next(after h: Int) -> UnsafeBufferPointer<S>? {
    let count = Self.rows(synapses: rows.count, steps: steps) * ld
    guard h > stretch, count * MemoryLayout<S>.stride <= 256 << 10 else { return nil }
    return UnsafeBufferPointer(start: planes(of: h - 1).weights, count: count)
  }

  func entry(of h: Int) -> Entry {
    let place = h % length
    return Entry(
      earned: scalars[place].earned, window: scalars[place].window,
      slopes: slopes.pointer + place * slopes.stride, critic: critics.isEmpty ? nil : critics[place],
      startsAnew: startsAnew[place], next: next(after: h))
  }

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
    memories.append((state.critic.copy(), state.filters.map { $0.filter.copy() }))
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
    state.critic.learn(from: memories[place].critic)
    for index in state.filters.indices { state.filters[index].filter = memories[place].filters[index].copy() }
    return range
  }

  /// Has the state compute trial h into the tape.
  func begins(_ h: Int, _ state: LifetimeState<S>) {
    let planes = planes(of: h)
    let (synapses, units) = (rows.count, rows.units)
    var work = Work(
      weights: Matrix(rows: synapses, columns: units, of: planes.weights),
      trace: Matrix(rows: synapses, columns: units, of: planes.trace),
      open: Matrix(rows: synapses, columns: units, of: planes.open),
      rates: Matrix(rows: steps, columns: units, of: planes.rates),
      fluctuations: Matrix(rows: steps, columns: units, of: planes.fluctuations))
    work.exchange(state)
    if own == nil { own = consume work }
  }

  /// Gives the state its own matrices back, once a lifetime or a stretch has ended.
  func finish(_ state: LifetimeState<S>) {
    own?.exchange(state)
    own = nil
  }

  /// Writes down what the state has not computed into the tape.
  func updated(_ trial: EarnedTrial, _ state: LifetimeState<S>) {
    let place = trial.index % length
    let planes = planes(of: trial.index)
    // The next trial looks at xi of this one.
    planes.noise.update(from: state.primal.noise.pointer, count: rows.count * ld)
    if inputs.rows > 0 { planes.inputs.update(from: state.primal.inputs.pointer, count: inputs.columns) }
    if outputFluctuations.rows > 0 {
      planes.outputFluctuations.update(
        from: state.primal.outputFluctuations.pointer, count: outputFluctuations.columns)
    }
    scalars[place] = Scalars(earned: trial, window: state.shown.trial.window)
    // Only a learned critic is read backwards with what it knew.
    if !critics.isEmpty { critics[place] = state.critic.copy() }
    if !state.filters.isEmpty { startsAnew[place] = state.filters.map { $0.filter.startedAnew } }
    state.shown.slope(state.reward, to: slopes.pointer + place * slopes.stride)
  }
}

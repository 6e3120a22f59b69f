import KernelCalls
import Kernels
import Tasks

/// What the adjoint engine reads a lifetime backwards from: the trajectories of a stretch of trials, and W with the
/// baselines at the beginning of every stretch.
///
/// A tape as long as the lifetime is written once. A shorter one holds the last stretch; earlier ones are run again
/// from their checkpoint, which costs one more primal and e(T) a trial and brings memory down to about the square
/// root of H.
final class Tape<S: KernelScalar> {
  /// Trials of a stretch.
  let length: Int
  private let units: Int
  private let steps: Int
  private let ld: Int
  private let trials: Int
  private var planes: Matrix<S>
  private var checkpoints: Matrix<S>
  private var checkpointBaselines: [Baselines]
  private(set) var entries: [Entry]
  /// A^h of the surrogate: what the reward of trial h credits the noise of trial h - 1 with, for `tangent` and for
  /// `antithetic`.
  var credits: [Double]
  var twinCredits: [Double]
  /// First trial of the stretch that the planes hold.
  var stretch = 0

  /// The scalars of a trial: the task's draw, m, whether its condition was met for the first time, and the gate.
  struct Entry {
    var trial: Trial
    var success = 0.0
    var isFirstVisit = false
    /// What the gate multiplied the trial's kicks by; 1 without one.
    var kickFactor = 1.0
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
  }

  init(length: Int, method: Method, task: any LearningTask) {
    self.length = length
    units = method.units
    steps = task.steps
    ld = paddedCount(method.units)
    trials = method.trials
    planes = Matrix(rows: length * Self.rows(units: units, steps: steps), columns: units)
    checkpoints = Matrix(rows: (trials + length - 1) / length * units, columns: units)
    checkpointBaselines = []
    let empty = Entry(
      trial: Self.emptyTrial(task), slopes: Array(repeating: 0, count: task.steps * task.outputs))
    entries = Array(repeating: empty, count: length)
    credits = Array(repeating: 0, count: method.trials)
    twinCredits = credits
  }

  private static func emptyTrial(_ task: some LearningTask) -> Trial { Trial(for: task) }

  /// Rows of N that a trial takes: W, e, the mask of uncut updates and xi; r and delta.
  static func rows(units: Int, steps: Int) -> Int { 4 * units + 2 * steps }

  func planes(of h: Int) -> Planes {
    let start = planes.pointer + h % length * Self.rows(units: units, steps: steps) * ld
    let square = units * ld
    return Planes(
      weights: start, trace: start + square, open: start + 2 * square, noise: start + 3 * square,
      rates: start + 4 * square, fluctuations: start + 4 * square + steps * ld)
  }

  func entry(of h: Int) -> Entry { entries[h % length] }

  /// Keeps W and the baselines where a stretch begins.
  func checkpoint(_ h: Int, _ weights: borrowing Matrix<S>, _ baselines: Baselines) {
    guard h % length == 0 else { return }
    if h == 0 { checkpointBaselines.removeAll(keepingCapacity: true) }
    stretch = h
    guard checkpointBaselines.count == h / length else { return }
    (checkpoints.pointer + h / length * units * ld).update(from: weights.pointer, count: units * ld)
    checkpointBaselines.append(baselines)
  }

  /// W and the baselines as they were at the beginning of a stretch.
  func restore(_ h: Int, _ weights: borrowing Matrix<S>) -> Baselines {
    weights.pointer.update(from: checkpoints.pointer + h / length * units * ld, count: units * ld)
    return checkpointBaselines[h / length]
  }

  /// Writes trial h down, after its update.
  func write(
    _ h: Int, _ primal: borrowing PrimalBuffers<S>, trial: Trial, success: Double, isFirstVisit: Bool,
    kickFactor: Double, reward: Reward, readout: [Double]
  ) {
    let planes = planes(of: h)
    let square = units * ld
    planes.weights.update(from: primal.before.pointer, count: square)
    planes.trace.update(from: primal.traces.pointer, count: square)
    planes.open.update(from: primal.open.pointer, count: square)
    planes.noise.update(from: primal.noise.pointer, count: square)
    planes.rates.update(from: primal.rates.pointer, count: steps * ld)
    planes.fluctuations.update(from: primal.fluctuations.pointer, count: steps * ld)
    let place = h % length
    entries[place].trial.window = trial.window
    entries[place].trial.condition = trial.condition
    entries[place].success = success
    entries[place].isFirstVisit = isFirstVisit
    entries[place].kickFactor = kickFactor
    reward.slope(readout, trial, into: &entries[place].slopes)
  }
}

import Model

/// The epochs of a trial on a time grid.
///
/// T = floor(trial / dt) steps. A task states its epochs against its own length in ms; they are stretched by
/// trial / own length, and each edge is rounded down to a step. A quotient that misses the next whole
/// number by less than 1e-9 of its size counts as that number: 0.7 * 300 / 15 is 13.999999999999998 in Double and means 14.
/// Neighbouring epochs that share an edge never overlap.
public struct Epochs: Sendable, Equatable {
  /// T.
  public let steps: Int
  /// dt in ms.
  public let step: Double
  /// Length of the stretched trial in ms.
  public let trial: Double
  /// The task's own length in ms.
  public let ownLength: Double
  private let task: String

  /// - Parameter ownLength: ms, positive.
  /// - Throws: `TaskError` for a step or trial length that is not positive, for a trial shorter than one step and
  ///   for one of more than ten million steps.
  public init(_ request: TaskRequest, ownLength: Double) throws {
    try self.init(task: request.description.name, time: request.time, ownLength: ownLength)
  }

  /// The same for a task that is no entry of the catalogue.
  public init(task name: String, time: TimeGrid, ownLength: Double) throws {
    invariant(ownLength > 0, "a task's own length must be positive, not \(ownLength) ms")
    let step = time.step
    let trial = time.trial ?? ownLength
    guard step > 0, step.isFinite else {
      throw TaskError("task \(name): time.step is \(step) ms; wanted: a positive number")
    }
    guard trial > 0, trial.isFinite else {
      throw TaskError("task \(name): time.trial is \(trial) ms; wanted: a positive number, or none")
    }
    guard trial / step <= 1e7 else {
      throw TaskError(
        "task \(name): a trial of \(trial) ms in steps of \(step) ms has more than ten million steps; "
          + "wanted: a longer time.step or a shorter time.trial")
    }
    steps = Self.floored(trial / step)
    guard steps > 0 else {
      throw TaskError(
        "task \(name): a trial of \(trial) ms holds no step of \(step) ms; wanted: time.step <= time.trial")
    }
    self.step = step
    self.trial = trial
    self.ownLength = ownLength
    task = name
  }

  /// The step at which `time`, in ms of the task's own length, falls; at most T.
  public func edge(_ time: Double) -> Int {
    min(steps, Self.floored(time / ownLength * trial / step))
  }

  /// The steps of an epoch given in ms of the task's own length.
  /// - Throws: `TaskError` if rounding leaves it no step.
  public func epoch(_ name: String, from start: Double, to end: Double) throws -> Range<Int> {
    invariant(start <= end && start >= 0, "epoch '\(name)' of \(task) runs from \(start) to \(end) ms")
    let range = edge(start)..<edge(end)
    guard !range.isEmpty else {
      throw TaskError(
        "task \(task): epoch '\(name)' (\(start) to \(end) of \(ownLength) ms, stretched to a trial of \(trial) "
          + "ms) holds no step of \(step) ms; wanted: a shorter time.step or a longer time.trial")
    }
    return range
  }

  /// The steps of an epoch given in fractions of the trial.
  public func epoch(_ name: String, fraction start: Double, _ end: Double) throws -> Range<Int> {
    try epoch(name, from: start * ownLength, to: end * ownLength)
  }

  private static func floored(_ quotient: Double) -> Int {
    let whole = quotient.rounded()
    return abs(quotient - whole) <= 1e-9 * max(1, whole) ? Int(whole) : Int(quotient.rounded(.down))
  }
}

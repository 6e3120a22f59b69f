import Kernels
import Model

/// One drawn trial of every condition, for looking at a task.
public struct DrawnConditions: Sendable {
  /// Condition 0, 1, ...
  public let trials: [Trial]
  /// The draw of the lifetime they belong to.
  public let lifetime: LifetimeDraw

  /// Draws trials of lifetime 0 of `seed` and keeps the first of each condition.
  ///
  /// The rarest condition is at most a thousand times rarer than the most frequent, so 200,000 (1 + conditions) trials
  /// miss one with probability below 1e-80. If they do, the task is broken, and the program traps.
  public init(of task: any LearningTask, seed: UInt64) {
    var stream = RandomStream(seed: seed, purpose: 1, lifetime: 0)
    lifetime = task.drawLifetime(&stream)
    var found = [Trial?](repeating: nil, count: task.conditions)
    var trial = Trial(for: task)
    var missing = task.conditions
    for number in 0..<200_000 * (1 + task.conditions) {
      if missing == 0 { break }
      var stream = RandomStream(seed: seed, purpose: 2, lifetime: 0, trial: UInt32(number))
      task.drawTrial(&trial, lifetime: lifetime, stream: &stream)
      if found[trial.condition] == nil {
        found[trial.condition] = trial
        missing -= 1
      }
    }
    invariant(missing == 0, "\(missing) of \(task.conditions) conditions were never drawn")
    trials = found.map { $0! }
  }
}

import ResultStore
import Tasks

/// One trial of each condition as arrays, which are a task themselves: u (C, T, M), y (C, T, K), window (C, T),
/// condition (C), dt in ms, the name, and weight (C) where conditions are not equally likely.
public struct DrawnArrays {
  public let arrays: [(name: String, array: NPYArray)]

  /// - Parameter weights: those of the conditions; empty if all are equal.
  public init(
    _ drawn: DrawnConditions, of task: any LearningTask, name: String, step: Double, weights: [Double]
  ) {
    let trials = drawn.trials
    let (count, steps) = (trials.count, task.steps)
    arrays =
      [
        ("u", NPYArray(trials.flatMap { $0.inputs.map(Double.init) }, shape: [count, steps, task.inputs])),
        ("y", NPYArray(trials.flatMap { $0.target.map(Double.init) }, shape: [count, steps, task.outputs])),
        (
          "window",
          NPYArray(
            trials.flatMap { trial in (0..<steps).map { trial.window.contains($0) ? 1 : 0 } },
            shape: [count, steps])
        ),
        ("condition", NPYArray(trials.map(\.condition), shape: [count])),
        ("dt", NPYArray([step], shape: [])), ("name", NPYArray(["\(name.prefix(54))-drawn"])),
      ] + (weights.isEmpty ? [] : [("weight", NPYArray(weights, shape: [count]))])
  }
}

import Sweep
import Tasks

extension TaskShape {
  /// The size of a task.
  public init(of task: any LearningTask) {
    self.init(
      inputs: task.inputs, outputs: task.outputs, steps: task.steps, hasMovingTarget: task.hasMovingTarget,
      answersAtOnce: task.answersAtOnce, conditions: task.conditions)
  }
}

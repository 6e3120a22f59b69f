import Tasks

/// A task as JSON: its sizes and its reference policies.
public struct TaskDocument: Encodable {
  var task: String
  /// nil for the task of a file, which has one form.
  var form: String?
  var inputs: Int
  var outputs: Int
  var steps: Int
  var conditions: Int
  /// Accuracies of guessing, of the best policy that ignores part of the task, and of an ideal observer (nil where it is
  /// unknown).
  var chance: Double
  var shortcut: Double
  var ceiling: Double?
  var summary: String?
  /// What a sweep that names the file knows it by.
  var identity: String?

  public init(
    _ task: any LearningTask, name: String, form: String?, summary: String?, identity: String? = nil
  ) {
    self.task = name
    self.form = form
    inputs = task.inputs
    outputs = task.outputs
    steps = task.steps
    conditions = task.conditions
    chance = task.chance
    shortcut = task.shortcut
    ceiling = task.ceiling.isFinite ? task.ceiling : nil
    self.summary = summary
    self.identity = identity
  }

  /// Every task of the program in every form, the default form first.
  /// - Throws: `TaskError` where a task does not fit the grid.
  public static func catalogue(time: TimeGrid) throws -> [TaskDocument] {
    try TaskCatalogue.descriptions.flatMap { description in
      try description.forms.map { form in
        TaskDocument(
          try TaskCatalogue.make(name: description.name, form: form, time: time), name: description.name,
          form: form, summary: description.summary)
      }
    }
  }
}

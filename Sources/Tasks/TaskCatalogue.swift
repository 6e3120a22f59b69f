/// All tasks by name.
public enum TaskCatalogue {
  static let tasks: [any CatalogueTask.Type] = [
    CueAssociation.self,
    DelayedNonmatch.self,
    PerceptualDecision.self,
    DelayedXOR.self,
    ContextIntegration.self,
    PairedAssociation.self,
    FlipFlop.self,
    ParametricMemory.self,
    VariableDelayMatch.self,
    CueTrajectory.self,
  ]

  /// Every task, in the order in which they are listed.
  public static let descriptions: [TaskDescription] = tasks.map { $0.listing }

  /// The description of one task.
  /// - Throws: `TaskError` for an unknown name, with the nearest one.
  public static func description(of name: String) throws -> TaskDescription { try type(named: name).listing }

  /// Makes a task.
  /// - Parameters:
  ///   - form: one of the task's forms; nil for its default.
  ///   - options: by name; a number is a list of one.
  ///   - time: dt and the trial length that the epochs are stretched to.
  /// - Throws: `TaskError` for unknown names, values out of range and epochs that hold no step.
  public static func make(
    name: String, form: String? = nil, options: [String: [Double]] = [:], time: TimeGrid
  ) throws -> any LearningTask {
    try makeTask(name: name, form: form, options: options, time: time)
  }

  /// The same with the task's listing and policies.
  public static func makeTask(
    name: String, form: String? = nil, options: [String: [Double]] = [:], time: TimeGrid
  ) throws -> any CatalogueTask {
    let type = try type(named: name)
    return try type.init(TaskRequest(type.listing, form: form, options: options, time: time))
  }

  private static func type(named name: String) throws -> any CatalogueTask.Type {
    if let type = tasks.first(where: { $0.listing.name == name }) { return type }
    let names = descriptions.map(\.name)
    throw TaskError(
      "unknown task '\(name)'; did you mean '\(nearestName(to: name, in: names)!)'? The tasks are "
        + names.joined(separator: ", "))
  }
}

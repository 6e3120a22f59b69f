/// A task as sweep files name it, and how large it gets.
public struct TaskEntry: Sendable {
  public var name: String
  /// Valid values of `form`, the default first.
  public var forms: [String]
  /// Options with their defaults; an empty one depends on the form and is known only to the task.
  public var options: [String: [Double]]
  /// The size of the task on a time grid.
  public var shape: ShapeFunction
  /// The only value of `time.step` with which the task can be made, which is then its default; nil for any.
  public var step: Double?

  /// - Throws: an error whose description says what of the arguments is impossible; it becomes part of the
  ///   message about the sweep file.
  public typealias ShapeFunction =
    @Sendable (_ form: String, _ options: [String: [Double]], _ time: TimeSettings) throws -> TaskShape

  public init(
    name: String, forms: [String], options: [String: [Double]] = [:], shape: @escaping ShapeFunction
  ) {
    self.name = name
    self.forms = forms
    self.options = options
    self.shape = shape
  }

  /// The defaults of the options this form has: those that `shape` does not refuse.
  func standardOptions(form: String) -> [String: [Double]] {
    let time = TimeSettings()
    return options.filter { name, standard in
      !standard.isEmpty
        && ((try? shape(form, [name: standard], time)) != nil || (try? shape(form, [:], time)) == nil)
    }
  }
}

/// What the cost of a cell and its checks need to know of a task.
public struct TaskShape: Sendable, Equatable {
  /// M.
  public var inputs: Int
  /// K.
  public var outputs: Int
  /// T.
  public var steps: Int
  /// True where the target changes within the response window, so that binary reward has no meaning.
  public var hasMovingTarget: Bool
  /// True where the response window may begin with the trial, so that nothing is shown before the answer.
  public var answersAtOnce: Bool
  /// Conditions that the critic and the slow mean of e tell apart.
  public var conditions: Int

  public init(
    inputs: Int, outputs: Int, steps: Int, hasMovingTarget: Bool = false, answersAtOnce: Bool = false,
    conditions: Int = 1
  ) {
    self.inputs = inputs
    self.outputs = outputs
    self.steps = steps
    self.hasMovingTarget = hasMovingTarget
    self.answersAtOnce = answersAtOnce
    self.conditions = conditions
  }
}

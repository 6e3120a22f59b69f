/// A task as a user sees it: its name, forms and options.
public struct TaskDescription: Sendable {
  public var name: String
  public var summary: String
  public var source: String
  /// Valid values of `form`, the default first.
  public var forms: [String]
  public var options: [TaskOption]
  public init(
    name: String, summary: String, source: String, forms: [String] = ["full"], options: [TaskOption] = []
  ) {
    self.name = name
    self.summary = summary
    self.source = source
    self.forms = forms
    self.options = options
  }
}

/// One entry of a task's `options`.
public struct TaskOption: Sendable {
  public var name: String
  public var standard: OptionValue
  public var summary: String
  public init(_ name: String, _ standard: OptionValue, _ summary: String) {
    self.name = name
    self.standard = standard
    self.summary = summary
  }
}

public enum OptionValue: Sendable, Equatable {
  case number(Double)
  case numbers([Double])
}

/// A task cannot be made with these arguments; the message says what was seen and what is possible.
public struct TaskError: Error, CustomStringConvertible, Equatable {
  public var description: String
  public init(_ description: String) { self.description = description }
}

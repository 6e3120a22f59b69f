import Model

/// The form, options and time grid that a user has asked for, with checked access to each.
///
/// Every accessor throws a `TaskError` that names the task, the entry, what was seen and what is possible.
public struct TaskRequest: Sendable {
  public let description: TaskDescription
  public let form: String
  public let time: TimeGrid
  private let options: [String: [Double]]

  /// - Parameters:
  ///   - form: nil for the first of `description.forms`.
  ///   - options: by name; a number is a list of one.
  public init(
    _ description: TaskDescription, form: String? = nil, options: [String: [Double]] = [:], time: TimeGrid
  ) throws {
    let form = form ?? description.forms[0]
    guard description.forms.contains(form) else {
      throw TaskError(
        "task \(description.name): unknown form '\(form)'; it has \(quotedList(description.forms))")
    }
    for (name, values) in options.sorted(by: { $0.key < $1.key }) {
      let known = description.options.map(\.name)
      guard known.contains(name) else {
        throw TaskError(
          known.isEmpty
            ? "task \(description.name): unknown option '\(name)'; this task has no options"
            : "task \(description.name): unknown option '\(name)'; did you mean "
              + "'\(nearestName(to: name, in: known)!)'? It has \(quotedList(known))")
      }
      guard values.allSatisfy(\.isFinite) else {
        throw TaskError("task \(description.name): option '\(name)' is \(values); finite numbers are wanted")
      }
    }
    self.description = description
    self.form = form
    self.options = options
    self.time = time
  }

  /// True where the user has set `name`; an empty list counts as not set.
  public func sets(_ name: String) -> Bool { !(options[name] ?? []).isEmpty }

  /// The list given for `name`, or `standard`, or else the listed default.
  public func numbers(_ name: String, standard: [Double]? = nil) -> [Double] {
    if let given = options[name], !given.isEmpty { return given }
    if let standard { return standard }
    guard let option = description.options.first(where: { $0.name == name }) else {
      brokenInvariant("task \(description.name) asks for its option '\(name)', which it does not list")
    }
    switch option.standard {
    case .number(let value): return [value]
    case .numbers(let values): return values
    }
  }

  /// One number within `range`.
  public func number(
    _ name: String, in range: ClosedRange<Double>, standard: Double? = nil
  ) throws -> Double {
    let values = numbers(name, standard: standard.map { [$0] })
    guard values.count == 1, range.contains(values[0]) else {
      throw error(
        option: name, seen: values, wanted: "one number in \(range.lowerBound)...\(range.upperBound)")
    }
    return values[0]
  }

  /// One whole number within `range`.
  public func integer(_ name: String, in range: ClosedRange<Int>) throws -> Int {
    let values = numbers(name)
    guard values.count == 1, let value = Int(exactly: values[0]), range.contains(value) else {
      throw error(
        option: name, seen: values, wanted: "one whole number in \(range.lowerBound)...\(range.upperBound)")
    }
    return value
  }

  /// The error of an option whose value the task cannot use.
  public func error(option: String, seen: [Double], wanted: String) -> TaskError {
    let text = seen.count == 1 ? "\(seen[0])" : "\(seen)"
    return TaskError("task \(description.name): option '\(option)' is \(text); wanted: \(wanted)")
  }

  /// Refuses the option `name` in a form that does not have it.
  public func refuse(_ name: String, unlessForm wanted: String) throws {
    if form != wanted, sets(name) {
      throw TaskError(
        "task \(description.name): option '\(name)' applies to form '\(wanted)', the form here is '\(form)'; "
          + "remove the option or set form: \(wanted)")
    }
  }
}

import Model

/// All a sweep file may say: the table of settings, and the tasks with their forms and options.
///
/// Sweep knows no task itself; the caller brings them as `TaskEntry` values.
public struct SettingsSchema: Sendable {
  public private(set) var tasks: [TaskEntry]
  /// Rules that `rule.theta` may name.
  public let rules: [RuleEntry]
  /// In the order of the reference; `rule.degree` stands before `rule.theta`, options come last.
  public private(set) var definitions: [SettingDefinition]
  /// Reads task files; nil where sweep files may name none.
  public let taskReader: TaskFile.Reader?
  /// Tasks of files, by identity, and the identities by path.
  public internal(set) var taskFiles: [String: TaskFile] = [:]
  var identities: [String: String] = [:]
  private let places: [String: Int]
  /// Defaults of options, by task and form.
  private let standardOptions: [String: [String: [Double]]]

  /// - Precondition: at least one task, no name twice, every task with at least one form.
  public init(tasks: [TaskEntry], rules: [RuleEntry] = [], taskReader: TaskFile.Reader? = nil) {
    invariant(!tasks.isEmpty, "a schema needs at least one task")
    invariant(Set(tasks.map(\.name)).count == tasks.count, "two tasks have one name")
    invariant(tasks.allSatisfy { !$0.forms.isEmpty }, "a task has no form")
    self.tasks = tasks
    self.rules = rules
    self.taskReader = taskReader
    definitions = Self.table(of: tasks)
    places = Dictionary(uniqueKeysWithValues: definitions.enumerated().map { ($1.path, $0) })
    standardOptions = Dictionary(
      uniqueKeysWithValues: tasks.flatMap { task in
        task.forms.map { ("\(task.name)/\($0)", task.standardOptions(form: $0)) }
      })
  }

  /// Takes tasks without options, of forms that other tasks have too: no other setting changes.
  mutating func add(_ entries: [TaskEntry]) {
    tasks += entries
    definitions[place("task")] = Self.table(of: tasks)[place("task")]
  }

  /// The defaults of a task's options in one of its forms.
  func standardOptions(of task: String, form: String) -> [String: [Double]] {
    standardOptions["\(task)/\(form)"] ?? [:]
  }

  /// Place of the setting in `definitions`; nil for an unknown path.
  public func index(of path: String) -> Int? { places[path] }

  /// A task of a configuration, which brings those of files with it.
  public func task(named name: String, in settings: Settings) -> TaskEntry {
    settings.taskFiles[name]?.entry ?? task(named: name)
  }

  /// - Precondition: `name` is a task of the schema.
  public func task(named name: String) -> TaskEntry {
    guard let entry = tasks.first(where: { $0.name == name }) else {
      brokenInvariant("the schema has no task \(name)")
    }
    return entry
  }

  /// True where `path` holds settings instead of being one: `network`, `rule`, `options`, ...
  public func isGroup(_ path: String) -> Bool {
    path == "options" || definitions.contains { $0.path.hasPrefix(path + ".") }
  }

  /// The form of one task of a cell: `settings.form`, or the task's first form where that says `default`.
  public func form(of task: String, in settings: Settings) -> String {
    settings.form == "default" ? self.task(named: task, in: settings).forms[0] : settings.form
  }

  /// Those of the cell's options that this task has.
  public func options(of task: String, in settings: Settings) -> [String: [Double]] {
    let known = self.task(named: task, in: settings).options
    return settings.options.filter { known[$0.key] != nil }
  }
}

/// One line of the table of settings.
public struct SettingDefinition: Sendable {
  /// Dotted, as in a sweep file: `network.units`.
  public let path: String
  public let kind: SettingKind
  /// One line for the reference.
  public let summary: String
  /// The default as the reference prints it.
  public let standard: String
  /// Why values out of bounds are refused, where the bounds do not speak for themselves.
  public let reason: String?
  /// The value in `settings`; nil for an option that the configuration does not have.
  let read: @Sendable (Settings) -> SettingValue?
  /// Puts a value of `kind` into `settings`.
  let write: @Sendable (SettingValue, inout Settings) -> Void
}

/// A hand-made rule as sweep files name it.
public struct RuleEntry: Sendable {
  public var name: String
  public var theta: [ThetaEntry]

  public init(name: String, theta: [ThetaEntry]) {
    self.name = name
    self.theta = theta
  }
}

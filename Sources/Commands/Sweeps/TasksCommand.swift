import ArgumentParser
import Launch
import Model
import Reports
import Sweep
import TaskFiles
import Tasks

/// `trifactor tasks`: what can be learned, and what it looks like.
struct TasksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tasks",
    abstract: "List the tasks, or describe one and show a trial of each condition.",
    discussion: """
      Chance is the accuracy of guessing, shortcut that of the best policy that ignores part of the task, ceiling \
      that of an ideal observer of the noisy input. --draw writes one trial of each of the C conditions: \
      u (C, T, M), y (C, T, K), window (C, T), condition (C), dt and name. Such a file is a task itself, and a sweep file \
      can name it. sweeps/tasks/README.md says how to write a task of your own.
      """)

  @Argument(help: "A task or a task file (.yaml, .npz); if not given, all tasks of the program are listed.")
  var name: String?
  @Option(help: "Form of the task; if not given, its default.") var form: String?
  @Option(
    help: ArgumentHelp(
      "An option of the task, as name=value or name=value,value,...", valueName: "name=value"))
  var option: [String] = []
  @Option(help: "Euler step in ms; if not given, 15, or that of an .npz file.") var step: Double?
  @Option(help: "Length of a trial in ms, to which all periods are stretched.") var trial: Double?
  @Option(help: "Seed of the trials shown.") var seed: UInt64 = 0
  @Option(help: "Columns of text for a trial.") var columns = 96
  @Option(
    help: ArgumentHelp(
      "Write one trial of each condition: an .npz file, or a folder of .npy files.", valueName: "file.npz|dir"
    )) var draw: String?
  @Option(
    help: ArgumentHelp(
      "Draw the trials as a figure, by the Python tools of the repository.", valueName: "file.png")
  ) var figure: String?

  @Flag(help: "Print JSON: an array, one object a task and form; of one task an object without its trials.")
  var json =
    false

  mutating func validate() throws {
    try require("--columns", columns, in: 1...10_000)
    try requireName("--draw", draw)
    try requireName("--figure", figure)
    try require("--seed", seed, in: Bounds.seeds)
    if name == nil, draw != nil || form != nil || figure != nil || !option.isEmpty {
      throw ValidationError("--draw, --figure, --form and --option need a task: trifactor tasks NAME ...")
    }
    if let name, TaskFile.isPath(name), form != nil || !option.isEmpty {
      throw ValidationError("--form and --option belong to the program's own tasks; '\(name)' is a file")
    }
  }

  func run() throws {
    guard let name else {
      let time = TimeGrid(step: step ?? 15, trial: trial)
      if json {
        return try Console.write(printedJSON(Self.asUsage { try TaskDocument.catalogue(time: time) }))
      }
      try Console.print(Self.asUsage { try TaskReport.catalogue(time: time) }.joined(separator: "\n"))
      return
    }
    let (task, details) = try TaskFile.isPath(name) ? fileTask(name) : Self.asUsage { try namedTask(name) }
    let drawn = DrawnConditions(of: task.task, seed: seed)
    let arrays = DrawnArrays(drawn, of: task.task, name: task.name, step: task.step, weights: task.weights)
    if let draw { try NPYBundle(arrays.arrays).write(to: draw) }
    if let figure { try TaskFigure(path: figure).draw(arrays) }
    if json { return try Console.write(printedJSON(task.document)) }
    let views = drawn.trials.flatMap {
      [""] + TrialView(of: $0, task: task.task, step: task.step, columns: columns).lines
    }
    try Console.print((details + views).joined(separator: "\n"))
  }

  /// A task with what its drawn trials are to say of it.
  private struct Shown {
    var task: any LearningTask
    var name: String
    var step: Double
    /// Of the conditions; empty where they are equal.
    var weights: [Double] = []
    var form: String?
    var summary: String?
    var identity: String?

    var document: TaskDocument {
      TaskDocument(task, name: name, form: form, summary: summary, identity: identity)
    }
  }

  private func namedTask(_ name: String) throws -> (Shown, details: [String]) {
    let time = TimeGrid(step: step ?? 15, trial: trial)
    let task = try TaskCatalogue.makeTask(
      name: name, form: form, options: try Self.options(option), time: time)
    let listing = type(of: task).listing
    return (
      Shown(
        task: task, name: name, step: time.step, form: form ?? listing.forms[0], summary: listing.summary),
      TaskReport.details(of: task, form: form ?? listing.forms[0])
    )
  }

  private func fileTask(_ path: String) throws -> (Shown, details: [String]) {
    let file = try TaskReading.reader(path) { try InputFile.bytes(of: $0, kind: .task) }
    let time = TimeGrid(step: step ?? file.entry.step ?? 15, trial: trial)
    let task = try TaskReading.task(file, time: time)
    let identity = ["identity \(file.identity)"]
    switch task {
    case let task as FileTask:
      let weights = task.spec.conditions.map(\.weight)
      return (
        Shown(
          task: task, name: file.name, step: time.step, weights: Set(weights).count > 1 ? weights : [],
          identity: file.identity),
        TaskReport.details(of: task, from: path) + identity
      )
    case let task as ArrayTask:
      let weights = task.arrays.weights
      return (
        Shown(
          task: task, name: file.name, step: time.step, weights: Set(weights).count > 1 ? weights : [],
          identity: file.identity),
        TaskReport.details(of: task, from: path) + identity
      )
    default: brokenInvariant("\(path) is a task of an unknown kind")
    }
  }

  /// What a task refuses is a mistake of the command line where its name and options come from there.
  private static func asUsage<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as TaskError { throw ValidationError(error.description) }
  }

  /// name=value,value,... by name.
  static func options(_ texts: [String]) throws -> [String: [Double]] {
    var result: [String: [Double]] = [:]
    for text in texts {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let values = parts.count == 2 ? parts[1].split(separator: ",").map { Double($0) } : []
      guard parts.count == 2, !values.isEmpty, !values.contains(nil) else {
        throw ValidationError("--option '\(text)'; wanted: name=value or name=value,value,... with numbers")
      }
      guard result.updateValue(values.map { $0! }, forKey: String(parts[0])) == nil else {
        throw ValidationError("--option '\(parts[0])' is given twice; wanted: once, values joined by commas")
      }
    }
    return result
  }
}

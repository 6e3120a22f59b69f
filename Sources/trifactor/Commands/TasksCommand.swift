import ArgumentParser
import Foundation
import Launch
import Model
import ResultStore
import Tasks

/// `trifactor tasks`: what can be learned, and what it looks like.
struct TasksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tasks",
    abstract: "List the tasks, or describe one and show a trial of each condition.",
    discussion: """
      Chance is what guessing earns, shortcut what the best policy earns that ignores part of the task, ceiling \
      what an ideal observer of the noisy input earns. With --draw, one trial of each of the C conditions \
      is written: u (C, T, M), y (C, T, K), window (C, T) and condition (C).
      """)

  @Argument(help: "A task; without one, all are listed.") var name: String?
  @Option(help: "Form of the task; its default where not given.") var form: String?
  @Option(
    help: ArgumentHelp(
      "An option of the task, as name=value or name=value,value,...", valueName: "name=value"))
  var option: [String] = []
  @Option(help: "Euler step in ms.") var step = 15.0
  @Option(help: "Trial length in ms that the epochs are stretched to.") var trial: Double?
  @Option(help: "Seed of the trials shown.") var seed: UInt64 = 0
  @Option(help: "Columns of a shown trial.") var columns = 96
  @Option(
    help: ArgumentHelp(
      "Write one trial of each condition: an .npz file, or a folder of .npy files.", valueName: "file.npz|dir"
    )) var draw: String?

  mutating func validate() throws {
    try require("--columns", columns, in: 1...10_000)
    try requireName("--draw", draw)
    try require("--seed", seed, in: Bounds.seeds)
    if name == nil, draw != nil || form != nil || !option.isEmpty {
      throw ValidationError("--draw, --form and --option need a task: trifactor tasks NAME ...")
    }
  }

  func run() throws {
    let time = TimeGrid(step: step, trial: trial)
    let lines: [String]
    do {
      guard let name else {
        try Console.print(TaskReport.catalogue(time: time).joined(separator: "\n"))
        return
      }
      let task = try TaskCatalogue.makeTask(
        name: name, form: form, options: try Self.options(option), time: time)
      let drawn = DrawnConditions(of: task, seed: seed)
      if let draw { try write(drawn, of: task, to: draw) }
      lines =
        TaskReport.details(of: task, form: form ?? type(of: task).listing.forms[0])
        + drawn.trials.flatMap { [""] + TrialView(of: $0, task: task, step: step, columns: columns).lines }
    } catch let error as TaskError {
      throw ValidationError(error.description)
    }
    try Console.print(lines.joined(separator: "\n"))
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

  private func write(_ drawn: DrawnConditions, of task: any CatalogueTask, to path: String) throws {
    let trials = drawn.trials
    let (count, steps) = (trials.count, task.steps)
    let arrays: [(name: String, array: NPYArray)] = [
      ("u", NPYArray(trials.flatMap { $0.inputs.map(Double.init) }, shape: [count, steps, task.inputs])),
      ("y", NPYArray(trials.flatMap { $0.target.map(Double.init) }, shape: [count, steps, task.outputs])),
      (
        "window",
        NPYArray(
          trials.flatMap { trial in (0..<steps).map { trial.window.contains($0) ? 1 : 0 } },
          shape: [count, steps])
      ),
      ("condition", NPYArray(trials.map(\.condition), shape: [count])),
    ]
    try NPYBundle(arrays).write(to: path)
  }
}

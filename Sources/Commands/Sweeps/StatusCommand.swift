import Ablation
import ArgumentParser
import Foundation
import Launch
import Model
import Reports
import ResultStore
import Sweep

/// `trifactor status`: how far a sweep is, from any terminal or node, while it runs or not.
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract:
      "Show the progress of a sweep: cells done, running, failed and diverged, rates and the time left.",
    discussion: """
      --watch shows it again every few seconds, with every cell that is at work: its settings on the axes, its \
      meta-iteration and the mean reward of that. It only reads the folder, and ends when the sweep is finished, or by ^C.
      """)

  @Argument(help: ArgumentHelp("Folders of results.", valueName: "[NAME=]DIR")) var folders: [String]
  @Flag(help: "Print JSON: an object for one folder, an array for several.") var json = false
  @Flag(help: "Show the progress, and every cell at work, again and again until the sweep is finished.")
  var watch = false
  @Option(help: "With --watch: seconds from one look to the next; 5 if not given.") var every: Double?

  func validate() throws {
    guard every == nil || watch else {
      throw ValidationError("--every has no effect alone; wanted: --watch beside it")
    }
    guard !(watch && json) else { throw ValidationError("--watch and --json exclude each other; give one") }
    // A day.
    try require("--every", every, in: 0.1...86_400)
  }

  func run() throws {
    if watch { return try runWatch() }
    let reports = try namedFolders().map { folder in
      var report = try StatusReport(folder: folder.path)
      report.label = folder.name
      return report
    }
    if json {
      try Console.write(reports.count == 1 ? printedJSON(reports[0]) : printedJSON(reports))
    } else {
      let parts = reports.map { $0.lines } + (reports.count > 1 ? [[StatusReport.summary(of: reports)]] : [])
      try Console.print(parts.map { $0.joined(separator: "\n") }.joined(separator: "\n\n"))
    }
  }

  private func namedFolders() throws -> [ResultFolder] {
    try ResultFolders.asUsage { try ResultFolder.all(folders) }
  }

  private func runWatch() throws {
    var labels: [String: CellLabels] = [:]
    while true {
      var isFinished = true
      let looks = try namedFolders().map { folder in
        let reader = try StoreReader(folder.path)
        var status = try StatusReport(reader, named: folder.path)
        status.label = folder.name
        let known = labels[folder.path] ?? CellLabels(of: reader)
        labels[folder.path] = known
        isFinished = isFinished && status.isFinished
        return try status.lines + WorkingCells(reader, status: status, labels: known).lines
      }
      Console.clearTerminal()
      try Console.print(looks.map { $0.joined(separator: "\n") }.joined(separator: "\n\n"))
      if isFinished || Console.isUnread { return }
      if !Console.isTerminal { try Console.print("") }
      Thread.sleep(forTimeInterval: every ?? 5)
    }
  }
}

import ArgumentParser
import Foundation
import Model
import Reports
import ResultStore
import Sweep

/// `trifactor status`: how far a sweep is, from any terminal or node, while it runs or not.
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract:
      "Show the progress of a sweep: cells done, running, failed and diverged, rates and the time left.")

  @Argument(help: "Folders of results.") var folders: [String]
  @Flag(help: "Print JSON: an object for one folder, an array for several.") var json = false

  func run() throws {
    let reports = try folders.map { try StatusReport(folder: $0) }
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      let data = try reports.count == 1 ? encoder.encode(reports[0]) : encoder.encode(reports)
      try Console.print(String(decoding: data, as: UTF8.self))
    } else {
      try Console.print(reports.map { $0.lines.joined(separator: "\n") }.joined(separator: "\n\n"))
    }
  }
}

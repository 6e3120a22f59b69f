import Ablation
import ArgumentParser
import Foundation

/// `trifactor table`: an ablation table of one or several result folders.
struct TableCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "table",
    abstract: "Print an ablation table with intervals, reference policies and all that went wrong.",
    discussion: """
      Every number is from fresh networks under the learned rule. A run is one cell of the sweep, its score \
      the mean of its networks; an entry is the interquartile mean of its runs with a 95 % \
      stratified-bootstrap interval. Rows and columns are settings by their dotted path. A sweep that is \
      still running gives a table marked PARTIAL.
      """)

  @OptionGroup var outcomes: OutcomeOptions

  @Option(help: "Setting whose values are the rows.")
  var rows = "rule.degree"

  @Option(help: "Setting whose values are the columns.")
  var columns = "task"

  func run() throws {
    try ResultFolders(outcomes.folders).answer { found in
      let request = TableRequest(
        rows: rows, columns: columns, metric: outcomes.metric, filters: try outcomes.settingFilters(),
        bestOf: outcomes.bestOf, resamples: outcomes.resamples)
      return try AblationTable(request, of: found).printed(as: outcomes.format)
    }
  }
}

extension Metric: ExpressibleByArgument {}
extension TableFormat: ExpressibleByArgument {}

/// Reads result folders, prints what they answer, and says on standard error what was left out.
struct ResultFolders {
  var paths: [String]

  init(_ paths: [String]) { self.paths = paths }

  /// - Throws: `UsageError` for a question that the results cannot answer; `StoreError` as it is.
  func answer(_ question: (OutcomeSelection) throws -> String) throws {
    let loaded = try LoadedOutcomes(folders: paths)
    for line in loaded.notes { FileHandle.standardError.write(Data("note: \(line)\n".utf8)) }
    do {
      let answer = try question(loaded.selection)
      FileHandle.standardOutput.write(Data(answer.utf8))
    } catch let error as AblationError {
      throw UsageError(description: error.description)
    }
  }
}

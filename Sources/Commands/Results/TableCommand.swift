import Ablation
import ArgumentParser
import Foundation
import Model

/// `trifactor table`: an ablation table of one or several result folders.
struct TableCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "table",
    abstract:
      "Print an ablation table with intervals, reference policies, and all cells that did not end well.",
    discussion: """
      All numbers come from fresh networks under the learned rule. A run is one seed; its score is the mean over \
      its networks (and over the settings that an entry pools). An entry is the interquartile mean of its runs with a 95 % \
      stratified-bootstrap interval. Late accuracy and late reward are means over the last fifth of a lifetime's \
      trials, after most of the learning. Rows and columns are settings, by their dotted paths. The table of a sweep \
      that is still running is marked PARTIAL. A folder that has lost records of finished cells is refused.
      """)

  @OptionGroup var outcomes: OutcomeOptions

  @Option(help: "Setting whose values are the rows.")
  var rows = "rule.degree"

  @Option(help: "Setting whose values are the columns.")
  var columns = "task"

  func run() throws {
    try ResultFolders(outcomes.folders, allPlans: outcomes.allPlans).answer { found in
      let request = TableRequest(
        rows: rows, columns: columns, metric: outcomes.metric, filters: try outcomes.settingFilters(),
        bestOf: outcomes.bestOf, resamples: outcomes.resamples)
      return try AblationTable(request, of: found).printed(as: outcomes.format)
    }
  }
}

extension Metric: ExpressibleByArgument {}
extension TableFormat: ExpressibleByArgument {}

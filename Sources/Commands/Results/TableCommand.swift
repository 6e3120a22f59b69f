import Ablation
import ArgumentParser
import Foundation
import Model
import Reports

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

      Several --metric make one table, a line for every row and metric. Folders named NAME=DIR, or by their last component \
      where a question is about `folder`, are compared: --columns folder. The same cell may then be in several of them.

      --curves prints accuracy or reward over the lifetime instead, in the parts that are stored; --dynamics what \
      `trifactor dynamics` has stored of fixed points and their linear dynamics; --alignment what `trifactor evaluate \
      --alignment` has stored in its --out (rows: evaluate.contender). Figures draw these numbers.
      """)

  @OptionGroup var outcomes: OutcomeOptions

  @Option(help: "Setting whose values are the rows.")
  var rows = "rule.degree"

  @Option(help: "Setting whose values are the columns.")
  var columns = "task"

  @Flag(help: "Learning curves: the metric (accuracy or reward) over the lifetime.")
  var curves = false

  @Flag(help: "Means of what `trifactor dynamics` has stored; --metric has no part in it.")
  var dynamics = false

  @Flag(help: "Means of what `trifactor evaluate --alignment` has stored; --metric has no part in it.")
  var alignment = false

  func validate() throws {
    let kinds = [(curves, "--curves"), (dynamics, "--dynamics"), (alignment, "--alignment")]
    let given = kinds.filter(\.0).map(\.1)
    guard given.count <= 1 else {
      throw ValidationError("\(given.joined(separator: " and ")) exclude each other; give one")
    }
    if let kind = given.first { try outcomes.requireOneMetric(kind) }
  }

  func run() throws {
    let folders = try ResultFolders.asUsage {
      try outcomes.resultFolders(asking: [rows, columns], curves: curves ? outcomes.metric : nil)
    }
    try folders.answer { found in
      let request = TableRequest(
        rows: rows, columns: columns, metric: outcomes.metric, filters: try outcomes.settingFilters(),
        bestOf: outcomes.bestOf, resamples: outcomes.resamples)
      if curves { return try LearningCurves(request, of: found).printed(as: outcomes.format) }
      if dynamics {
        return try DynamicsTable(request, folders: folders.folders, of: found).printed(as: outcomes.format)
      }
      if alignment {
        return try AlignmentTable(request, folders: folders.folders, of: found).printed(as: outcomes.format)
      }
      if outcomes.metrics.count > 1 {
        return try MetricTables(request, metrics: outcomes.metrics, of: found).printed(as: outcomes.format)
      }
      return try AblationTable(request, of: found).printed(as: outcomes.format)
    }
  }
}

extension Metric: ExpressibleByArgument {}
extension TableFormat: ExpressibleByArgument {}

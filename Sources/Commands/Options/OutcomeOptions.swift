import Ablation
import ArgumentParser

/// What `table` and `compare` are both told: which results, what is measured, how it is printed.
struct OutcomeOptions: ParsableArguments {
  @Argument(help: "Folders of results; a cell that several of them hold counts once.")
  var folders: [String]

  @Option(help: "What is measured; accuracy and reward are means over the last fifth of the trials.")
  var metric = Metric.accuracy

  @Option(help: "Output format.")
  var format = TableFormat.text

  @Option(
    name: .customLong("where"),
    help: "Only cells with this setting: PATH=VALUE or PATH=VALUE|VALUE; may be repeated.")
  var filters: [String] = []

  @Option(
    help: ArgumentHelp(
      "A setting with several starts (rule.eta): of the cells that differ only in it, the best on validation counts, "
        + "with the lifetimes of all.", valueName: "PATH"))
  var bestOf: String?

  @Flag(help: "Include the cells that earlier versions of the sweep file had; `status` names them.")
  var allPlans = false

  @Option(help: "Number of bootstrap resamples.")
  var resamples = Statistics.standardResamples

  func validate() throws {
    try require("--resamples", resamples, in: Bounds.resamples)
  }

  /// The filters, read.
  func settingFilters() throws -> [SettingFilter] { try filters.map(SettingFilter.init(parsing:)) }
}

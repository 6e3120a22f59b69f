import Ablation
import ArgumentParser

/// What `table` and `compare` are both told: which results, what is measured, how it is printed.
struct OutcomeOptions: ParsableArguments {
  @Argument(help: "Result folders; cells that several of them hold count once.")
  var folders: [String]

  @Option(help: "What is measured; accuracy and reward are late ones, of the last fifth of the trials.")
  var metric = Metric.accuracy

  @Option(help: "Output format.")
  var format = TableFormat.text

  @Option(name: .customLong("where"), help: "Only cells with this setting: PATH=VALUE or PATH=VALUE|VALUE.")
  var filters: [String] = []

  @Option(
    help: ArgumentHelp(
      "A setting with several starts (rule.eta): of cells that differ in it alone the best on validation counts, with "
        + "the lifetimes of all.", valueName: "PATH"))
  var bestOf: String?

  @Flag(help: "With the cells that earlier versions of the sweep file had, which `status` names.")
  var allPlans = false

  @Option(help: "Bootstrap resamples.")
  var resamples = Statistics.standardResamples

  func validate() throws {
    try require("--resamples", resamples, in: Bounds.resamples)
  }

  /// The filters, read.
  func settingFilters() throws -> [SettingFilter] { try filters.map(SettingFilter.init(parsing:)) }
}

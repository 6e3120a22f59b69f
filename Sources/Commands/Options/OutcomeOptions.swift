import Ablation
import ArgumentParser

/// What `table` and `compare` are both told: which results, what is measured, how it is printed.
struct OutcomeOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Folders of results; a cell that several of them hold counts once. As NAME=DIR, or where `folder` is asked for, the "
        + "folder is a setting of its cells.", valueName: "[NAME=]DIR"))
  var folders: [String]

  @Option(
    name: .customLong("metric"),
    help: ArgumentHelp(
      "What is measured; accuracy, where none is given. Accuracy and reward are means over the last fifth of the trials. "
        + "`table` takes several.", valueName: "metric"))
  var metrics: [Metric] = []

  @Option(name: .customLong("format"), help: "Output format; text if not given.")
  var wantedFormat: TableFormat?

  @Flag(help: "The same as --format json.")
  var json = false

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
    if json, let wantedFormat, wantedFormat != .json {
      throw ValidationError("--json and --format \(wantedFormat.rawValue) exclude each other; give one")
    }
    if let twice = metrics.first(where: { metric in metrics.count { $0 == metric } > 1 }) {
      throw ValidationError("--metric \(twice.rawValue) is given twice; wanted: once")
    }
  }

  /// The only metric, or the first.
  var metric: Metric { metrics.first ?? .accuracy }

  var format: TableFormat { wantedFormat ?? (json ? .json : .text) }

  /// - Throws: `ValidationError` for several metrics.
  func requireOneMetric(_ what: String) throws {
    guard metrics.count <= 1 else {
      throw ValidationError("--metric is given \(metrics.count) times, and \(what) takes one; give one")
    }
  }

  /// - Parameter settings: those that the question is about, besides filters.
  func resultFolders(asking settings: [String?], curves: Metric? = nil) throws -> ResultFolders {
    let asked = settings.compactMap { $0 } + (try settingFilters().map(\.path)) + [bestOf].compactMap { $0 }
    return try ResultFolders(
      ResultFolder.all(folders, isAsked: asked.contains(ResultFolder.setting)), allPlans: allPlans,
      curves: curves)
  }

  /// The filters, read.
  func settingFilters() throws -> [SettingFilter] { try filters.map(SettingFilter.init(parsing:)) }
}

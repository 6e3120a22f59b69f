import Ablation
import ArgumentParser

/// `trifactor compare`: one setting's values against a baseline, paired by seed and network.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare the values of a setting with a baseline, paired by seed and network.",
    discussion: """
      Cells of the same seed see the same fresh networks, trials and noise, so differences are taken network by \
      network. Prints the mean difference with paired-bootstrap intervals over seeds and over networks, Wilcoxon's \
      signed-rank p, the same adjusted by Holm over the whole output, the probability of improvement, and which \
      differences so many pairs cannot tell.
      """)

  @Argument(help: "Result folders; cells that several of them hold count once.")
  var folders: [String]

  @Option(help: "Setting that is compared.")
  var axis: String

  @Option(help: "Its value that the others are compared with.")
  var baseline: String

  @Option(help: "Setting that splits the comparison into groups.")
  var by = "task"

  @Option(help: "What is compared.")
  var metric = Metric.accuracy

  @Option(help: "Output format.")
  var format = TableFormat.text

  @Option(name: .customLong("where"), help: "Only cells with this setting: PATH=VALUE or PATH=VALUE|VALUE.")
  var filters: [String] = []

  @Option(help: "Bootstrap resamples.")
  var resamples = Statistics.standardResamples

  func validate() throws {
    guard resamples >= 1 else { throw ValidationError("--resamples \(resamples): at least 1 is needed") }
  }

  func run() throws {
    try ResultFolders(folders).answer { outcomes in
      let request = ComparisonRequest(
        axis: axis, baseline: baseline, by: by, metric: metric,
        filters: try filters.map(SettingFilter.init(parsing:)), resamples: resamples)
      return try Comparison(request, of: outcomes).printed(as: format)
    }
  }
}

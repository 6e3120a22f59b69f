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

  @OptionGroup var outcomes: OutcomeOptions

  @Option(help: "Setting that is compared.")
  var axis: String

  @Option(help: "Its value that the others are compared with.")
  var baseline: String

  @Option(help: "Setting that splits the comparison into groups.")
  var by = "task"

  func run() throws {
    try ResultFolders(outcomes.folders).answer { found in
      let request = ComparisonRequest(
        axis: axis, baseline: baseline, by: by, metric: outcomes.metric,
        filters: try outcomes.settingFilters(), resamples: outcomes.resamples)
      return try Comparison(request, of: found).printed(as: outcomes.format)
    }
  }
}

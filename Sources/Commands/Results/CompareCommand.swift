import Ablation
import ArgumentParser
import Foundation
import Kernels
import Launch
import MPI
import Model
import Sweep

/// `trifactor compare`: one setting's values against a baseline, or learned rules against a rival tuned as hard.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare the values of a setting, or learned rules with a rival that is tuned as hard.",
    discussion: """
      --axis and --baseline: cells of the same seed see the same fresh networks, trials and noise, so differences are \
      taken network by network. Prints the mean difference with paired-bootstrap intervals over seeds and over \
      networks, Wilcoxon's signed-rank p, the same adjusted by Holm over the whole output, the probability of \
      improvement, and the smallest difference that so many pairs can detect. --axis folder compares folders: the \
      same cell, or cells that differ in what tells the folders apart.

      --against RULE --equal-budget: RULE is a hand-made rule (miconi, miconi-13, linear), a rule file or a rival \
      learner. For every learned rule of the folder, evolution tunes the constants of RULE in the same configuration and \
      with the same seed, from several starts, each with at least as many lifetimes as the rule was learned with, and \
      then once more with twice as many. The start that does best on validation networks is tested with the learned rule \
      on the same fresh networks of every seed. Each row says whether the gap survives. Runs alone or under mpirun; after \
      an interruption the same command continues, and SIGUSR1 stops it with exit code 75.
      """)

  @OptionGroup var outcomes: OutcomeOptions

  @Option(help: "Setting whose values are compared.")
  var axis: String?

  @Option(
    help: "Value that the others are compared with; if not given, the setting's default, or the first value.")
  var baseline: String?

  @Option(help: "Setting that splits the comparison into groups.")
  var by = "task"

  @Option(help: "A hand-made rule, rule file or rival learner that learned rules are compared with.")
  var against: String?

  @Flag(
    help: "Tune the --against rule with as many lifetimes as each learned rule took, and with twice as many.")
  var equalBudget = false

  @Option(help: "With --against: number of fresh networks of every seed; 200 if not given.")
  var networks: Int?

  @Option(
    help:
      "With --against: factors of eta at which its searches start, joined by commas; 0.333,1,3 if not given.")
  var starts: String?

  @Option(
    help:
      "With --against: constants to tune, joined by commas; if not given, all that are on and have an effect."
  )
  var tune: String?

  @Option(help: "With --against: folder of its searches and tests; if not given, DIR/against-RULE.")
  var out: String?

  @Option(help: "With --against: number of ranks that share a search, or auto.")
  var ranksPerCell = RanksPerCell.always(1)

  func validate() throws {
    try outcomes.requireOneMetric("compare")
    guard against != nil else {
      if equalBudget {
        throw ValidationError(
          "--equal-budget has no rival; wanted: --against RULE, such as --against miconi --equal-budget")
      }
      let idle =
        [("--networks", networks != nil), ("--starts", starts != nil)]
        + [("--tune", tune != nil), ("--out", out != nil)]
      if let (option, _) = idle.first(where: { $0.1 }) {
        throw ValidationError("\(option) has no effect without a rival; wanted: --against RULE beside it")
      }
      // As the parser says it of an option that may not be left out.
      if axis == nil { throw ValidationError("Missing expected argument '--axis <axis>'") }
      return
    }
    guard equalBudget else {
      throw ValidationError(
        "--against compares with a rival that is tuned as hard; wanted: --equal-budget beside it, or "
          + "`trifactor evaluate --rule` for one as it is")
    }
    guard axis == nil, baseline == nil else {
      throw ValidationError("--against and --axis are two comparisons; wanted: one of them")
    }
    guard outcomes.folders.count == 1 else {
      throw ValidationError("--against takes one folder of results, and \(outcomes.folders.count) are given")
    }
    try require("--networks", networks, in: 2...Bounds.networks.upperBound)
    try ranksPerCell.requireBounds()
    try requireName("--out", out)
    _ = try startFactors()
  }

  private func startFactors() throws -> [Double] {
    let starts = starts ?? "0.333,1,3"
    let factors = starts.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) ?? .nan }
    guard factors.allSatisfy({ $0 > 0 && $0.isFinite }), Set(factors).count == factors.count else {
      throw ValidationError("--starts is \(starts); wanted: different numbers above 0, such as 0.333,1,3")
    }
    for factor in factors { try require("--starts", factor, in: 1e-6...1e6) }
    guard factors.count <= 100 else {
      throw ValidationError("--starts has \(factors.count) numbers; wanted: at most 100")
    }
    return factors
  }

  func run() throws {
    if let against { return try run(against: against) }
    guard let axis else { brokenInvariant("validate lets nothing through without an axis") }
    try ResultFolders.asUsage { try outcomes.resultFolders(asking: [axis, by]) }.answer { found in
      let request = ComparisonRequest(
        axis: axis, baseline: baseline, standard: Self.standard(of: axis), by: by, metric: outcomes.metric,
        filters: try outcomes.settingFilters(), bestOf: outcomes.bestOf, resamples: outcomes.resamples)
      return try Comparison(request, of: found).printed(as: outcomes.format)
    }
  }

  /// The value a setting has where a sweep file does not give it; nil for what is no setting.
  private static func standard(of path: String) -> String? {
    SettingsSchema.trifactor.definitions.first { $0.path == path }?.standard
  }

  private func run(against rule: String) throws {
    let tuned = tune?.split(separator: ",").map(String.init) ?? []
    if let wrong = tuned.first(where: { !ConstantSetting.names.contains($0) }) {
      throw UsageError(
        "--tune '\(wrong)' is no constant; wanted: " + ConstantSetting.names.joined(separator: ", "))
    }
    guard outcomes.metric != .trialsToCriterion else {
      throw UsageError(
        "--metric trials-to-criterion has no mean difference; with --against wanted: accuracy, reward, "
          + "normalised-accuracy, accuracy-area or reward-area")
    }
    let request = try FairRequest(
      folder: outcomes.folders[0], rule: rule, tuned: tuned, starts: try startFactors(), out: out,
      networks: networks ?? 200, metric: outcomes.metric, filters: try outcomes.settingFilters(),
      bestOf: outcomes.bestOf, resamples: outcomes.resamples)
    let level = try SIMDLevel.resolve(environment: ProcessInfo.processInfo.environment)
    Signals.listen()
    let code = MPI.run(exitCode: Failure.code(of:)) { world in
      try FairLaunch(request, ranksPerCell: ranksPerCell, level: level, world: world).run { comparison in
        try Console.write(comparison.printed(as: outcomes.format))
      }
    }
    throw ExitCode(code)
  }
}

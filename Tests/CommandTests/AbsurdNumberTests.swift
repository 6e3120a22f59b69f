import Foundation
import TestSupport
import Testing

/// Numbers that no machine can hold or that would never end: each option says what it takes, at once.
@Suite(.startsPrograms) struct AbsurdNumberTests {
  private static let huge = "9223372036854775807"

  /// Command, option, values that are refused, and what the message ends with. `OUT` is a folder of results.
  static let cases: [(command: String, option: String, values: [String], wanted: String)] = [
    ("plan SWEEP", "--ranks", ["10000000000", huge], "wanted: at most 1000000"),
    ("plan SWEEP --ranks 2", "--ranks-per-cell", ["10000000000", huge], "wanted: at most 1000000"),
    ("plan SWEEP", "--rate", ["1e308", "inf"], "--rate is"),
    ("plan SWEEP --slurm", "--rate", ["1e-308"], "wanted: at least 1e-06"),
    ("simulate SWEEP", "--ranks", ["1000000000", "4,\(huge)"], "wanted: at most 1000000"),
    ("simulate SWEEP", "--ranks-per-cell", ["1000000000", huge], "wanted: at most 1000000"),
    ("simulate SWEEP", "--copies", ["1000000000", huge], "wanted: at most 10000000"),
    ("simulate SWEEP", "--copies", ["9999999"], "x 2 cells; wanted: at most 10000000 in all"),
    ("simulate SWEEP", "--failures", ["-1", "nan", "1e308"], "--failures is"),
    ("simulate SWEEP", "--restart", ["1e308", "inf"], "wanted: at most 86400.0"),
    ("simulate SWEEP", "--look", ["1e308"], "wanted: at most 86400.0"),
    ("simulate SWEEP", "--capacity", ["0", "1e308"], "--capacity is"),
    ("run SWEEP --out NEW", "--ranks-per-cell", ["10000000000", huge], "wanted: at most 1000000"),
    ("run SWEEP --out NEW", "--patience", ["1e308", "nan"], "--patience is"),
    ("run SWEEP --out NEW", "--state-every", ["1e308", "nan", "-1"], "wanted: 0 to 10 seconds"),
    ("table OUT", "--resamples", ["10000000000", huge], "wanted: at most 1000000"),
    ("compare OUT --axis rule.degree", "--resamples", ["10000000000", huge], "wanted: at most 1000000"),
    (
      "compare OUT --against linear --equal-budget --out NEW", "--networks", ["10000000000", huge],
      "at most 1000000"
    ),
    (
      "compare OUT --against linear --equal-budget --out NEW", "--starts", ["1e308", "1e-308"], "--starts is"
    ),
    ("compare OUT --against linear --equal-budget --out NEW", "--ranks-per-cell", [huge], "at most 1000000"),
    ("evaluate SWEEP", "--networks", ["10000000000", huge, "0"], "--networks is"),
    ("evaluate SWEEP", "--seed", ["18446744073709551615"], "wanted: at most 9007199254740991"),
    (
      "evaluate SWEEP --alignment", "--alignment-draws", ["10000000000", huge, "1"], "--alignment-draws is"
    ),
    (
      "evaluate SWEEP --alignment", "--alignment-points", ["10000000000", huge, "0"], "--alignment-points is"
    ),
    ("rule OUT --prune", "--margin", ["nan", "1e308", "-1"], "--margin is"),
    ("rule OUT --prune", "--lifetimes", ["10000000000", huge, "0"], "--lifetimes is"),
    ("rule OUT --prune", "--networks", ["10000000000", huge, "1"], "--networks is"),
    ("audit SWEEP", "--horizons", ["0", "1,1", "20,x", huge], "--horizons is '"),
    ("lifetime SWEEP --alignment", "--alignment-draws", ["65537"], "wanted: at most 65536"),
    ("lifetime SWEEP", "--trials", ["1000000000", huge], "wanted: at most 10000000"),
    ("lifetime SWEEP", "--trials", ["9999999"], "every number of them is kept"),
    ("audit SWEEP", "--trials", ["10000000000", huge], "wanted: at most 100000"),
    ("audit SWEEP", "--samples", ["10000000000", huge, "3"], "--samples is"),
    ("tasks cue-association", "--columns", ["10000000000", huge], "wanted: at most 10000"),
    ("tasks cue-association", "--seed", ["18446744073709551615"], "wanted: at most 9007199254740991"),
    ("tasks cue-association", "--step", ["1e-308", "1e308", "nan"], "step"),
    ("tasks cue-association", "--trial", ["1e308", "inf"], "trial"),
    ("validate rflo", "--networks", ["10000000000", huge], "wanted: at most 1000000"),
    ("validate rflo", "--trials", ["10000000000", huge], "wanted: at most 10000000"),
    ("validate rflo --networks 1000", "--trials", ["1000000"], "x 1000000 errors; wanted: at most 268435456"),
    ("validate miconi-dnms --networks 1", "--eta", ["nan", "inf", "-1"], "--eta is"),
    ("validate miconi-dnms --networks 1", "--weight-noise", ["nan", "-1"], "--weight-noise is"),
    ("bench", "--samples", ["10000000000", huge], "wanted: at most 10000"),
    ("bench", "--trials", ["10000000000", huge], "wanted: at most 100000"),
    ("bench", "--sizes", ["\(huge),1,1", "1,\(huge),1", "8,8,99", "8,8,5-1"], "--sizes"),
    ("dynamics OUT", "--starts", ["10000000000", huge], "wanted: at most 1000000"),
    ("dynamics OUT", "--points", ["10000000000", huge], "wanted: at most 10000"),
    ("dynamics OUT", "--network", ["10000000000", huge], "wanted: 0, 1, ..."),
  ]

  private static let good = Result {
    let folder = try TemporaryFolder("absurd")
    _ = try TwoCellSweep.run(in: folder)
    return folder
  }

  @Test(arguments: cases.indices) func isRefusedAtOnce(_ place: Int) throws {
    let (command, option, values, wanted) = Self.cases[place]
    let folder = try Self.good.get()
    for value in values {
      let words = command.split(separator: " ").map { word in
        switch word {
        case "OUT": folder.file("OUT")
        case "SWEEP": folder.file("tiny.yaml")
        case "NEW": folder.file("new")
        default: String(word)
        }
      }
      let result = try run([try Repository.program("trifactor")] + words + ["\(option)=\(value)"], limit: 30)
      #expect(result.code == 64, "\(result)")
      #expect(result.errors.contains(wanted), "\(result)")
      #expect(result.output.isEmpty && !folder.contents.contains("new"), "\(result)")
    }
  }

  /// A job that dies faster than it works is said never to end.
  @Test(arguments: ["0.001", "1e-9", "1e-300"]) func deathsWithoutEnd(_ hours: String) throws {
    let sweep = Repository.path + "/sweeps/degree-ablation.yaml"
    let result = try trifactor("simulate", sweep, "--ranks", "16,256", "--failures", hours, limit: 60)
    #expect(result.code == 0, "\(result)")
    #expect(
      result.output.split(separator: "\n").dropFirst(2).allSatisfy { $0.contains(" never ") }, "\(result)")
    #expect(result.errors.contains("gets next to nothing done in between: it never ends"), "\(result)")
    let rare = try trifactor("simulate", sweep, "--ranks", "16", "--failures", "1000", limit: 60)
    #expect(!rare.output.contains("never") && rare.errors.isEmpty, "\(rare)")
  }

  /// Settings at their bounds, all at once: planned with numbers, and no batch job.
  @Test func theLargestSweepIsPlanned() throws {
    let folder = try TemporaryFolder()
    let sweep = try folder.write(
      """
      name: largest
      base:
        trials: 10000000
        network.units: 65536
        rule.degree: 8
        meta: {lifetimes: 1000000, iterations: 10000000, validation-networks: 1000000, horizon: none}
        evaluation: {networks: 1000000, criterion: {correct: 1, of: 1}}
      """, to: "largest.yaml")
    let plan = try trifactor("plan", sweep, "--ranks", "1000000")
    #expect(plan.code == 0 && plan.output.contains(" days on 1000000 ranks"), "\(plan)")
    let job = try trifactor("plan", sweep, "--slurm")
    #expect(job.code == 64 && job.errors.contains("no batch system runs a job for so long"), "\(job)")
    let played = try trifactor("simulate", sweep, "--ranks", "1,1000000")
    #expect(played.code == 0 && played.output.contains("for ever"), "\(played)")
  }
}

import Foundation
import Glibc
import TestSupport
import Testing

/// `compare DIR --against RULE --equal-budget` as a user runs it: tiny searches, under mpirun, interrupted and resumed.
@Suite(.startsPrograms) struct CompareAgainstTests {
  static let text = """
    name: learned
    base:
      trials: 30
      network: {units: 16}
      meta: {iterations: 6, lifetimes: 4, validation-networks: 4, validation-every: 3}
      evaluation: {networks: 4, criterion: {correct: 8, of: 10}}
    axes:
      task: [cue-association, delayed-xor]
      rule.degree: [1, 3]
      seed: 0..<2

    """

  private static let learned: Result<TinySweep, any Error> = Result {
    let sweep = try TinySweep(text)
    let result = try TestSupport.run(sweep.arguments(), limit: 240)
    guard result.code == 0 else { throw ProcessFailure("\(result)") }
    return sweep
  }

  private func arguments(_ sweep: TinySweep, _ rule: String, out: String, _ more: [String] = []) throws
    -> [String]
  {
    [
      try Repository.program("trifactor"), "compare", sweep.out, "--against", rule, "--equal-budget",
      "--networks",
      "6", "--out", sweep.folder.file(out),
    ] + more
  }

  private func rows(_ output: String) throws -> [[String: Any]] {
    let report = try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any]
    return try #require(report?["rows"] as? [[String: Any]])
  }

  /// The same bytes on any number of ranks, and on a second run that computes nothing.
  @Test
  func isTheSameOnAnyNumberOfRanks() throws {
    let sweep = try Self.learned.get()
    let alone = try run(arguments(sweep, "miconi", out: "one", ["--format", "json"]), limit: 240)
    #expect(alone.code == 0, "\(alone)")
    for ranks in [2, 3] {
      let result = try runRanks(
        ranks, arguments(sweep, "miconi", out: "ranks\(ranks)", ["--format", "json"]), limit: 240)
      #expect(result.code == 0 && result.output == alone.output, "\(result)")
    }
    let again = try run(arguments(sweep, "miconi", out: "one", ["--format", "json"]))
    #expect(again.code == 0 && again.output == alone.output && again.errors.contains("0 of"), "\(again)")
    let kept = try Data(contentsOf: URL(fileURLWithPath: sweep.folder.file("one/comparison.json")))
    #expect(String(decoding: kept, as: UTF8.self) == alone.output, "what reports take is what was printed")

    let rows = try rows(alone.output)
    #expect(rows.count == 8)
    #expect(
      rows.map { $0["budget"] as? String } == Array(repeating: ["equal", "doubled"], count: 4).flatMap { $0 })
    for row in rows {
      #expect(row["seeds"] as? Int == 2 && row["networks"] as? Int == 12)
      let own = try #require(row["search_lifetimes"] as? Double)
      let rival = try #require(row["baseline_search_lifetimes"] as? Double)
      let budget = row["budget"] as? String == "equal" ? 1.0 : 2.0
      // 6 x 4 and four validations of 4; three starts of at least as many each.
      #expect(own == 40 && rival >= 3 * budget * own && rival < 3 * budget * own + 3 * 12)
      let verdicts = ["gap survives", "gap closes", "rival ahead"]
      #expect(verdicts.contains(row["verdict"] as? String ?? ""))
    }
    #expect(try trifactor("verify", sweep.folder.file("one/search")).code == 0)
    #expect(try trifactor("verify", sweep.folder.file("one/evaluation")).code == 0)
    // The searches are an ordinary sweep: 2 tasks x 2 seeds x 3 starts x 2 budgets, shared by both degrees.
    let status = try trifactor("status", sweep.folder.file("one/search"))
    #expect(status.output.contains("24"), "\(status)")
    // In the comparison the learned rules meet networks of their own seed, the first four of which their cells have met.
    #expect(try trifactor("verify", sweep.out).code == 0)
  }

  @Test
  func interruptedAndResumed() throws {
    let sweep = try Self.learned.get()
    let more = ["--format", "csv", "--where", "rule.degree=3", "--starts", "1,3"]
    let whole = try run(arguments(sweep, "node-perturbation", out: "whole", more), limit: 240)
    #expect(whole.code == 0 && whole.output.split(separator: "\n").count == 5, "\(whole)")
    var deaths = 0
    let out = sweep.folder.file("cut")
    for (launch, growth) in [1, 4_000, 10_000].enumerated() {
      let command = try arguments(sweep, "node-perturbation", out: "cut", more)
      guard let process = try sweep.launch(command, ranks: 1 + launch, until: growth, in: out) else { break }
      let ranks = sweep.ranks(naming: out)
      guard let victim = ranks[launch] ?? ranks[0] else { break }
      if kill(victim, SIGKILL) == 0 { deaths += 1 }
      _ = try process.wait()
      sweep.waitForRanks(naming: out)
    }
    let last = try runRanks(2, arguments(sweep, "node-perturbation", out: "cut", more), limit: 240)
    #expect(last.code == 0 && last.output == whole.output, "\(last)")
    #expect(deaths >= 1, "nothing was interrupted")
  }

  /// Of two degrees as of two starts of one search: the better one on validation, and the lifetimes of both.
  @Test
  func theBestOfSeveralStartsIsCompared() throws {
    let sweep = try Self.learned.get()
    let result = try run(
      arguments(
        sweep, "linear", out: "best",
        ["--format", "json", "--best-of", "rule.degree", "--starts", "1", "--where", "task=delayed-xor"]),
      limit: 240)
    #expect(result.code == 0, "\(result)")
    let rows = try rows(result.output)
    #expect(rows.count == 2 && rows.allSatisfy { $0["search_lifetimes"] as? Double == 80 })
    #expect(rows.allSatisfy { $0["learned"] as? String == "task=delayed-xor" })
    #expect(rows.allSatisfy { ($0["baseline_search_lifetimes"] as? Double ?? 0) >= 80 })
  }

  /// The rival is tuned, not only tested: a rule file that starts far off moves its constants.
  @Test
  func aRuleFileIsARival() throws {
    let sweep = try Self.learned.get()
    let file = try sweep.folder.write(
      "degree: 3\ntheta: {k3l3: -1}\nconstants: {eta: 0.5}\n", to: "cubic.yaml")
    let result = try run(
      arguments(
        sweep, file, out: "file",
        [
          "--where", "task=cue-association", "--where", "rule.degree=1", "--tune", "eta", "--metric",
          "reward-area",
        ]),
      limit: 240)
    #expect(result.code == 0 && result.output.contains("against cubic"), "\(result)")
    let rules = try trifactor("rule", sweep.folder.file("file/search"))
    #expect(rules.code == 0 && rules.output.contains("with eta"), "\(rules)")
  }

  /// Every constant of a rule file is where its search starts, those of mechanisms that the sweep leaves off and those
  /// without a bound too; what is on is tuned.
  @Test
  func everyConstantOfARuleFileReachesTheSearch() throws {
    let sweep = try Self.learned.get()
    let file = try sweep.folder.write(
      """
      degree: 3
      theta: {k3l3: -1}
      constants: {eta: 0.05, clip: none, tau-e: none, gate: -0.5, growth-0: 0.1, trace-mean: 0.1}

      """, to: "whole.yaml")
    let more = ["--where", "task=cue-association", "--where", "rule.degree=1", "--starts", "1"]
    let result = try run(
      arguments(sweep, file, out: "whole-file", more + ["--metric", "reward-area"]), limit: 240)
    #expect(result.code == 0 && result.output.contains("against whole"), "\(result)")
    let searches = sweep.folder.file("whole-file/search")
    let manifest = try String(contentsOfFile: searches + "/sweep.json", encoding: .utf8)
    let tuned = "eta,tau-bar,baseline-rate,probability,amplitude,gate,growth,trace-mean"
    for setting in [
      #""rule.trace-mean":0.1"#, #""rule.clip":"none""#, #""rule.tau-e":"none""#, #""rule.growth":"[0.1,0]""#,
      #""exploration.gate":-0.5"#, "\"meta.learn\":\"[\(tuned)]\"",
    ] {
      #expect(manifest.contains(setting), "\(setting) is not in \(manifest)")
    }
  }

  @Test
  func wrongRequestsSayWhatIsWanted() throws {
    let sweep = try Self.learned.get()
    let cases: [([String], String)] = [
      (
        ["--against", "mikoni", "--equal-budget"],
        "--against 'mikoni' is neither a rule file nor one of miconi,"
      ),
      (["--equal-budget"], "--equal-budget has no rival; wanted: --against RULE"),
      (["--against", "miconi"], "wanted: --equal-budget beside it"),
      (
        ["--against", "miconi", "--equal-budget", "--axis", "seed"],
        "--against and --axis are two comparisons"
      ),
      (
        ["--against", "miconi", "--equal-budget", "--starts", "1,0"],
        "--starts is 1,0; wanted: different numbers"
      ),
      (["--against", "miconi", "--equal-budget", "--networks", "1"], "--networks is 1; wanted: at least 2"),
      (["--against", "miconi", "--equal-budget", "--tune", "etta"], "--tune 'etta' is no constant"),
      (
        ["--against", "miconi", "--equal-budget", "--metric", "trials-to-criterion"],
        "--metric trials-to-criterion has no mean difference"
      ),
      (["--against", "miconi", "--equal-budget", "--where", "seed=7"], "--where seed=7: no cell has it"),
      ([], "Missing expected argument '--axis <axis>'"),
      (
        ["--axis", "rule.degree", "--baseline", "7"],
        "--baseline 7: no cell has rule.degree = 7; its values are"
      ),
      (["--axis", "seed"], "--axis seed: cells of different seeds share no network, so nothing pairs them"),
      (
        ["--axis", "seed", "--networks", "5"],
        "--networks has no effect without a rival; wanted: --against RULE"
      ),
      (
        ["--axis", "seed", "--starts", "1"], "--starts has no effect without a rival; wanted: --against RULE"
      ),
    ]
    for (options, message) in cases {
      let result = try run([try Repository.program("trifactor"), "compare", sweep.out] + options)
      #expect(result.code == 64 && result.errors.contains(message), "\(result)")
    }
    let unsuited = try run(
      [
        try Repository.program("trifactor"), "compare", sweep.out, "--against", "rflo", "--equal-budget",
        "--tune", "tau-e",
      ])
    #expect(
      unsuited.code == 65 && unsuited.errors.contains("tau-e has no effect on learner rflo"), "\(unsuited)")
  }

  /// Cells without a rule are named, and nothing is written.
  @Test
  func anUnfinishedFolderIsNamed() throws {
    let long = try TinySweep(Self.text.replacing("iterations: 6", with: "iterations: 100000"))
    let process = try RunningProcess(long.arguments())
    _ = try process.wait(for: "sweep.json") {
      FileManager.default.fileExists(atPath: long.out + "/sweep.json")
    }
    process.send(SIGKILL)
    _ = try process.wait()
    let result = try trifactor("compare", long.out, "--against", "miconi", "--equal-budget")
    #expect(result.code == 64, "\(result)")
    #expect(result.errors.contains("8 of 8 cells") && result.errors.contains("(unfinished)"), "\(result)")
    #expect(!FileManager.default.fileExists(atPath: long.out + "/against-miconi"))
  }
}

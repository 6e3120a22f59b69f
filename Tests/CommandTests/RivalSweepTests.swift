import Foundation
import Glibc
import TestSupport
import Testing

/// A sweep whose cells tune rivals, as a user runs and reads it.
@Suite(.startsPrograms) struct RivalSweepTests {
  static let text = """
    name: rivals
    question: How good is a rival that was tuned as hard?
    base:
      trials: 30
      network: {units: 16}
      meta: {estimator: evolution, iterations: 6, lifetimes: 4, validation-networks: 4, validation-every: 3}
      evaluation: {networks: 5, criterion: {correct: 8, of: 10}}
    axes:
      task: [cue-association, delayed-xor]
    zip:
      learner: [three-factor, three-factor, node-perturbation, weight-perturbation, reward-e-prop]
      rule.theta: [miconi, {k1l1: 0.3}, {}, {}, {}]
      rule.degree: [3, 1, 0, 0, 0]
      meta.learn:
        - [eta, clip, tau-e, probability, amplitude]
        - [theta, eta]
        - [eta, clip, baseline-rate, probability, amplitude, gate]
        - [eta, clip]
        - [eta, baseline-rate]

    """

  private static let undisturbed = Result {
    let sweep = try TinySweep(text)
    let result = try TestSupport.run(sweep.arguments(), limit: 240)
    guard result.code == 0 else { throw ProcessFailure("\(result)") }
    return (sweep: sweep, export: try sweep.export())
  }

  @Test(arguments: [1, 2, 3])
  func exportIsTheSameOnAnyNumberOfRanks(ranks: Int) throws {
    let sweep = try TinySweep(Self.text)
    let more = ranks == 3 ? ["--ranks-per-cell", "2"] : []
    let result = try runRanks(ranks, sweep.arguments(more), limit: 200)
    #expect(result.code == 0, "\(result)")
    #expect(try sweep.export() == Self.undisturbed.get().export)
  }

  /// Killed when it has stored something, and resumed on another number of ranks.
  @Test
  func killedAndResumed() throws {
    let long = Self.text.replacing("iterations: 6", with: "iterations: 120")
    let whole = try TinySweep(long)
    #expect(try runRanks(2, whole.arguments(), limit: 300).code == 0)
    let sweep = try TinySweep(long)
    var deaths = 0
    for (launch, growth) in [1, 20_000, 60_000].enumerated() {
      guard let process = try sweep.launch(sweep.arguments(), ranks: 1 + launch, until: growth),
        let rank = sweep.ranks()[launch] ?? sweep.ranks()[0]
      else { break }
      if kill(rank, SIGKILL) == 0 { deaths += 1 }
      _ = try process.wait()
      sweep.waitForRanks()
    }
    let last = try runRanks(2, sweep.arguments(), limit: 300)
    #expect(last.code == 0, "\(last)")
    #expect(deaths >= 1, "the sweep ended before it could be killed")
    #expect(try sweep.export() == whole.export())
    #expect(try trifactor("verify", sweep.out).code == 0)
  }

  @Test
  func tablesLabelTheLearner() throws {
    let out = try Self.undisturbed.get().sweep.out
    let table = try trifactor("table", out, "--rows", "learner", "--columns", "task")
    #expect(table.code == 0, "\(table)")
    for name in ["three-factor", "node-perturbation", "weight-perturbation", "reward-e-prop"] {
      #expect(table.output.contains(name), "\(table)")
    }
    let comparison = try trifactor(
      "compare", out, "--axis", "learner", "--baseline", "node-perturbation", "--where", "rule.degree=0|3")
    #expect(comparison.code == 0 && comparison.output.contains("weight-perturbation"), "\(comparison)")
    let filtered = try trifactor("table", out, "--rows", "meta.learn", "--where", "learner=three-factor")
    #expect(filtered.code == 0 && !filtered.output.contains("baseline-rate"), "\(filtered)")
  }

  /// What `rule` prints of a tuned rival is a contender of `evaluate`, with the same figures as the cell itself.
  @Test
  func aTunedRivalIsAContender() throws {
    let (sweep, _) = try Self.undisturbed.get()
    let all = try trifactor("rule", sweep.out)
    #expect(all.code == 0 && all.output.contains("as a contender: weight-perturbation:eta="), "\(all)")
    let start = try #require(all.output.range(of: "node-perturbation:eta=")).lowerBound
    let contender = String(all.output[start...].prefix { $0 != "\n" })
    let evaluated = try trifactor(
      "evaluate", sweep.out, "--learner", contender, "--task", "cue-association", "--networks", "5", "--json",
      limit: 120)
    #expect(evaluated.code == 0, "\(evaluated)")
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(evaluated.output.utf8)) as? [String: Any])
    let entries = try #require(report["entries"] as? [[String: Any]])
    func reward(_ contains: (String) -> Bool) throws -> Double {
      let entry = try #require(entries.first { contains($0["contender"] as? String ?? "") })
      return try #require((entry["reward"] as? [String: Any])?["mean"] as? Double)
    }
    let given = try reward { $0 == contender }
    let tuned = try reward { $0.hasPrefix("tuned") && $0.contains("node-perturbation") }
    #expect(given == tuned)
    let rule = try reward { $0.hasPrefix("learned") }
    #expect(rule != tuned)
  }

  @Test
  func aRivalHasNoRuleFile() throws {
    let (sweep, _) = try Self.undisturbed.get()
    let lines = try trifactor("rule", sweep.out).output.split(separator: "\n")
    let title = try #require(lines.last { $0.hasPrefix("cell ") && $0.contains("reward-e-prop") })
    let key = String(title.dropFirst(5).prefix(16))
    let file = try trifactor("rule", sweep.out, "--cell", key, "--to", sweep.folder.file("rule.yaml"))
    #expect(file.code == 64 && file.errors.contains("reward-e-prop has none"), "\(file)")
    let lifetime = try trifactor(
      "lifetime", sweep.file, "--cell", key, "--export", sweep.folder.file("lifetime"))
    #expect(
      lifetime.code == 0 && lifetime.errors.contains("g_score (learner reward-e-prop has no theta to differ"),
      "\(lifetime)")
    let dynamics = try trifactor("dynamics", sweep.out, "--cell", key, "--starts", "5")
    #expect(dynamics.code == 0, "\(dynamics)")
  }
}

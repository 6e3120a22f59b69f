import Foundation
import TestSupport
import Testing

/// `evaluate`, `rule` and `validate` as a user meets them.
@Suite struct EvaluateCommandTests {
  static let text = """
    name: tiny
    base:
      trials: 30
      network: {units: 16}
      meta: {iterations: 3, lifetimes: 2, validation-networks: 2, validation-every: 3}
      evaluation: {networks: 4, criterion: {correct: 8, of: 10}}
    axes:
      rule.degree: [1]
      task: [cue-association, delayed-nonmatch]
      seed: 0..<2

    """

  /// One run, made once: its sweep file and folder.
  private static let finished: Result<(sweep: TinySweep, out: String), any Error> = Result {
    let sweep = try TinySweep(text)
    let result = try TestSupport.run(sweep.arguments(), limit: 240)
    guard result.code == 0 else { throw ProcessFailure("\(result)") }
    return (sweep, sweep.out)
  }

  private func json(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test(.timeLimit(.minutes(5)))
  func transferIsTheSameOnAnyNumberOfRanks() throws {
    let (_, out) = try Self.finished.get()
    let arguments = [
      "evaluate", out, "--transfer", "--rule", "miconi:gain=2", "--learner", "all", "--networks", "5",
      "--json",
    ]
    let program = try Repository.program("trifactor")
    let alone = try run([program] + arguments, limit: 120)
    #expect(alone.code == 0, "\(alone)")
    let two = try runRanks(2, [program] + arguments, limit: 200)
    #expect(two.output == alone.output)
    let report = try json(alone.output)
    let entries = try #require(report["entries"] as? [[String: Any]])
    // none, start, miconi, two groups of learned rules of two seeds, six rivals; on two tasks.
    #expect(entries.count == 22)
    let learned = entries.filter { ($0["contender"] as? String)?.hasPrefix("learned") == true }
    #expect(
      learned.count == 4 && learned.allSatisfy { $0["rules"] as? Int == 2 && $0["networks"] as? Int == 10 })
    // Three iterations of two lifetimes, and two networks at the start, the end and for the mean of the last quarter.
    #expect(learned.allSatisfy { $0["search_lifetimes"] as? Double == 12 })
    #expect(entries.count { $0["search_lifetimes"] as? Double == 0 } == 18)
    #expect(learned.count { $0["learned_here"] as? Bool == true } == 2)
    #expect(entries.filter { $0["feedback"] as? String == "dense error" }.count == 6)
  }

  @Test(.timeLimit(.minutes(5)))
  func storedResultsAreNotComputedAgain() throws {
    let (sweep, out) = try Self.finished.get()
    let store = sweep.folder.file("evaluated")
    let first = try trifactor("evaluate", out, "--networks", "4", "--out", store, limit: 120)
    #expect(first.code == 0, "\(first)")
    let again = try trifactor("evaluate", out, "--networks", "4", "--out", store, limit: 120)
    #expect(again.output == first.output)
    let more = try trifactor(
      "evaluate", out, "--networks", "4", "--learner", "bptt", "--out", store, limit: 120)
    #expect(more.output.contains("dense error"))
    #expect(try trifactor("verify", store).code == 0)
    let table = try trifactor("table", store, "--rows", "evaluate.contender", "--columns", "task")
    #expect(table.code == 0 && table.output.contains("bptt"), "\(table)")
    let other = try trifactor("evaluate", "sweeps/quickstart.yaml", "--networks", "1", "--out", store)
    #expect(other.code == 65 && other.errors.contains("holds the results of 'evaluate-tiny'"), "\(other)")
  }

  @Test(.timeLimit(.minutes(5)))
  func aRuleGoesToAFileAndBack() throws {
    let (sweep, out) = try Self.finished.get()
    let all = try trifactor("rule", out)
    #expect(all.code == 0, "\(all)")
    let key = try #require(all.output.split(separator: " ").dropFirst().first).prefix(16)
    let file = sweep.folder.file("learned.yaml")
    let one = try trifactor("rule", out, "--cell", String(key), "--to", file)
    #expect(one.output.contains("e' = -e/tau_e") && one.output.contains("theta s"), "\(one)")
    let shown = try trifactor("rule", file)
    #expect(shown.code == 0 && shown.output.contains("degree 1"), "\(shown)")
    let tested = try trifactor("evaluate", sweep.file, "--rule", file, "--networks", "3", limit: 120)
    #expect(tested.code == 0 && tested.output.contains("learned.yaml"), "\(tested)")
    let many = try trifactor("rule", out, "--to", file)
    #expect(many.code == 64 && many.errors.contains("choose one by --cell KEY"), "\(many)")
    #expect(try trifactor("rule", "miconi").output.contains("- 1 r^3 delta^3"))
  }

  @Test(arguments: [
    (["--rule", "mikoni"], "'mikoni' is neither a rule file nor a hand-made rule"),
    (["--learner", "backprop"], "there is no learner 'backprop'"),
    (["--networks", "0"], "--networks is 0; wanted: at least 1"),
    (["--against", "nothing"], "--against 'nothing' is no contender here"),
    (["--rule", "linear", "--rule", "linear"], "the contender 'linear' is given twice"),
  ])
  func wrongRequestsAreUsageErrors(_ options: [String], _ message: String) throws {
    let result = try run(
      [try Repository.program("trifactor"), "evaluate", "sweeps/quickstart.yaml"] + options)
    #expect(result.code == 64, "\(result)")
    #expect(result.errors.contains(message), "\(result)")
  }

  /// The machinery alone: the published figures take hours and belong to `make validation`.
  @Test(.timeLimit(.minutes(5)))
  func validationRunsOnAnyNumberOfRanks() throws {
    let program = try Repository.program("trifactor")
    for arguments in [
      ["validate", "rflo", "--networks", "3", "--trials", "5", "--json"],
      ["validate", "miconi-dnms", "--networks", "3", "--trials", "8", "--json"],
    ] {
      let alone = try run([program] + arguments, limit: 120)
      #expect(alone.code == 0, "\(alone)")
      #expect(try runRanks(2, [program] + arguments, limit: 120).output == alone.output)
    }
  }
}

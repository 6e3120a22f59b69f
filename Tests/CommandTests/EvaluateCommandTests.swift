import Foundation
import Glibc
import TestSupport
import Testing

/// `evaluate`, `rule` and `validate` as a user meets them.
@Suite(.startsPrograms) struct EvaluateCommandTests {
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

  @Test
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

  @Test
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

  /// `--random`: beside every learned rule one with another theta of the same norm, told from it by nothing else.
  @Test
  func randomControlsHaveTheNormOfTheirRules() throws {
    let (sweep, out) = try Self.finished.get()
    let store = sweep.folder.file("random")
    let tested = try trifactor("evaluate", out, "--random", "--networks", "3", "--out", store, limit: 120)
    #expect(tested.code == 0 && tested.output.contains("\nrandom rule.degree=1"), "\(tested)")
    let seen = try python(
      "-c",
      """
      import sys, numpy as np
      from trifactor import shards
      sweep = shards.load(sys.argv[1])
      found = {}
      for record in sweep.results[1]:
          settings = sweep.cells[f"{int(record['cell']):016x}"]["settings"]
          kind = settings["evaluate.contender"].split()[0]
          found.setdefault((settings["task"], settings["evaluate.training-seed"]), {})[kind] = record
      for pair in found.values():
          learned, random = pair["learned"]["theta"], pair["random"]["theta"]
          assert abs(np.linalg.norm(random) / np.linalg.norm(learned) - 1) < 1e-12
          assert not np.allclose(random, learned)
          assert np.array_equal(pair["learned"]["constants"], pair["random"]["constants"])
      print(len(found), len({tuple(pair["random"]["theta"]) for pair in found.values()}))
      """, store)
    #expect(seen.output == "4 4\n", "\(seen)")
  }

  /// The context task's incongruent trials stand apart in the report and in `table`; a task without any has none.
  @Test
  func incongruentTrialsStandApart() throws {
    // 20 late trials: none of them incongruent would be one network in a million.
    let sweep = try TinySweep(Self.text.replacing("trials: 30", with: "trials: 100"))
    let store = sweep.folder.file("incongruent")
    let arguments = [
      "evaluate", sweep.file, "--task", "cue-association", "--task", "context-integration", "--rule",
      "linear",
      "--networks", "6", "--out", store,
    ]
    let program = try Repository.program("trifactor")
    let text = try run([program] + arguments, limit: 120)
    #expect(text.code == 0 && text.output.contains("incongruent\n"), "\(text)")
    #expect(text.output.contains("shortcut is of no help; the shortcut has 0.5 there"), "\(text)")
    let report = try json(try run([program] + arguments + ["--json"], limit: 120).output)
    let entries = try #require(report["entries"] as? [[String: Any]])
    for entry in entries {
      let score = entry["late_incongruent_accuracy"] as? [String: Any]
      #expect((score == nil) == (entry["target"] as? String == "cue-association"), "\(entry)")
      if let mean = score?["mean"] as? Double { #expect((0...1).contains(mean)) }
    }
    let table = try trifactor(
      "table", store, "--rows", "evaluate.contender", "--columns", "task", "--metric", "incongruent-accuracy",
      "--format", "json")
    #expect(table.code == 0, "\(table)")
    let cells = try #require(try json(table.output)["cells"] as? [[String: Any]])
    #expect(cells.count == 6)
    for cell in cells {
      #expect(
        (cell["mean"] is Double) == (cell["column"] as? String == "context-integration"), "\(cell)")
    }
    let file = sweep.folder.file("incongruent.csv")
    #expect(try trifactor("export", store, "--to", file).code == 0)
    let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
    #expect(lines[0].hasSuffix("late_reward,late_accuracy,late_incongruent_accuracy"))
    #expect(lines.dropFirst().count { $0.hasSuffix(",nan") } == 18)
  }

  /// SIGUSR1 to launches that have stored something, on growing numbers of ranks: exit 75, and the same command goes on to the same report.
  @Test
  func drainedAndResumed() throws {
    let sweep = try TinySweep(
      Self.text.replacing("trials: 30", with: "trials: 3000").replacing("rule.degree: [1]", with: "seed: [0]")
        .replacing("  seed: 0..<2\n", with: ""))
    let store = sweep.folder.file("drained")
    let program = try Repository.program("trifactor")
    let arguments = [program, "evaluate", sweep.file, "--learner", "all", "--networks", "60"]
    let whole = try run(arguments + ["--json"], limit: 300)
    #expect(whole.code == 0, "\(whole)")
    var drains = 0
    for (launch, growth) in [1, 5_000, 20_000].enumerated() {
      let command = arguments + ["--json", "--out", store]
      guard let process = try sweep.launch(command, ranks: 1 + launch, until: growth, in: store) else {
        break
      }
      process.send(SIGUSR1)
      let result = try process.wait()
      sweep.waitForRanks()
      if result.end == .exited(0) { break }
      drains += 1
      #expect(result.end == .exited(75), "\(result)")
      #expect(result.errors.contains("run the same command again"), "\(result)")
      #expect(result.output.isEmpty, "\(result)")
    }
    #expect(drains >= 1, "no launch was drained")
    let last = try run(arguments + ["--json", "--out", store], limit: 300)
    #expect(last.code == 0 && last.output == whole.output, "\(last)")
    #expect(try trifactor("verify", store).code == 0)
  }

  @Test
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
  @Test
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

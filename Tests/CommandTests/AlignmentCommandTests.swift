import Foundation
import Glibc
import TestSupport
import Testing

/// `evaluate --alignment`, and what `table` and `export` make of its records.
@Suite(.startsPrograms) struct AlignmentCommandTests {
  static let text = """
    name: tiny
    base:
      trials: 30
      network: {units: 16}
      meta: {iterations: 1, lifetimes: 2, validation-networks: 2}
      evaluation: {networks: 4, criterion: {correct: 8, of: 10}}
    axes:
      task: [cue-association, delayed-xor]

    """

  /// - Parameter draws: nil to leave alignment out.
  private func evaluate(_ sweep: TinySweep, out: String, draws: Int? = 6) throws -> [String] {
    [
      try Repository.program("trifactor"), "evaluate", sweep.file, "--rule", "miconi", "--learner",
      "node-perturbation", "--learner", "bptt", "--networks", "3", "--out", sweep.folder.file(out),
    ]
      + (draws.map { ["--alignment", "--alignment-points", "3", "--alignment-draws", "\($0)"] } ?? [])
  }

  private func exported(_ sweep: TinySweep, _ out: String) throws -> String {
    let file = sweep.folder.file("\(out).csv")
    let result = try trifactor("export", sweep.folder.file(out), "--alignment", "--to", file)
    #expect(result.code == 0 && result.errors.contains("rows of alignment"), "\(result)")
    return try String(contentsOfFile: file, encoding: .utf8)
  }

  /// The same report and the same exported bytes on 1 to 4 ranks, and after runs that stopped between; more networks go
  /// on where fewer ended, and other draws are measured anew.
  @Test func isTheSameOnAnyNumberOfRanksAndAfterRestarts() throws {
    let sweep = try TinySweep(Self.text)
    let alone = try run(evaluate(sweep, out: "one"), limit: 200)
    #expect(alone.code == 0, "\(alone)")
    #expect(alone.output.contains("cue-association: alignment with the gradient"), "\(alone)")
    let table = try exported(sweep, "one")
    let lines = table.split(separator: "\n")
    // Two tasks, five contenders, three networks, three points.
    #expect(lines.count == 1 + 2 * 5 * 3 * 3)
    #expect(lines[0].hasPrefix("key,network,point,trial,task,"), "\(lines[0])")
    #expect(lines[0].hasSuffix(",gradient_square,gradient_variance"))
    for ranks in 2...4 {
      let result = try runRanks(ranks, evaluate(sweep, out: "ranks\(ranks)"), limit: 200)
      #expect(result.code == 0 && result.output == alone.output, "\(result)")
      #expect(try exported(sweep, "ranks\(ranks)") == table)
    }

    // The tests alone, then with alignment, twice.
    let plain = try run(evaluate(sweep, out: "parts", draws: nil), limit: 200)
    #expect(plain.code == 0 && !plain.output.contains("alignment"), "\(plain)")
    for _ in 0..<2 {
      let result = try run(evaluate(sweep, out: "parts"), limit: 200)
      #expect(result.code == 0 && result.output == alone.output, "\(result)")
    }
    #expect(try exported(sweep, "parts") == table)
    let verified = try trifactor("verify", sweep.folder.file("parts"))
    // 90 records in one shard of every shape, each stored once.
    #expect(verified.code == 0 && verified.output.contains("alignment-d0.00000.npy  "), "\(verified)")
    #expect(verified.output.contains("alignment-d3.00000.npy  18 records"), "\(verified)")

    let other = try run(evaluate(sweep, out: "parts", draws: 5), limit: 200)
    #expect(other.code == 0 && other.output != alone.output)
    let again = try exported(sweep, "parts")
    #expect(again != table && again.split(separator: "\n").count == lines.count)
  }

  /// A run that is told to stop says 75 and keeps what it has; the same command makes the rest.
  @Test func drainsAndGoesOn() throws {
    let sweep = try TinySweep(Self.text)
    let arguments = try evaluate(sweep, out: "drained", draws: 2000)
    let process = try RunningProcess(arguments)
    let hasBegun = try process.wait(for: "a record of alignment") {
      let shards = sweep.folder.file("drained/shards")
      return (try? FileManager.default.contentsOfDirectory(atPath: shards))?.contains {
        $0.hasPrefix("alignment-")
      } ?? false
    }
    #expect(hasBegun)
    process.send(SIGUSR1)
    let ended = try process.wait(limit: 60)
    #expect(ended.code == 75 && ended.errors.contains("run the same command again"), "\(ended)")
    let rest = try run(arguments, limit: 300)
    #expect(rest.code == 0, "\(rest)")
    let whole = try run(evaluate(sweep, out: "whole", draws: 2000), limit: 300)
    #expect(whole.output == rest.output)
    #expect(try exported(sweep, "drained") == exported(sweep, "whole"))
  }

  @Test func tablesShowIt() throws {
    let sweep = try TinySweep(Self.text)
    let out = sweep.folder.file("table")
    let made = try run(evaluate(sweep, out: "table"), limit: 200)
    #expect(made.code == 0, "\(made)")
    let words = try [
      Repository.program("trifactor"), "table", out, "--alignment", "--rows", "evaluate.contender",
      "--columns", "task",
    ]
    let text = try run(words)
    #expect(text.code == 0, "\(text)")
    #expect(text.output.contains("noise-free cosine") && text.output.contains("signal/noise"), "\(text)")
    // Nothing moves W: no cosine.
    let none = text.output.split(separator: "\n").filter { $0.hasPrefix("none ") }
    #expect(none.count == 2 && none.allSatisfy { $0.contains("   -   ") }, "\(text)")

    let json = try run(words + ["--format", "json"])
    let table = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    let entries = try #require(table["entries"] as? [[String: Any]])
    #expect(entries.count == 10)
    func mean(_ row: String, _ name: String) throws -> Double {
      let entry = try #require(
        entries.first { $0["row"] as? String == row && $0["column"] as? String == "cue-association" })
      let numbers = try #require(entry["numbers"] as? [String: [String: Any]])
      return try #require(numbers[name]?["mean"] as? Double)
    }
    // bptt descends the squared error, with a clip, where the reward is the absolute one: about the same way.
    #expect(try mean("bptt", "cosine") > 0.6)
    #expect(try abs(mean("node-perturbation", "cosine")) <= 1)
    let points = try #require(entries[0]["points"] as? [[String: Any]])
    #expect(points.map { $0["trial"] as? Int } == [9, 19, 29])
    let csv = try run(words + ["--format", "csv"])
    #expect(csv.output.hasPrefix("row,column,trial,number,networks,diverged,mean,low,high\n"), "\(csv)")
  }

  @Test func mistakesAreTold() throws {
    let binary = try TinySweep(Self.text.replacing("  trials: 30", with: "  trials: 30\n  reward: binary"))
    let refused = try trifactor("evaluate", binary.file, "--alignment", "--networks", "1")
    #expect(refused.code == 64, "\(refused)")
    #expect(
      refused.errors.contains(
        "--alignment: the reward of cue-association is binary and has no derivative, so there is no gradient to be "
          + "aligned with; wanted: reward absolute or squared"), "\(refused)")
    let one = try trifactor("evaluate", binary.file, "--alignment", "--alignment-draws", "1")
    #expect(one.code == 64 && one.errors.contains("--alignment-draws is 1; wanted: at least 2"), "\(one)")
    let alone = try trifactor("evaluate", binary.file, "--alignment-points", "3")
    #expect(
      alone.code == 64
        && alone.errors.contains("--alignment-points has no effect alone; wanted: --alignment beside it"),
      "\(alone)")
    let lifetime = try trifactor("lifetime", binary.file, "--alignment")
    #expect(lifetime.code == 65 && lifetime.errors.contains("binary reward has no derivative"), "\(lifetime)")

    let sweep = try TinySweep(Self.text)
    let out = sweep.folder.file("none")
    #expect(
      try trifactor("evaluate", sweep.file, "--networks", "1", "--out", out, limit: 120).code == 0)
    for command in [
      ["export", out, "--alignment", "--to", sweep.folder.file("x.csv")],
      ["table", out, "--alignment", "--rows", "evaluate.contender"],
    ] {
      let missing = try run([Repository.program("trifactor")] + command)
      #expect(
        missing.code == 64
          && missing.errors.contains(
            "\(out): no alignment is stored; run `trifactor evaluate SOURCE --alignment --out \(out)` first"),
        "\(missing)")
    }
    let both = try trifactor("table", out, "--alignment", "--curves")
    #expect(both.code == 64 && both.errors.contains("--curves and --alignment exclude each other"), "\(both)")
  }
}

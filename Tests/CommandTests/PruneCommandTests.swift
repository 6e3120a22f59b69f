import Foundation
import Glibc
import TestSupport
import Testing

/// `rule --prune` as a user runs it: a small real cell, under mpirun, interrupted and resumed.
@Suite(.startsPrograms) struct PruneCommandTests {
  static let text = """
    name: wide
    base:
      trials: 40
      network: {units: 16}
      rule: {degree: 3, terms: [k1l1, k0l2, k1l3, k3l3], theta: {k1l1: -0.4, k0l2: 0.01, k1l3: -0.2, k3l3: -0.3}}
      meta: {iterations: 4, lifetimes: 4, validation-networks: 4, validation-every: 2}
      evaluation: {networks: 4, criterion: {correct: 8, of: 10}}
    axes:
      seed: 0..<2

    """

  private static let learned: Result<TinySweep, any Error> = Result {
    let sweep = try TinySweep(text)
    let result = try TestSupport.run(sweep.arguments(), limit: 240)
    guard result.code == 0 else { throw ProcessFailure("\(result)") }
    return sweep
  }

  /// The key of the first cell, whose seed is that of an evaluation of the sweep file.
  private func key(_ sweep: TinySweep) throws -> String {
    let shown = try trifactor("rule", sweep.out)
    let match = try #require(shown.output.firstMatch(of: /cell ([0-9a-f]{16})/))
    return String(match.1)
  }

  private func arguments(_ sweep: TinySweep, out: String, lifetimes: Int = 40, _ more: String...) throws
    -> [String]
  {
    [
      try Repository.program("trifactor"), "rule", sweep.out, "--cell", try key(sweep), "--prune",
      "--lifetimes", "\(lifetimes)", "--networks", "8", "--out", sweep.folder.file(out),
    ] + more
  }

  private func table(_ output: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
  }

  @Test func isTheSameOnAnyNumberOfRanks() throws {
    let sweep = try Self.learned.get()
    let alone = try run(arguments(sweep, out: "one", "--format", "json"), limit: 300)
    #expect(alone.code == 0, "\(alone)")
    for ranks in 2...4 {
      let result = try runRanks(
        ranks, arguments(sweep, out: "ranks\(ranks)", "--format", "json"), limit: 300)
      #expect(result.code == 0 && result.output == alone.output, "\(result)")
    }
    // The same again computes nothing: the searches are done, and the losses are known.
    let again = try run(arguments(sweep, out: "one", "--format", "json"), limit: 300)
    #expect(again.code == 0 && again.output == alone.output, "\(again)")
    for part in ["search", "evaluation"] {
      #expect(try trifactor("verify", sweep.folder.file("one/\(part)")).code == 0)
    }

    let table = try table(alone.output)
    let rows = try #require(table["rows"] as? [[String: Any]])
    #expect(rows.map { $0["name"] as? String } == ["as learned", "all terms", "0", "1", "2", "3"])
    #expect(rows.map { ($0["terms"] as? [String])?.count } == [4, 4, 4, 3, 2, 1])
    #expect(rows[1]["difference"] == nil && rows[1]["not_worse"] as? Bool == true)
    // Every term that is dropped was there, and is not there afterwards.
    for (before, after) in zip(rows.dropFirst(2), rows.dropFirst(3)) {
      let dropped = try #require(after["dropped"] as? String)
      let (more, fewer) = (before["terms"] as? [String] ?? [], after["terms"] as? [String] ?? [])
      #expect(more.contains(dropped) && fewer == more.filter { $0 != dropped })
    }
    // All terms have been tuned for at least as long as any smaller rule, but for rounding to whole iterations.
    let lifetimes = rows.map { $0["lifetimes"] as? Int ?? 0 }
    #expect(lifetimes[1] >= 4 * 40 && zip(lifetimes[2...], lifetimes[3...]).allSatisfy { $1 >= $0 + 40 })
    let difference = try #require(rows[2]["difference"] as? [String: Any])
    #expect((difference["networks"] as? [Double])?.count == 8)

    // The losses that decided are the ones it kept.
    let kept = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(fileURLWithPath: sweep.folder.file("one/losses.json"))))
    let losses = try #require((kept as? [String: Any])?["losses"] as? [String: [Double]])
    #expect(losses.values.map(\.count).sorted() == [2, 3, 4])
  }

  /// With a wide margin one term is enough; what is written is a rule file like any other.
  @Test func theSmallestRuleIsAFile() throws {
    let sweep = try Self.learned.get()
    let file = sweep.folder.file("small.yaml")
    let wide = try run(
      arguments(sweep, out: "wide", "--margin", "3", "--to", file), limit: 300)
    #expect(wide.code == 0 && wide.errors.contains("step 3 written to \(file)"), "\(wide)")
    #expect(wide.output.contains("The smallest rule that is not worse is step 3: k"), "\(wide)")
    let shown = try trifactor("rule", file)
    #expect(shown.code == 0 && shown.output.contains("1 of 16 terms not 0"), "\(shown)")
    let text = try String(contentsOfFile: file, encoding: .utf8)
    #expect(text.contains("1 of 4 terms"), "\(text)")

    // The file's rule does on the same networks what the table says.
    let tested = try trifactor(
      "evaluate", sweep.file, "--rule", file, "--networks", "8", "--json", limit: 120)
    let entries = try #require(
      (try JSONSerialization.jsonObject(with: Data(tested.output.utf8)) as? [String: Any])?["entries"]
        as? [[String: Any]])
    let own = try #require(entries.first { ($0["contender"] as? String) == file })
    let score = try #require((own["late_reward"] as? [String: Any])?["mean"] as? Double)
    let csv = try String(contentsOfFile: sweep.folder.file("wide/terms.csv"), encoding: .utf8)
    let last = try #require(csv.split(separator: "\n").last).split(
      separator: ",", omittingEmptySubsequences: false)
    let seen = try #require(Double(last[5]))
    #expect(abs(score - seen) < 1e-12)

    let warm = try sweep.folder.write(
      "name: warm\nbase: {trials: 10, network.units: 8, rule: {degree: 3, theta: small.yaml}}\n",
      to: "warm.yaml")
    #expect(try trifactor("plan", warm).code == 0)

    // No margin at all: only what is shown to be better is not worse, and the fewest terms of that are chosen.
    let none = try run(arguments(sweep, out: "wide", "--margin", "0", "--format", "json"), limit: 120)
    let answer = try table(none.output)
    let rows = try #require(answer["rows"] as? [[String: Any]])
    for row in rows.dropFirst(2) {
      let low = try #require((row["difference"] as? [String: Any])?["low"] as? Double)
      #expect(row["not_worse"] as? Bool == (low > 0))
    }
    let good = rows.last { $0["step"] != nil && $0["not_worse"] as? Bool == true }
    #expect(none.code == 0 && answer["smallest"] as? Int == good?["step"] as? Int, "\(none)")
  }

  @Test func stopsAndGoesOn() throws {
    let sweep = try Self.learned.get()
    func words(_ out: String) throws -> [String] {
      try arguments(sweep, out: out, lifetimes: 4000, "--format", "json")
    }
    let command = try words("stopped")
    let process = try RunningProcess(command)
    let hasBegun = try process.wait(for: "a step of a search") {
      let shards = sweep.folder.file("stopped/search/shards")
      return (try? FileManager.default.contentsOfDirectory(atPath: shards))?.contains {
        $0.hasPrefix("iteration-")
      } ?? false
    }
    #expect(hasBegun)
    process.send(SIGUSR1)
    let ended = try process.wait(limit: 60)
    #expect(ended.code == 75, "\(ended)")
    let rest = try run(command, limit: 300)
    #expect(rest.code == 0, "\(rest)")
    let whole = try run(words("whole"), limit: 300)
    #expect(whole.output == rest.output)
  }

  @Test func mistakesAreTold() throws {
    let sweep = try Self.learned.get()
    for (words, code, message) in [
      (
        [sweep.out, "--prune"], 64,
        "--prune takes one rule, and \(sweep.out) has 2 cells; choose one by --cell KEY"
      ),
      (["miconi", "--prune"], 64, "--prune takes a folder of results, and 'miconi' is none"),
      (
        ["miconi", "--margin", "0.1"], 64, "--margin has no effect without pruning; wanted: --prune beside it"
      ),
      ([sweep.out, "--prune", "--cell", "zz"], 64, "--cell 'zz' fits 0 of 2 cells"),
      ([sweep.out, "--prune", "--networks", "1"], 64, "--networks is 1; wanted: at least 2"),
      ([sweep.out, "--prune", "--margin=-1"], 64, "--margin is -1.0; wanted: at least 0"),
    ] as [([String], Int32, String)] {
      let result = try run([Repository.program("trifactor"), "rule"] + words)
      #expect(result.code == code && result.errors.contains(message), "\(result)")
    }
  }
}

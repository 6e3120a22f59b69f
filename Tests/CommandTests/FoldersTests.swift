import Foundation
import TestSupport
import Testing

/// Several folders and several metrics on the command line, and JSON from every command that prints a table.
@Suite(.startsPrograms) struct FoldersTests {
  /// The sweep of two cells, run twice into `a/OUT` and `b/OUT`, the second time with other lifetimes.
  private func withTwoFolders(_ body: (_ one: String, _ other: String, _ sweep: String) throws -> Void) throws
  {
    let folder = try TemporaryFolder()
    let sweep = try folder.write(TwoCellSweep.text, to: "tiny.yaml")
    let outs = ["a/OUT", "b/OUT"].map(folder.file)
    for (out, more) in zip(outs, [[], ["--set", "trials=12"]]) {
      let result = try run([Repository.program("trifactor"), "run", sweep, "--out", out] + more)
      try #require(result.code == 0, "\(result)")
    }
    try body(outs[0], outs[1], sweep)
  }

  private func read(_ result: ProcessResult) throws -> Any {
    #expect(result.code == 0 && result.output.hasSuffix("\n"), "\(result)")
    return try JSONSerialization.jsonObject(with: Data(result.output.utf8), options: .fragmentsAllowed)
  }

  @Test func foldersAreASetting() throws {
    try withTwoFolders { one, other, _ in
      let table = try trifactor("table", "short=\(one)", "long=\(other)", "--columns", "folder")
      #expect(table.code == 0 && table.output.contains("rule.degree \\ folder   short "), "\(table)")
      let same = try trifactor(
        "table", one, "again=\(one)", "--columns", "folder", "--metric", "reward", "--json")
      let cells = try #require((try read(same) as? [String: Any])?["cells"] as? [[String: Any]])
      #expect(cells.map { $0["column"] as? String } == ["OUT", "again", "OUT", "again"], "\(same)")
      #expect(cells[0]["mean"] as? Double == cells[1]["mean"] as? Double)
      // Merged as ever where nobody names them.
      let merged = try trifactor("table", one, one)
      #expect(merged.output == (try trifactor("table", one)).output, "\(merged)")
      let compared = try trifactor("compare", "s=\(one)", "l=\(other)", "--axis", "folder", "--baseline", "s")
      #expect(compared.code == 0 && compared.output.contains("folder against s"), "\(compared)")
      #expect(compared.output.contains("trials changes together with folder"), "\(compared)")
      let refused = try trifactor("table", one, other, "--columns", "folder")
      #expect(
        refused.code == 64 && refused.errors.contains("are both called OUT; name them: A=\(one)"),
        "\(refused)")
      let mixed = try trifactor("table", "s=\(one)", "l=\(other)")
      #expect(mixed.code == 64 && mixed.errors.contains("entries would mix the folders s, l"), "\(mixed)")
      let status = try trifactor("status", "s=\(one)", "l=\(other)")
      #expect(status.output.hasPrefix("s: tiny in \(one): finished\n"), "\(status)")
      #expect(
        status.output.hasSuffix(
          "\nall 2 folders: 4 cells: 4 done, 0 running, 0 failed, 0 diverged, 0 interrupted, 0 waiting\n"))
    }
  }

  @Test func severalMetrics() throws {
    try withTwoFolders { one, other, _ in
      for format in ["text", "markdown", "csv", "latex", "json"] {
        let result = try trifactor(
          "table", "s=\(one)", "l=\(other)", "--columns", "folder", "--metric", "accuracy", "--metric",
          "reward",
          "--format", format)
        #expect(result.code == 0 && result.output.contains("reward"), "\(result)")
      }
      for (words, told) in [
        (
          ["compare", one, "--axis", "rule.degree", "--metric", "reward", "--metric", "accuracy"],
          "and compare takes one"
        ),
        (["table", one, "--curves", "--metric", "reward", "--metric", "accuracy"], "and --curves takes one"),
        (
          ["table", one, "--metric", "reward", "--metric", "reward"],
          "--metric reward is given twice; wanted: once"
        ),
        (
          ["table", one, "--json", "--format", "csv"], "--json and --format csv exclude each other; give one"
        ),
      ] {
        let result = try run([Repository.program("trifactor")] + words)
        #expect(result.code == 64 && result.errors.contains(told), "\(result)")
      }
    }
  }

  @Test func everyTableIsJSONToo() throws {
    try withTwoFolders { one, other, sweep in
      let table = try read(trifactor("table", one, "--json")) as? [String: Any]
      #expect(table?["metric"] as? String == "accuracy")
      let compared = try read(trifactor("compare", one, "--axis", "rule.degree", "--json")) as? [String: Any]
      #expect((compared?["rows"] as? [Any])?.count == 1)
      let simulated = try read(trifactor("simulate", sweep, "--ranks", "1,4", "--json")) as? [String: Any]
      let machines = try #require(simulated?["machines"] as? [[String: Any]])
      #expect(machines.map { $0["ranks"] as? Int } == [1, 4] && simulated?["cells"] as? Int == 2)
      #expect(machines[0]["wall_seconds"] as? Double ?? 0 >= simulated?["seconds"] as? Double ?? .nan)
      let verified = try #require(try read(trifactor("verify", one, other, "--json")) as? [[String: Any]])
      #expect(
        verified.count == 2 && verified[0]["clean"] as? Bool == true
          && verified[0]["folder"] as? String == one)
      let shards = try #require(verified[0]["shards"] as? [[String: Any]])
      #expect(shards.reduce(0) { $0 + ($1["records"] as? Int ?? 0) } == verified[0]["records"] as? Int)
      #expect(
        shards.contains { $0["name"] as? String == "result-d1.00000.npy" && $0["sealed"] as? Bool == true })

      let rules = try #require(try read(trifactor("rule", one, "--json")) as? [[String: Any]])
      #expect(rules.count == 2 && rules[1]["degree"] as? Int == 1 && rules[1]["rival"] is NSNull)
      let terms = try #require(rules[1]["terms"] as? [[String: Any]])
      for term in terms {
        let (theta, scale) = (term["theta"] as? Double ?? .nan, term["scale"] as? Double ?? .nan)
        #expect(term["effective"] as? Double == theta * scale)
      }
      #expect((rules[1]["constants"] as? [String: Any])?["eta"] as? Double == 0.02)
      let miconi = try #require(try read(trifactor("rule", "miconi", "--json")) as? [[String: Any]])
      #expect((miconi[0]["terms"] as? [[String: Any]])?[0]["scale"] == nil)

      let settings = try #require(try read(trifactor("settings", "--json")) as? [[String: Any]])
      let units = settings.first { $0["path"] as? String == "network.units" }
      #expect(
        units?["default"] as? String == "32"
          && units?["wanted"] as? String == "a whole number from 1 to 65536"
      )
      let tasks = try #require(try read(trifactor("tasks", "--json")) as? [[String: Any]])
      #expect(
        tasks.contains { $0["task"] as? String == "delayed-nonmatch" && $0["form"] as? String == "short" })
      let file = Repository.path + "/sweeps/tasks/match.yaml"
      let task = try #require(try read(trifactor("tasks", file, "--json")) as? [String: Any])
      #expect((task["identity"] as? String)?.hasPrefix("match@") == true && task["inputs"] as? Int != nil)
    }
  }

  /// A damaged folder is told as an object, with the exit code of `verify`.
  @Test func damageIsJSONToo() throws {
    try withTwoFolders { one, _, _ in
      let shard = one + "/shards/evaluation-d1.00000.npy"
      var bytes = try Data(contentsOf: URL(fileURLWithPath: shard))
      bytes[bytes.count - 700] ^= 1
      try bytes.write(to: URL(fileURLWithPath: shard))
      let found = try trifactor("verify", one, "--json")
      #expect(found.code == 1, "\(found)")
      let before = try #require(
        try JSONSerialization.jsonObject(with: Data(found.output.utf8)) as? [[String: Any]])
      #expect(before[0]["clean"] as? Bool == false && (before[0]["problems"] as? [Any])?.isEmpty == false)
      let mended = try #require(try read(trifactor("verify", one, "--salvage", "--json")) as? [[String: Any]])
      #expect(mended[0]["clean"] as? Bool == true && (mended[0]["salvaged"] as? [String])?.isEmpty == false)
    }
  }
}

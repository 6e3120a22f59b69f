import Foundation
import TestSupport
import Testing

/// `table` and `compare` on what `run` has really written.
@Suite(.startsPrograms) struct TableCommandTests {
  /// A sweep of four small cells, run to its end, in a folder that is removed afterwards.
  private func withSmallSweep(_ body: (_ out: String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let file = try folder.write(
        """
        name: small
        question: Is there a table?
        base:
          task: cue-association
          trials: 20
          network.units: 8
          meta: {iterations: 2, lifetimes: 2, validation-networks: 2, validation-every: 1}
          evaluation.networks: 4
        axes:
          rule.degree: [1, 2]
          seed: 0..<2

        """, to: "small.yaml")
      let out = folder.path + "/out"
      let result = try trifactor("run", file, "--out", out)
      try #require(result.code == 0, "\(result)")
      try body(out)
    }
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func tablesOfARealSweep() throws {
    try withSmallSweep { out in
      let text = try trifactor("table", out)
      #expect(text.code == 0, "\(text)")
      #expect(
        text.output.hasPrefix("late accuracy\n\nrule.degree \\ task   cue-association        lifetimes\n"))
      #expect(text.output.contains("runs x networks      2 x 4"))
      #expect(text.errors.isEmpty)

      let json = try object(
        try trifactor(
          "table", out, "--rows", "rule.degree", "--columns", "task", "--metric", "accuracy", "--format",
          "json"
        ).output)
      #expect(json["rows"] as? String == "rule.degree" && json["partial"] as? Bool == false)
      let cells = try #require(json["cells"] as? [[String: Any]])
      #expect(cells.count == 2 && cells[0]["row"] as? Int == 1 && cells[1]["networks"] as? Int == 8)
      #expect(cells[0]["chance"] as? Double == 0.5 && cells[0]["none"] as? Double != nil)

      for metric in ["reward", "trials-to-criterion", "normalised-accuracy", "accuracy-area", "reward-area"] {
        for format in ["text", "markdown", "csv", "latex", "json"] {
          let result = try trifactor("table", out, "--metric", metric, "--format", format)
          #expect(result.code == 0 && result.output.hasSuffix("\n"), "\(result)")
        }
      }
      let bySeed = try trifactor("table", out, "--columns", "seed", "--where", "rule.degree=2")
      #expect(bySeed.output.contains("rule.degree \\ seed   0"))
    }
  }

  @Test func comparisonsOfARealSweep() throws {
    try withSmallSweep { out in
      let text = try trifactor("compare", out, "--axis", "rule.degree", "--baseline", "1")
      #expect(text.code == 0, "\(text)")
      #expect(text.output.hasPrefix("late accuracy: rule.degree against 1, paired by seed and network\n"))
      let json = try object(
        try trifactor("compare", out, "--axis", "rule.degree", "--baseline", "1", "--format", "json").output)
      let rows = try #require(json["rows"] as? [[String: Any]])
      #expect(rows.count == 1 && rows[0]["seeds"] as? Int == 2 && rows[0]["networks"] as? Int == 8)

      for (arguments, message) in [
        (["table", out, "--rows", "rule.degre"], "rule.degre is no setting of these cells"),
        (["table", out, "--where", "task=x"], "--where task=x: no cell has it; task is cue-association"),
        (["table", out, "--metric", "speed"], "'speed' is invalid"),
        (["table", out + "-no-such"], "is no result folder"),
        (["compare", out, "--axis", "rule.degree", "--baseline", "7"], "its values are 1, 2"),
        (["compare", out, "--axis", "task", "--baseline", "x"], "--axis and --by are both task"),
      ] {
        let result = try run([try Repository.program("trifactor")] + arguments)
        #expect(result.code == 64, "\(result)")
        #expect(result.errors.contains(message), "\(result)")
        #expect(result.output.isEmpty)
      }
    }
  }
}

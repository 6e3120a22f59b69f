import Foundation
import TestSupport
import Testing

/// Rules that travel: from a file into a sweep, and out of its results again.
@Suite(.startsPrograms) struct RuleFileTests {
  @Test func aResultFolderNeedsItsRuleFilesNoMore() throws {
    let folder = try TemporaryFolder()
    try folder.write("degree: 1\ntheta: {k1l1: -0.5}\n", to: "rules/linear.yaml")
    let sweep = try folder.write(
      TwoCellSweep.text.replacingOccurrences(of: "[0, 1]", with: "[1, 3]") + "\n", to: "tiny.yaml")
    let text = try String(contentsOfFile: sweep, encoding: .utf8)
    try folder.write(
      text.replacingOccurrences(of: "base:", with: "base:\n  rule.theta: rules/linear.yaml"), to: "tiny.yaml")
    let out = folder.file("OUT")
    #expect(try trifactor("run", sweep, "--out", out).code == 0)

    // The copy in the folder names a file that is not beside it; the stored settings hold what it said.
    let shown = try trifactor("rule", out)
    #expect(shown.code == 0, "\(shown)")
    let result = try trifactor("lifetime", sweep, "--export", folder.file("export"))
    #expect(result.code == 0, "\(result)")
  }
  /// What evolution learned beside theta leaves by `rule --to` and is where the next sweep starts, and `evaluate` tests
  /// it; commands that need derivatives say that a running mean of e has none.
  @Test func learnedConstantsAreAWarmStart() throws {
    let folder = try TemporaryFolder()
    let evolution = TwoCellSweep.text.replacingOccurrences(of: "[0, 1]", with: "[1]")
      .replacingOccurrences(
        of: "meta: {",
        with:
          "rule: {trace-mean: 0.2, eta: 0.03}\n  meta: {estimator: evolution, learn: [eta, gate, trace-mean], "
      )
    let sweep = try folder.write(evolution, to: "tiny.yaml")
    let out = folder.file("OUT")
    #expect(try trifactor("run", sweep, "--out", out).code == 0)
    let rule = folder.file("learned.yaml")
    let shown = try trifactor("rule", out, "--to", rule)
    #expect(shown.code == 0 && shown.output.contains(", trace-mean 0."), "\(shown)")
    let text = try String(contentsOfFile: rule, encoding: .utf8)
    let match = try #require(
      text.firstMatch(of: /constants: \{eta: ([0-9.e-]+), gate: ([0-9.e-]+), trace-mean: ([0-9.e-]+)\}/),
      "\(text)")

    let warm = try folder.write(
      "name: warm\nbase: {rule: {degree: 1, theta: learned.yaml}, meta.estimator: evolution}\n",
      to: "warm.yaml")
    let plan = try trifactor("plan", warm, "--json")
    for (path, value) in [
      ("rule.eta", match.1), ("exploration.gate", match.2), ("rule.trace-mean", match.3),
    ] {
      #expect(plan.output.contains("\"\(path)\" : \"\(value)\""), "\(path) is not \(value): \(plan)")
    }
    #expect(plan.output.contains("\"rule.trace-mean-by\" : \"condition\""), "\(plan)")
    let tested = try trifactor("evaluate", out, "--rule", rule, "--networks", "2")
    #expect(tested.code == 0, "\(tested)")
    for command in [["lifetime", warm, "--export", folder.file("export")], ["audit", warm]] {
      let refused = try run([try Repository.program("trifactor")] + command)
      #expect(refused.code == 65, "\(refused)")
      #expect(
        refused.errors.contains(
          "\(command[0]) needs derivatives by theta, and there are none of the running mean of e (rule.trace-mean is "
            + "\(match.3))"), "\(refused)")
    }
    #expect(!FileManager.default.fileExists(atPath: folder.file("export")))
  }
}

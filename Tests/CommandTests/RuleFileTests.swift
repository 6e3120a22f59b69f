import Foundation
import TestSupport
import Testing

/// Rules that travel: from a file into a sweep, and out of its results again.
@Suite struct RuleFileTests {
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
}

import Sweep
import Testing

/// Rule files as `trifactor rule --to` writes them.
@Suite struct RuleFileTests {
  @Test func whatIsWrittenReadsBackToTheBit() throws {
    var theta: [Double] = (0..<16).map { 0.1 * Double($0 - 7) }
    theta[5] = 0
    let scale: [Double] = (0..<16).map { 1 / (Double($0) + 0.3) }
    let file = RuleFile(
      degree: 3, theta: theta, scale: scale, constants: ["gate": -1.4000000000000001, "clip": .infinity],
      provenance: ["learned by the sweep x, cell 0123: rule.degree=3", "written by y"])
    let read = try RuleFile(bytes: Array(file.text.utf8), file: "rule.yaml")
    #expect(read.degree == 3)
    #expect(read.theta == theta)
    #expect(read.scale == scale)
    #expect(read.constants == ["gate": -1.4000000000000001, "clip": .infinity])
    #expect(
      file.text.hasPrefix("# learned by the sweep x, cell 0123: rule.degree=3\n# written by y\ndegree: 3\n"))
  }

  @Test func aRuleWithoutScaleOrConstantsIsShort() throws {
    let file = RuleFile(degree: 1, theta: [0, 0, 0, -1])
    #expect(
      file.text == """
        degree: 1
        # theta[k,l]: row k is the power of the presynaptic rate, column l that of the fluctuation
        theta:
          - [0, 0]
          - [0, -1]

        """)
    #expect(try RuleFile(bytes: Array(file.text.utf8), file: "rule.yaml") == file)
  }

  @Test(arguments: [
    ("constants: {gaet: 1}", "unknown constant `gaet`; did you mean `gate`?"),
    ("constants: {gate: strong}", "`gate` should be a number or none, and is `strong`"),
    ("constants: 3", "constants should be a mapping, and is `3`"),
  ])
  func wrongConstantsAreRefused(_ line: String, _ problem: String) {
    let text = "degree: 0\ntheta: {k0l0: 1}\n\(line)\n"
    let error = #expect(throws: SweepFileError.self) {
      try RuleFile(bytes: Array(text.utf8), file: "rule.yaml")
    }
    #expect(error?.description.contains(problem) == true, "\(error?.description ?? "")")
  }
}

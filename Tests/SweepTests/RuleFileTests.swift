import Sweep
import Testing

/// Rule files as `trifactor rule --to` writes them.
@Suite struct RuleFileTests {
  @Test func whatIsWrittenReadsBackToTheBit() throws {
    var theta: [Double] = (0..<16).map { 0.1 * Double($0 - 7) }
    theta[5] = 0
    let scale: [Double] = (0..<16).map { 1 / (Double($0) + 0.3) }
    let file = RuleFile(
      degree: 3, theta: theta, scale: scale, constants: [.gate: -1.4000000000000001, .clip: .infinity],
      provenance: ["learned by the sweep x, cell 0123: rule.degree=3", "written by y"])
    let read = try RuleFile(bytes: Array(file.text.utf8), file: "rule.yaml")
    #expect(read.degree == 3)
    #expect(read.theta == theta)
    #expect(read.scale == scale)
    #expect(read.constants == [.gate: -1.4000000000000001, .clip: .infinity])
    #expect(
      file.text.hasPrefix("# learned by the sweep x, cell 0123: rule.degree=3\n# written by y\ndegree: 3\n"))
  }

  /// A warm start takes the constants with theta; what the sweep file says itself goes before.
  @Test func aSweepStartsFromTheConstants() throws {
    let rule = """
      degree: 1
      theta: {k1l1: -1}
      constants: {eta: 0.03, clip: none, gate: -1.4, growth-2: 1.5, trace-mean: 0.1, probability: 0.02}
      """
    let warm = try read(
      "base: {rule: {degree: 1, theta: ./warm.yaml, eta: 0.05}, meta.estimator: evolution}",
      rules: ["./warm.yaml": rule]
    ).cells[0]
    let written = try read(
      """
      base:
        rule: {degree: 1, theta: {k1l1: -1}, eta: 0.05, clip: none, growth: [0, 1.5], trace-mean: 0.1}
        exploration: {gate: -1.4, probability: 0.02}
        meta.estimator: evolution
      """
    ).cells[0]
    #expect(warm.settings == written.settings && warm.key == written.key)
    #expect(try testSchema.settings(canonical: warm.canonical) == warm.settings)
  }

  /// Each point of an axis brings its own constants, conditions see them, and labels tell them apart.
  @Test func everyStartRuleBringsItsOwn() throws {
    let sweep = try read(
      """
      axes: {rule.theta: [./a.yaml, ./b.yaml, {k1l1: 0.3}]}
      when: [{if: {exploration.gate: -1}, set: {trials: 50}}]
      """,
      rules: [
        "./a.yaml": "degree: 1\ntheta: {k1l1: 0.3}\nconstants: {gate: -1}",
        "./b.yaml": "degree: 1\ntheta: {k1l1: 0.3}\nconstants: {growth-0: 2}",
      ])
    #expect(sweep.cells.map(\.settings.constants[.gate]) == [-1, 0, 0])
    #expect(sweep.cells.map(\.settings.constants[.growth0]) == [0, 2, 0])
    #expect(sweep.cells.map(\.settings.trials) == [50, 200, 200])
    #expect(
      sweep.cells.map(\.label) == [
        "rule.theta={k1l1:0.3}+exploration.gate=-1", "rule.theta={k1l1:0.3}+rule.growth=[2,0]",
        "rule.theta={k1l1:0.3}",
      ])
  }

  @Test(arguments: [
    ("eta: none", "`rule.eta` as none, and it should be a number from 0"),
    ("probability: 1.5", "`exploration.probability` as 1.5, and it should be a number from 0 to 1"),
    ("tau-bar: 0", "`rule.tau-bar` as 0, and it should be a number above 0"),
    ("growth-0: none", "`rule.growth` as [inf,0], and it should be a list of 2 numbers"),
  ])
  func aConstantOutOfBoundsIsRefused(constant: String, problem: String) {
    do {
      _ = try read(
        "base:\n  rule.theta: ./warm.yaml\n",
        rules: ["./warm.yaml": "degree: 1\ntheta: {k1l1: 1}\nconstants: {\(constant)}"])
      Issue.record("the rule file was taken")
    } catch {
      #expect(
        "\(error)"
          == "test.yaml:2:15: the rule file `./warm.yaml` gives \(problem)\n  Correct its constants.")
    }
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

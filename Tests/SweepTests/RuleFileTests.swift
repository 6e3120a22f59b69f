import Model
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
    (
      "eta: none", 18, "`eta` should be a number from 0, and is `none`",
      "learning rate of the plasticity rule"
    ),
    (
      "eta: -1", 18, "`eta` should be a number from 0, and is `-1`",
      "learning rate of the plasticity rule"
    ),
    (
      "probability: 1.5", 26, "`probability` should be a number from 0 to 1, and is `1.5`",
      "p of a sparse kick, a unit and step"
    ),
    (
      "baseline-rate: 1.175", 28, "`baseline-rate` should be a number from 0 to 1, and is `1.175`",
      "a_R, rate of the running reward baseline"
    ),
    (
      "tau-bar: 0", 22, "`tau-bar` should be a number above 0, and is `0`",
      "ms, time constant of xbar"
    ),
    (
      "clip: 0", 19, "`clip` should be a number above 0, or none, and is `0`",
      "largest |mu_ij| of one update"
    ),
    ("growth-0: none", 23, "`growth-0` should be a number, and is `none`", "lam_0, decay of W"),
  ])
  func aConstantOutOfBoundsIsRefused(
    constant: String, column: Int, problem: String, summary: String
  ) {
    let rule = "degree: 1\ntheta: {k1l1: 1}\nconstants: {\(constant)}"
    let message = "warm.yaml:3:\(column): \(problem)\n  It is: \(summary)."
    // Whoever reads the file says the same.
    #expect {
      _ = try read("base:\n  rule.theta: warm.yaml\n", rules: ["warm.yaml": rule])
    } throws: {
      "\($0)" == message
    }
    #expect {
      _ = try RuleFile(bytes: Array(rule.utf8), file: "warm.yaml")
    } throws: {
      "\($0)" == message
    }
  }

  /// A rule as `trifactor rule --to` writes it: nothing is left to the sweep file.
  @Test func aWholeRuleLeavesNothingOpen() throws {
    var file = RuleFile(degree: 1, theta: [0, 0, 0, -1], scale: [1, 2, 3, 4])
    #expect(file.missing == ["constants", "exploration", "critic", "normalise"])
    for constant in LocalConstant.allCases {
      file.constants[constant] = constant.declaration.standard
    }
    file.constants[.amplitude] = 3
    file.constants[.traceMean] = 0.1
    file.calibration = [.amplitude: 2.5]
    file.exploration = .gaussian
    file.normalise = false
    #expect(file.missing == ["trace-mean-by", "critic"])
    file.traceMeanBy = .synapse
    file.critic = .shared
    #expect(file.missing.isEmpty && file.assumption(file: "x", source: "y") == nil)
    #expect(try RuleFile(bytes: Array(file.text.utf8), file: "rule.yaml") == file)

    let sweep = try read(
      "base: {rule: {degree: 1, theta: ./whole.yaml}, meta.estimator: evolution}",
      rules: ["./whole.yaml": file.text])
    #expect(sweep.warnings.isEmpty)
    let settings = sweep.cells[0].settings
    #expect(settings.constants == LocalConstants([.amplitude: 3, .traceMean: 0.1]))
    #expect(settings.exploration.kind == .gaussian && !settings.rule.normalise)
    #expect(settings.rule.traceMeanBy == .synapse && settings.rule.critic == .shared)
  }

  /// One that says less is told from it.
  @Test func whatAnOldRuleLacksIsSaid() throws {
    let old =
      "degree: 1\ntheta: {k1l1: -1}\nscale: [[1, 1], [1, 2]]\nconstants: {eta: 0.5, clip: none}\n"
    let sweep = try read(
      "base:\n  rule: {degree: 1, theta: ./old.yaml}\n", rules: ["./old.yaml": old])
    #expect(
      sweep.warnings.map(\.description) == [
        "test.yaml:2:28: warning: the rule file `./old.yaml` says nothing of tau-e, tau-bar, baseline-rate, probability, "
          + "amplitude, gate, growth-0, growth-2, trace-mean, exploration, critic, normalise; taken from the sweep file and "
          + "the defaults"
      ])
  }

  @Test(arguments: [
    (
      "exploration: spars",
      "exploration should be one of none, sparse, gaussian, and is `spars`; did you mean `sparse`?"
    ),
    ("critic: none", "critic should be one of condition, shared, learned, and is `none`"),
    ("normalise: yes", "normalise should be true or false, and is `yes`"),
    (
      "mechanisms: {trace-mean-by: unit}",
      "trace-mean-by should be one of condition, synapse, and is `unit`"
    ),
    ("mechanisms: {gate: -1}", "unknown key `gate` in mechanisms"),
    ("constants: {gaet: 1}", "unknown constant `gaet`; did you mean `gate`?"),
    ("constants: {gate: strong}", "`gate` should be a number or none, and is `strong`"),
    ("constants: 3", "constants should be a mapping, and is `3`"),
    ("calibration: {eta: -1}", "`eta` should be a number from 0, and is `-1`"),
  ])
  func wrongPartsAreRefused(_ line: String, _ problem: String) {
    let text = "degree: 0\ntheta: {k0l0: 1}\n\(line)\n"
    let error = #expect(throws: SweepFileError.self) {
      try RuleFile(bytes: Array(text.utf8), file: "rule.yaml")
    }
    #expect(error?.description.contains(problem) == true, "\(error?.description ?? "")")
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
}

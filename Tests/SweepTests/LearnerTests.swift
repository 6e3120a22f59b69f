import TestSupport
import Testing

@testable import Sweep

/// The setting `learner`: what a cell with a rival may say, and what it does to keys.
@Suite struct LearnerTests {
  /// A setting that is younger than the first keys leaves them alone at its default.
  @Test func theDefaultIsNoPartOfTheKey() throws {
    let plain = try read("base: {task: delayed-nonmatch}").cells[0]
    let named = try read("base: {task: delayed-nonmatch, learner: three-factor}").cells[0]
    #expect(named.keyText == "e79448dbf6b75ca6" && named.canonical == plain.canonical)
    #expect(CanonicalForm.values(of: plain.settings)["learner"] == "three-factor")
    #expect(
      CanonicalForm.values(of: plain.settings).count
        == plain.canonical.split(separator: "\n").count + CanonicalForm.later.count)
  }

  @Test func aRivalHasDegreeZeroAndAKeyOfItsOwn() throws {
    let text = "learner: rflo, meta: {estimator: evolution, learn: [eta, clip]}"
    let rival = try read("base: {\(text)}").cells[0]
    #expect(rival.canonical.contains("learner=rflo\n"))
    #expect(rival.canonical.contains("rule.degree=0\n") && rival.canonical.contains("rule.theta={}\n"))
    #expect(try read("base: {\(text), rule: {degree: 0, theta: {}}}").cells[0].key == rival.key)
    let back = try testSchema.settings(canonical: rival.canonical)
    #expect(back == rival.settings && Cell(back).key == rival.key)
  }

  /// Degrees and a rival in one sweep: `when` takes the degree from the rival, and its copies run once.
  @Test func aSweepOverDegreesMayHoldARival() throws {
    let file = try read(
      """
      base: {meta.estimator: evolution}
      axes: {learner: [three-factor, node-perturbation], rule.degree: [1, 3]}
      when:
        - {if: {learner: node-perturbation}, set: {rule.degree: 0, meta.learn: eta}}
        - {if: {rule.degree: 0}, set: {trials: 100}}
      """)
    #expect(file.cells.map(\.settings.rule.degree) == [1, 3, 0])
    #expect(file.cells.map(\.settings.trials) == [200, 200, 100])
    #expect(file.warnings.contains { $0.message.contains("runs once") })
  }

  /// Conditions see the degree that holds in the cell.
  @Test func conditionsSeeTheDegreeOfARival() throws {
    let file = try read(
      """
      base: {learner: rflo, meta: {estimator: evolution, learn: eta}}
      axes: {seed: [0, 1]}
      when: [{if: {rule.degree: 0, rule.theta: {}}, set: {trials: 100}}]
      """)
    #expect(file.cells.allSatisfy { $0.settings.trials == 100 })
  }

  @Test(arguments: inputs) func isRefused(_ input: BadInput) { input.expectRefusal() }

  static let inputs = [
    BadInput(
      "an unknown learner", "base: {learner: node-pertubation}\n",
      "1:17: `learner` should be one of three-factor, node-perturbation, weight-perturbation, reward-e-prop, rflo, e-prop, bptt, and is `node-pertubation`; did you mean `node-perturbation`?",
      "Default: three-factor. Meaning: three-factor: the rule of theta; or a rival, whose constants evolution tunes (meta.learn)."
    ),
    BadInput(
      "a rival with a degree",
      "base: {learner: rflo, rule.degree: 3, meta: {estimator: evolution, learn: eta}}\n",
      "1:36: learner rflo is no polynomial, and rule.degree is 3",
      "Leave rule.degree out; in a sweep over degrees, write under `when`: - {if: {learner: rflo}, set: {rule.degree: 0}}."
    ),
    BadInput(
      "a rival with theta",
      "base: {learner: rflo, rule.theta: {k0l0: 1}, meta: {estimator: evolution, learn: eta}}\n",
      "1:35: learner rflo has no theta, and rule.theta gives it one",
      "Leave rule.theta out, or set it to {} for this learner under `when`."),
    BadInput(
      "a rival with a gradient", "base: {learner: rflo}\n",
      "1:17: estimator antithetic differentiates by theta, which learner rflo does not have",
      "Use meta.estimator: evolution and meta.learn: [eta, clip, baseline-rate]."),
    BadInput(
      "a rival that learns theta", "base: {learner: rflo, meta.estimator: evolution}\n",
      "1:17: learner rflo has no theta, and meta.learn lists it",
      "Name the constants to tune, such as meta.learn: [eta, clip, baseline-rate]."),
    BadInput(
      "a constant of the polynomial",
      "base: {learner: rflo, meta: {estimator: evolution, learn: [eta, tau-e, growth]}}\n",
      "1:59: tau-e and growth have no effect on learner rflo, and meta.learn lists them",
      "A rival can tune eta, clip, baseline-rate, probability, amplitude, gate."),
    BadInput(
      "growth of a rival",
      "base: {learner: rflo, rule.growth: [1, 0], meta: {estimator: evolution, learn: eta}}\n",
      "1:36: growth is a part of the three-factor rule, and learner is rflo",
      "Set rule.growth: [0, 0] for this learner under `when`."),
    BadInput(
      "a running mean of e of a rival",
      "base: {learner: rflo, rule.trace-mean: 0.1, meta: {estimator: evolution, learn: eta}}\n",
      "1:40: the running mean of e is a part of the three-factor rule, and learner is rflo",
      "Set rule.trace-mean: 0 for this learner under `when`."),
    BadInput(
      "no kicks to learn from",
      "base: {learner: node-perturbation, exploration.kind: none, meta: {estimator: evolution, learn: eta}}\n",
      "1:54: learner node-perturbation learns from kicks, and exploration is off",
      "Give exploration.kind sparse or gaussian and an exploration.amplitude above 0."),
    BadInput(
      "no weight noise to learn from",
      "base: {learner: weight-perturbation, exploration.weight-noise: 0, meta: {estimator: evolution, learn: eta}}\n",
      "1:64: learner weight-perturbation learns from weight noise, and exploration.weight-noise is 0",
      "Give exploration.weight-noise, such as 0.003."),
    BadInput(
      "no decision to learn from",
      "base: {task: flip-flop, learner: reward-e-prop, meta: {estimator: evolution, learn: eta}}\n",
      "1:14: learner reward-e-prop learns from the network's own decision, and the moving target of flip-flop leaves it none",
      "Leave the task or the learner out under `exclude`."),
    BadInput(
      "a mistyped hand-made rule", "base: {rule.theta: mikoni}\n",
      "1:20: `rule.theta` should be entries such as {k1l1: 0.3}, random, a hand-made rule's name, or the path of a rule file, and is `mikoni`; did you mean `miconi`?",
      "Default: {k1l1: 0.3}, and {} at degree 0. Meaning: start rule: entries, random (normal, norm 2), miconi, or a rule file with its constants."
    ),
  ]

  @Test func handMadeRulesHaveNames() throws {
    let named = try read("base: {rule.theta: miconi}").cells[0]
    #expect(named.key == (try read("base: {rule.theta: {k3l3: -1}}").cells[0].key))
    let axis = try read("axes: {rule.theta: [miconi, {k1l1: 0.3}]}").cells
    #expect(axis[0].key == named.key && axis[0].label == "rule.theta={k3l3:-1}")
    #expect(throws: SweepFileError.self) { try read("base: {rule: {degree: 1, theta: miconi}}") }
  }
}

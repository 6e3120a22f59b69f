import Foundation
@testable import Sweep
import TestSupport
import Testing

@Suite struct CanonicalFormTests {
  /// The text and key of the defaults, for ever: a change here makes every stored result a stranger.
  @Test func theDefaultsKeepTheirKey() throws {
    let cell = try read("base: {task: delayed-nonmatch}").cells[0]
    #expect(
      cell.canonical == """
        engine=forward
        evaluation.criterion.correct=18
        evaluation.criterion.of=20
        evaluation.networks=60
        exploration.amplitude=2.5
        exploration.gate=0
        exploration.kind=sparse
        exploration.probability=0.01
        exploration.weight-noise=0.003
        form=short
        memory=none
        meta.estimator=antithetic
        meta.gradient-clip=3
        meta.horizon=20
        meta.iterations=120
        meta.learn=theta
        meta.learning-rate=0.03
        meta.lifetimes=4
        meta.validation-every=10
        meta.validation-networks=24
        network.gain=1.5
        network.initial-per-trial=false
        network.initial-scale=0.1
        network.input-scale=4
        network.readout-scale=1
        network.tau=80
        network.units=32
        precision=float
        reward=absolute
        rule.baseline-rate=0.5
        rule.clip=0.015
        rule.degree=3
        rule.eta=0.02
        rule.growth=[0,0]
        rule.normalise=true
        rule.tau-bar=15
        rule.tau-e=400
        rule.theta={k1l1:0.3}
        seed=0
        task=delayed-nonmatch
        time.step=15
        time.trial=none
        trials=200

        """)
    #expect(cell.keyText == "e79448dbf6b75ca6")
  }

  @Test func namesAndPathsAreNoPartOfTheKey() throws {
    let plain = try read("base: {seed: 1}").cells[0]
    let named = try read("{name: other, question: Why?, base: {seed: 1, rule.theta: {k1l1: 0.30}}}").cells[0]
    let axis = try read("axes: {seed: [0, 1]}").cells[1]
    #expect(plain.key == named.key)
    #expect(plain.key == axis.key)
  }

  /// A key as it was before settings came to those of the first version.
  @Test func youngerSettingsKeepOlderKeys() throws {
    let first = try read(
      "base: {rule.degree: 1, task: cue-association, meta: {estimator: antithetic, horizon: 20}}"
    ).cells[0]
    #expect(first.keyText == "14a232dae64cb351")
    let plain = try read("base: {meta.estimator: evolution}").cells[0]
    let given = try read(
      "base: {meta.estimator: evolution, rule: {trace-mean: 0, trace-mean-by: condition}}"
    ).cells[0]
    #expect(given.key == plain.key && !plain.canonical.contains("trace-mean"))
    let laid = try read(
      "base: {meta.estimator: evolution, network: {connectivity: 1, autapses: true, excitatory: none, nonlinearity: tanh}}"
    ).cells[0]
    #expect(laid.key == plain.key && !plain.canonical.contains("connectivity"))
    let wired = try read(
      "base: {network: {connectivity: 0.25, autapses: false, excitatory: 0.8, nonlinearity: sigmoid}}"
    ).cells[0]
    #expect(
      wired.canonical.contains(
        "network.autapses=false\nnetwork.connectivity=0.25\nnetwork.excitatory=0.8\nnetwork.gain=1.5\n"))
    #expect(wired.canonical.contains("network.nonlinearity=sigmoid\nnetwork.readout-scale=1\n"))
    let told = try read(
      "base: {rule: {baseline: condition, weight-degree: 0, terms: none}, meta.l1: 0}"
    ).cells[0]
    #expect(told.key == (try read("base: {}").cells[0].key))
    let widened = try read(
      "base: {rule: {baseline: learned, weight-degree: 1, terms: [k3l3m1, k1l1]}, meta.l1: 0.1}"
    ).cells[0].canonical
    #expect(widened.contains("meta.l1=0.1\n") && widened.contains("rule.baseline=learned\n"))
    #expect(widened.contains("rule.terms=[k1l1,k3l3m1]\n") && widened.contains("rule.weight-degree=1\n"))
    let rated = try read("base: {meta.estimator: evolution, rule.trace-mean: 0.1}").cells[0]
    #expect(rated.canonical.contains("rule.theta={k1l1:0.3}\nrule.trace-mean=0.1\nseed=0\n"))
    let grouped = try read(
      "base: {meta.estimator: evolution, rule: {trace-mean: 0.1, trace-mean-by: synapse}}"
    ).cells[0]
    #expect(grouped.canonical.contains("rule.trace-mean=0.1\nrule.trace-mean-by=synapse\n"))
    #expect(Set([plain.key, rated.key, grouped.key]).count == 3)
    // Result folders hold every setting, so that tables find what other cells vary.
    let values = CanonicalForm.values(of: plain.settings)
    #expect(values["rule.trace-mean"] == "0" && values["rule.trace-mean-by"] == "condition")
    #expect(values.count == plain.canonical.split(separator: "\n").count + CanonicalForm.later.count)
  }

  /// A changed draw makes other cells of the task that has it, by a line named for it, and of no other.
  @Test func aChangedDrawChangesTheKeysOfItsTaskAlone() throws {
    let cell = try read("base: {task: flip-flop}").cells[0]
    #expect(cell.canonical.contains("exploration.weight-noise=0.003\nflip-flop.draw=two-pulses\nform=full\n"))
    let old = cell.canonical.replacing("flip-flop.draw=two-pulses\n", with: "")
    #expect(CanonicalForm.key(of: old) != cell.key)
    let several = try read("base: {task: [cue-association, flip-flop]}").cells[0]
    #expect(several.canonical.contains("\nflip-flop.draw=two-pulses\n"))
    #expect(try !read("base: {task: cue-association}").cells[0].canonical.contains(".draw="))
    // It is no setting: result folders do not hold it, and what they hold gives the key.
    let values = CanonicalForm.values(of: cell.settings)
    #expect(values["flip-flop.draw"] == nil)
    let stored = values.map { "\($0.key)=\($0.value)\n" }.joined()
    #expect(Cell(try testSchema.settings(canonical: stored)).key == cell.key)
    #expect(throws: SettingsProblem.self) {
      try testSchema.settings(canonical: old + "flip-flop.draw=three-pulses\n")
    }
  }

  @Test func everyCanonicalFormReadsBack() throws {
    let texts = [
      "base: {task: flip-flop, options: {bits: 2}}",
      "base: {task: [cue-association, delayed-nonmatch], rule: {theta: random, clip: none}}",
      "base: {task: perceptual-decision, options: {coherences: 0.1}, seed: 9007199254740991}",
      "axes: {rule.degree: 0...8, rule.growth: [[0, 1e-7], [1, 1]], meta.horizon: [1, none]}",
      "base: {rule.theta: {k2l3: -1.25e-9}, memory: 3MiB, meta: {estimator: evolution, learn: [theta, eta]}}",
      "{base: {meta.estimator: evolution}, axes: {rule.trace-mean: [0, 0.1], rule.trace-mean-by: [condition, synapse]}}",
    ]
    for text in texts {
      for cell in try read(text).cells {
        let settings = try testSchema.settings(canonical: cell.canonical)
        #expect(settings == cell.settings)
        #expect(Cell(settings).key == cell.key)
      }
    }
  }

  @Test func keysArePrintedInFull() {
    #expect(CanonicalForm.text(ofKey: 0x00ab_0000_0000_00ff) == "00ab0000000000ff")
    #expect(CanonicalForm.key(from: "00ab0000000000ff") == 0x00ab_0000_0000_00ff)
    #expect(CanonicalForm.key(from: "ab") == nil)
    #expect(CanonicalForm.key(from: "+0ab0000000000ff") == nil)
    // SHA-256 of the empty text begins e3b0c44298fc1c14 (FIPS 180-4).
    #expect(CanonicalForm.key(of: "") == 0xe3b0_c442_98fc_1c14)
  }

  @Test(arguments: [
    (0.1 + 0.2, "0.30000000000000004"), (1e-5, "1e-05"), (-0.0, "0"), (400, "400"), (2.776, "2.776"),
    (1e22, "1e+22"), (9_007_199_254_740_991, "9007199254740991"),
  ])
  func numbersAreShortest(_ number: Double, _ text: String) {
    #expect(shortestText(of: number) == text)
    #expect(Double(text) == number)
  }
}

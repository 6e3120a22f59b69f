import Sweep
import Testing

/// Sweeps that run, with a word about what they will not do.
@Suite struct WarningsTests {
  @Test(arguments: [
    (
      "base:\n  reward: binary\n  meta.estimator: tangent\n",
      ["3:19: warning: estimator tangent is biased for binary reward; score is unbiased"]
    ),
    (
      "base: {reward: binary}\n",
      [" warning: estimator antithetic is biased for binary reward; score is unbiased"]
    ),
    ("base: {reward: binary, meta.estimator: score}\n", []),
    (
      "base: {exploration: {kind: none}}\n",
      ["1:28: warning: no noise on the state within a trial; a rule then learns next to nothing"]
    ),
    (
      "base: {exploration.kind: sparse, exploration.probability: 0}\n",
      ["1:26: warning: no noise on the state within a trial; a rule then learns next to nothing"]
    ),
    ("base: {exploration.kind: gaussian, exploration.probability: 0}\n", []),
    (
      "base: {engine: adjoint, meta.estimator: score}\n",
      ["1:16: warning: estimator score needs no engine; engine adjoint has no effect"]
    ),
    (
      "base: {memory: 1GiB}\n", ["1:16: warning: memory bounds the adjoint engine; engine forward ignores it"]
    ),
    (
      "base: {rule.trace-mean-by: synapse}\n",
      ["1:28: warning: rule.trace-mean-by has no effect while rule.trace-mean is 0"]
    ),
    ("base: {engine: adjoint, exploration.gate: -1.4, rule.growth: [1, 2]}\n", []),
    (
      "base: {network.excitatory: 0.8}\n",
      [
        "1:28: warning: rates of network.nonlinearity tanh can be negative, and an excitatory unit then inhibits; "
          + "rectified-tanh and sigmoid have none below 0"
      ]
    ),
    ("base: {network: {excitatory: 0.8, nonlinearity: rectified-tanh}}\n", []),
    ("base: {network: {nonlinearity: sigmoid, connectivity: 0.2, autapses: false}}\n", []),
    (
      "base: {trials: 50, seed: 3}\naxes: {seed: [1, 2]}\nzip: {trials: [60, 70], network.units: [8, 16]}\n",
      [
        "1:26: warning: `seed` is on an axis too, whose values replace the one given here",
        "1:16: warning: `trials` is on an axis too, whose values replace the one given here",
      ]
    ),
    (
      "base: {trials: 10}\n",
      [" warning: a stretch of 20 trials does not fit into 10; every network will count as censored"]
    ),
    (
      "base: {rule.tau-bar: 10}\n",
      ["1:22: warning: rule.tau-bar is shorter than time.step; it overshoots at every step"]
    ),
  ])
  func doubtfulSettingsAreNamed(_ text: String, _ warnings: [String]) throws {
    #expect(try read(text).warnings.map(\.description) == warnings.map { "test.yaml:\($0)" })
  }

  @Test func aWarningComesOnce() throws {
    #expect(try read("base: {exploration.kind: none}\naxes: {seed: 0..<50}").warnings.count == 1)
  }
}

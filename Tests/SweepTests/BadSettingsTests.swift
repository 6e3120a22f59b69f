import TestSupport
import Testing

/// Wrong names and values of single settings.
@Suite struct BadSettingsTests {
  @Test(arguments: inputs) func isRefused(_ input: BadInput) {
    input.expectRefusal()
  }

  static let inputs = [
    BadInput(
      "no synapse at all",
      "base: {network.connectivity: 0}\n",
      "1:30: `network.connectivity` should be a number above 0 and up to 1, and is `0`",
      "Default: 1. Meaning: share of the recurrent synapses that exist; W0 = g N(0,1)/sqrt(share N) on them."),
    BadInput(
      "a share above 1",
      "base: {network.excitatory: 1.2}\n",
      "1:28: `network.excitatory` should be a number above 0 and up to 1, or none, and is `1.2`",
      "Default: none. Meaning: share of excitatory units: weights keep the sign of their unit; W0 = |N(0,1)| of spectral radius g."
    ),
    BadInput(
      "an unknown nonlinearity",
      "base: {network.nonlinearity: relu}\n",
      "1:30: `network.nonlinearity` should be one of tanh, rectified-tanh, sigmoid, and is `relu`",
      "Default: tanh. Meaning: r = f(x)."),
    BadInput(
      "an unknown setting",
      "base: {rule.degre: 3}\n",
      "1:8: unknown setting `rule.degre`; did you mean `rule.degree`?",
      "`trifactor settings` lists every setting."),
    BadInput(
      "an unknown nested setting",
      "base:\n  network:\n    unit: 64\n",
      "3:5: unknown setting `network.unit`; did you mean `network.units`?",
      "`trifactor settings` lists every setting."),
    BadInput(
      "a setting without its group",
      "base: {degree: 3}\n",
      "1:8: unknown setting `degree`; did you mean `rule.degree`?",
      "`trifactor settings` lists every setting."),
    BadInput(
      "an underscore for a hyphen",
      "base: {meta.learning_rate: 0.1}\n",
      "1:8: unknown setting `meta.learning_rate`; did you mean `meta.learning-rate`?",
      "`trifactor settings` lists every setting."),
    BadInput(
      "an unknown setting like no other",
      "base: {colour: blue}\n",
      "1:8: unknown setting `colour`",
      "`trifactor settings` lists every setting."),
    BadInput(
      "a group with a value",
      "base: {rule: 3}\n",
      "1:14: `rule` holds settings and cannot be `3`",
      "Name one of them: rule.degree, rule.weight-degree, rule.plastic, rule.theta-by."),
    BadInput(
      "a part of the start rule",
      "base: {rule.theta.k1l1: 0.3}\n",
      "1:8: rule.theta is one setting, and `rule.theta.k1l1` is a part of it",
      "Give all its entries together: rule.theta: {k1l1: 0.3}."),
    BadInput(
      "a setting without value",
      "base:\n  seed:\n",
      "2:8: `seed` has no value",
      "Wanted: a whole number from 0 to 9007199254740991. Remove the key to keep the default, 0."),
    BadInput(
      "null",
      "base: {seed: null}\n",
      "1:14: `seed` should be a whole number from 0 to 9007199254740991, and is `null`",
      "Default: 0. Meaning: seed of networks, noise and task draws."),
    BadInput(
      "text for a number",
      "base: {network.gain: high}\n",
      "1:22: `network.gain` should be a number from 0, and is `high`",
      "Default: 1.5. Meaning: g: W0 = g N(0,1)/sqrt(N)."),
    BadInput(
      "quotes around a number",
      "base: {network.gain: \"1.5\"}\n",
      "1:22: `network.gain` should be a number from 0, and is the text \"1.5\"",
      "Remove the quotes."),
    BadInput(
      "a fraction for a whole number",
      "base: {network.units: 32.5}\n",
      "1:23: `network.units` should be a whole number from 1 to 65536, and is `32.5`",
      "Default: 32. Meaning: N, units of the network."),
    BadInput(
      "a negative size",
      "base: {network.units: -32}\n",
      "1:23: `network.units` should be a whole number from 1 to 65536, and is `-32`",
      "Default: 32. Meaning: N, units of the network."),
    BadInput(
      "a size of zero",
      "base: {meta.lifetimes: 0}\n",
      "1:24: `meta.lifetimes` should be a whole number from 1 to 1000000, and is `0`",
      "Default: 4. Meaning: B, lifetimes of a meta-iteration."),
    BadInput(
      "an enormous size",
      "base: {network.units: 99999999999999999999}\n",
      "1:23: `network.units` should be a whole number from 1 to 65536, and is `99999999999999999999`",
      "Default: 32. Meaning: N, units of the network."),
    BadInput(
      "no number",
      "base: {rule.eta: .nan}\n",
      "1:18: `rule.eta` should be a number from 0, and is `.nan`",
      "Default: 0.02. Meaning: learning rate of the plasticity rule."),
    BadInput(
      "an infinite number",
      "base: {rule.tau-e: .inf}\n",
      "1:20: `rule.tau-e` should be a number above 0, or none, and is `.inf`; did you mean `none`?",
      "Default: 400. Meaning: ms, time constant of the eligibility trace; none = infinite."),
    BadInput(
      "a number that overflows",
      "base: {rule.eta: 1e999}\n",
      "1:18: `rule.eta` should be a number from 0, and is `1e999`",
      "Default: 0.02. Meaning: learning rate of the plasticity rule."),
    BadInput(
      "a hexadecimal number",
      "base: {trials: 0x10}\n",
      "1:16: `trials` should be a whole number from 1 to 10000000, and is `0x10`",
      "Default: 200. Meaning: H, trials of a lifetime."),
    BadInput(
      "none where there is none",
      "base: {rule.eta: none}\n",
      "1:18: `rule.eta` should be a number from 0, and is `none`",
      "Default: 0.02. Meaning: learning rate of the plasticity rule."),
    BadInput(
      "off for none",
      "base: {rule.clip: off}\n",
      "1:19: `rule.clip` should be a number above 0, or none, and is `off`; did you mean `none`?",
      "Default: 0.015. Meaning: largest |mu_ij| of one update."),
    BadInput(
      "a probability above one",
      "base: {exploration.probability: 1.5}\n",
      "1:33: `exploration.probability` should be a number from 0 to 1, and is `1.5`",
      "Default: 0.01. Meaning: p of a sparse kick, a unit and step."),
    BadInput(
      "a time constant of zero",
      "base: {network.tau: 0}\n",
      "1:21: `network.tau` should be a number above 0, and is `0`",
      "Default: 80. Meaning: ms, time constant of x."),
    BadInput(
      "a negative seed",
      "base: {seed: -1}\n",
      "1:14: `seed` should be a whole number from 0 to 9007199254740991, and is `-1`",
      "Default: 0. Meaning: seed of networks, noise and task draws."),
    BadInput(
      "yes for true",
      "base: {rule.normalise: yes}\n",
      "1:24: `rule.normalise` should be true or false, and is `yes`; did you mean `true`?",
      "Default: true. Meaning: scale each monomial's trace to rms 1."),
    BadInput(
      "an unknown estimator",
      "base: {meta.estimator: antithetical}\n",
      "1:24: `meta.estimator` should be one of tangent, antithetic, score, pathwise, evolution, and is `antithetical`; did you mean `antithetic`?",
      "Default: antithetic. Meaning: how the gradient of J by theta is estimated."),
    BadInput(
      "an unknown reward",
      "base: {reward: absolut}\n",
      "1:16: `reward` should be one of absolute, squared, binary, and is `absolut`; did you mean `absolute`?",
      "Default: absolute. Meaning: R of a trial: -mean |z-y|, -mean (z-y)^2, or share of right signs."),
    BadInput(
      "an unknown task",
      "base: {task: cue-asociation}\n",
      "1:14: `task` should be one or a list of cue-association, delayed-nonmatch, perceptual-decision, flip-flop, and is `cue-asociation`; did you mean `cue-association`?",
      "Default: cue-association. Meaning: what the network learns, a task or a task file; a list in base trains one rule on several tasks."
    ),
    BadInput(
      "an unknown task in a list",
      "base: {task: [cue-association, xor]}\n",
      "1:32: `task` should be one or a list of cue-association, delayed-nonmatch, perceptual-decision, flip-flop, and is `xor`",
      "Default: cue-association. Meaning: what the network learns, a task or a task file; a list in base trains one rule on several tasks."
    ),
    BadInput(
      "a task twice",
      "base: {task: [cue-association, cue-association]}\n",
      "1:14: `task` should be one or a list of cue-association, delayed-nonmatch, perceptual-decision, flip-flop, and is a list of 2 with a value twice",
      "Default: cue-association. Meaning: what the network learns, a task or a task file; a list in base trains one rule on several tasks."
    ),
    BadInput(
      "an unknown form",
      "base: {form: shrt}\n",
      "1:14: `form` should be one of full, short, default, and is `shrt`; did you mean `short`?",
      "Default: default (the task's first form). Meaning: version of the task."),
    BadInput(
      "a form the task lacks",
      "base:\n  task: cue-association\n  form: short\n",
      "3:9: task cue-association has no form `short`",
      "Its forms: full. Where only some tasks of a sweep have the form, set it under `when`."),
    BadInput(
      "a form only one task of the sweep has",
      "base: {form: short}\naxes:\n  task: [delayed-nonmatch, cue-association]\n",
      "1:14: task cue-association has no form `short` (in the cell task=cue-association)",
      "Its forms: full. Where only some tasks of a sweep have the form, set it under `when`."),
    BadInput(
      "an unknown option",
      "base: {options: {cue: 4}}\n",
      "1:18: unknown setting `options.cue`; did you mean `options.cues`?",
      "`trifactor settings` lists every setting."),
    BadInput(
      "an option of another task",
      "base:\n  options: {bits: 2}\n",
      "2:19: task cue-association has no option `bits`",
      "It has: cues. Where only some tasks of a sweep have the option, set it under `when`."),
    BadInput(
      "an option of a task without",
      "base:\n  task: delayed-nonmatch\n  options: {bits: 2}\n",
      "3:19: task delayed-nonmatch has no option `bits`",
      "It has none. Where only some tasks of a sweep have the option, set it under `when`."),
    BadInput(
      "a word for an option",
      "base: {options.cues: many}\n",
      "1:22: `options.cues` should be a number or a list of numbers, and is `many`",
      "Default: 4. Meaning: of cue-association."),
    BadInput(
      "options as a list",
      "base: {options: [4]}\n",
      "1:17: `options` holds settings and cannot be a list",
      "Name one of them: options.bits, options.coherences, options.cues, options.stimulus."),
    BadInput(
      "memory without a number",
      "base: {engine: adjoint, memory: lots}\n",
      "1:33: `memory` should be a number of bytes such as 512MiB or 2GiB, or none, and is `lots`",
      "Default: none. Meaning: bytes that the adjoint engine may use."),
    BadInput(
      "a growth of three",
      "base: {rule.growth: [0, 0, 1]}\n",
      "1:21: `rule.growth` should be a list of 2 numbers, and is a list of 3",
      "Default: [0,0]. Meaning: lam_0, decay of W; lam_2, its part driven by surprise."),
    BadInput(
      "a degree above eight",
      "base: {rule.degree: 9}\n",
      "1:21: `rule.degree` should be a whole number from 0 to 8, and is `9`",
      "Why: the rule has P = (d + 1)^2 coefficients, time and memory grow with P, and delta, which is not bounded, overflows in powers above 8."
    ),
    BadInput(
      "a coefficient that is none",
      "base: {rule.theta: {kl11: 0.3}}\n",
      "1:21: `kl11` is no coefficient of theta",
      "Names go from k0l0 to k8l8m2: k is the power of r, l that of delta, m that of the weight; `readout-k1l1` is that of one layer."
    ),
    BadInput(
      "a coefficient beyond the degree",
      "base:\n  rule.degree: 1\n  rule.theta: {k3l3: -1}\n",
      "3:15: the start rule has k3l3, which a rule of degree 1 does not have",
      "Entries go from k0l0 to k1l1 here. In a sweep over rule.degree, give richer start rules under `when`."),
    BadInput(
      "a coefficient only some degrees have",
      "base:\n  rule.theta: {k3l3: -1}\naxes: {rule.degree: [3, 1]}\n",
      "2:15: the start rule has k3l3, which a rule of degree 1 does not have (in the cell rule.degree=1)",
      "Entries go from k0l0 to k1l1 here. In a sweep over rule.degree, give richer start rules under `when`."),
    BadInput(
      "a coefficient twice",
      "base:\n  rule.theta: {k1l1: 0.3, k01l1: 0.4}\n",
      "2:15: a coefficient of theta is given twice",
      "Keep one of them."),
    BadInput(
      "a coefficient of text",
      "base:\n  rule.theta: {k1l1: small}\n",
      "2:22: `k1l1` should be a number, and is `small`",
      "Write it as {k1l1: 0.3}."),
    BadInput(
      "a start rule of text",
      "base: {rule.theta: randon}\n",
      "1:20: `rule.theta` should be entries such as {k1l1: 0.3}, random, a hand-made rule's name, or the path of a rule file, and is `randon`; did you mean `random`?",
      "Default: {k1l1: 0.3}, and {} at degree 0. Meaning: start rule: entries, random (normal, norm 2), miconi, or a rule file with its constants."
    ),
    BadInput(
      "a missing rule file",
      "base:\n  rule.theta: rules/missing.yaml\n",
      "2:15: the rule file `rules/missing.yaml` cannot be read: no such file",
      "Paths are relative to the folder of the sweep file."),
    BadInput(
      "several values in base",
      "base:\n  rule.degree: [1, 3]\n",
      "2:16: `rule.degree` should be a whole number from 0 to 8, and is a list",
      "Several values make an axis: move `rule.degree` under `axes`."),
    BadInput(
      "an axis mapping in base",
      "base: {rule.eta: {from: 0, to: 1, count: 3}}\n",
      "1:18: `rule.eta` should be a number from 0, and is a mapping",
      "A {from, to, count} mapping makes an axis: it belongs under `axes`."),
    BadInput(
      "a task that is a number",
      "base: {task: 3}\n",
      "1:14: `task` should be one or a list of cue-association, delayed-nonmatch, perceptual-decision, flip-flop, and is `3`",
      "Default: cue-association. Meaning: what the network learns, a task or a task file; a list in base trains one rule on several tasks."
    ),
    BadInput(
      "a task as a mapping",
      "base: {task: {name: cue-association}}\n",
      "1:14: `task` should be one or a list of cue-association, delayed-nonmatch, perceptual-decision, flip-flop, and is a mapping",
      "Default: cue-association. Meaning: what the network learns, a task or a task file; a list in base trains one rule on several tasks."
    ),
    BadInput(
      "a flag that is a number",
      "base: {network.initial-per-trial: 1}\n",
      "1:35: `network.initial-per-trial` should be true or false, and is `1`",
      "Default: false. Meaning: draw x_0 anew for every trial, not only for every lifetime."),
    BadInput(
      "a time unit",
      "base: {network.tau: 80ms}\n",
      "1:21: `network.tau` should be a number above 0, and is `80ms`",
      "Default: 80. Meaning: ms, time constant of x."),
    BadInput(
      "a decimal comma",
      "base:\n  network.gain: 1,5\n",
      "2:17: `network.gain` should be a number from 0, and is `1,5`",
      "Default: 1.5. Meaning: g: W0 = g N(0,1)/sqrt(N)."),
  ]
}

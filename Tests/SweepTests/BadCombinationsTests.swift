import TestSupport
import Testing

/// Settings that are right alone and impossible together.
@Suite struct BadCombinationsTests {
  @Test(arguments: inputs) func isRefused(_ input: BadInput) {
    input.expectRefusal()
  }

  static let inputs = [
    BadInput(
      "no excitatory unit",
      "base: {network: {units: 8, excitatory: 0.05, nonlinearity: sigmoid}}\n",
      "1:40: network.excitatory 0.05 of 8 units leaves no excitatory unit",
      "Give a share that leaves at least one unit of either kind, such as 0.8, or more network.units."),
    BadInput(
      "no inhibitory unit in one cell",
      "base: {network.nonlinearity: sigmoid}\naxes: {network.excitatory: [0.8, 1]}\n",
      "2:28: network.excitatory 1 of 32 units leaves no inhibitory unit (in the cell network.excitatory=1)",
      "Give a share that leaves at least one unit of either kind, such as 0.8, or more network.units."),
    BadInput(
      "one unit of two kinds",
      "base: {network: {units: 1, excitatory: 0.8, nonlinearity: sigmoid}}\n",
      "1:40: network.excitatory 0.8 of 1 units leaves no inhibitory unit",
      "Give network.units 2 or more, or network.excitatory: none."),
    BadInput(
      "one unit without its autapse",
      "base: {network: {units: 1, autapses: false}}\n",
      "1:38: a network of one unit has no synapse but that onto itself, and network.autapses is false",
      "Give network.units 2 or more, or network.autapses: true."),
    BadInput(
      "hardly a synapse",
      "base: {network: {units: 30, connectivity: 0.02}}\n",
      "1:43: network.connectivity 0.02 of 30 units leaves a unit fewer than one synapse",
      "Give network.connectivity 0.034 or more, or more network.units."),
    BadInput(
      "no weight noise for antithetic",
      "base: {exploration.weight-noise: 0}\n",
      "1:34: estimator antithetic divides by sigma, and exploration.weight-noise is 0",
      "Give weight noise (0.003, or 0.01 for tangent and score), or use pathwise or evolution."),
    BadInput(
      "no weight noise for score in one cell",
      "base:\n  exploration.weight-noise: 0\naxes: {meta.estimator: [pathwise, score]}\n",
      "2:29: estimator score divides by sigma, and exploration.weight-noise is 0 (in the cell meta.estimator=score)",
      "Give weight noise (0.003, or 0.01 for tangent and score), or use pathwise or evolution."),
    BadInput(
      "binary reward with pathwise",
      "base:\n  reward: binary\n  meta.estimator: pathwise\n",
      "3:19: estimator pathwise needs a reward with a derivative; that of binary reward is 0",
      "Use score, which is unbiased for binary reward, or evolution."),
    BadInput(
      "binary reward with a moving target",
      "base: {task: flip-flop, reward: binary, meta.estimator: score}\n",
      "1:33: binary reward needs a target that stands still; that of flip-flop moves",
      "Use absolute or squared reward."),
    BadInput(
      "constants learned by score",
      "base: {meta.estimator: score, meta.learn: [theta, eta]}\n",
      "1:43: estimator score learns theta alone, and meta.learn is [theta,eta]",
      "Use antithetic, tangent, pathwise or evolution, or learn [theta]."),
    BadInput(
      "the probability of kicks by a gradient",
      "base: {meta.learn: [theta, probability]}\n",
      "1:20: estimator antithetic has no derivative by probability, and meta.learn lists it",
      "Use estimator evolution, or leave probability out of meta.learn."),
    BadInput(
      "a term that the degree has not",
      "base: {rule.terms: [k1l1, k4l1]}\n",
      "1:20: rule.terms has k4l1, which a rule of degree 3 does not have",
      "Terms go from k0l0 to k3l3 here."),
    BadInput(
      "a term of the weight without it",
      "base: {rule.terms: [k1l1, k0l2m1]}\n",
      "1:20: rule.terms has k0l2m1, which a rule of degree 3 and weight degree 0 does not have",
      "Terms go from k0l0 to k3l3 here."),
    BadInput(
      "a start outside the terms",
      "base: {rule: {terms: [k1l1], theta: {k3l3: -1}}}\n",
      "1:37: the start rule has k3l3, which rule.terms leaves out",
      "Add it to rule.terms, or start from k1l1 alone."),
    BadInput(
      "a slow mean for the score",
      "base: {rule.trace-mean: 0.1, meta.estimator: score}\n",
      "1:25: estimator score takes what an update depends on as given, and the running mean of e depends on theta",
      "Use antithetic, tangent, pathwise or evolution, or rule.trace-mean: 0."),
    BadInput(
      "a critic that has nothing to see",
      "base: {task: flip-flop, rule.baseline: learned}\n",
      "1:40: a learned critic sees the rates before the answer, and task flip-flop answers from the first step",
      "Use rule.baseline: shared or condition."),
    BadInput(
      "a rival with terms",
      "base: {learner: node-perturbation, rule.terms: [k0l0], meta: {estimator: evolution, learn: [eta]}}\n",
      "1:48: learner node-perturbation has no theta, and rule.terms names coefficients",
      "Leave rule.terms, rule.weight-degree and meta.l1 out for this learner."),
    BadInput(
      "a rival whose readout learns",
      "base: {learner: node-perturbation, rule.plastic: [readout], meta: {estimator: evolution, learn: [eta]}}\n",
      "1:50: learner node-perturbation changes recurrent synapses alone",
      "Leave rule.plastic and rule.theta-by out for this learner; give them under `when` to three-factor."),
    BadInput(
      "a factor of synapses that do not learn",
      "base: {rule.eta-readout: 2}\n",
      "1:26: rule.eta-readout is set, and readout synapses do not learn",
      "Add readout to rule.plastic, or leave eta-readout out."),
    BadInput(
      "a factor that is learned and has no synapses",
      "base: {rule.plastic: [recurrent, input], meta: {learn: [theta, eta-readout], horizon: none}}\n",
      "1:56: rule.eta-readout is learned, and readout synapses do not learn",
      "Add readout to rule.plastic, or leave eta-readout out."),
    BadInput(
      "a term of a layer without theta of its own",
      "base: {rule: {plastic: [recurrent, readout], terms: [readout-k1l1], theta: {}}}\n",
      "1:53: rule.terms has readout-k1l1, which a rule of degree 3 with rule.theta-by all does not have",
      "Terms go from k0l0 to k3l3 here."),
    BadInput(
      "an unknown constant",
      "base: {meta.estimator: evolution, meta.learn: [theta, etta]}\n",
      "1:55: `meta.learn` should be one or a list of theta, eta, clip, tau-e, tau-bar, baseline-rate, probability, amplitude, gate, growth, trace-mean, eta-input, eta-readout, and is `etta`; did you mean `eta`?",
      "Default: theta. Meaning: what is learned; probability needs the estimator evolution."),
    BadInput(
      "a constant without start",
      "base: {meta.estimator: evolution, meta.learn: [theta, clip], rule.clip: none}\n",
      "1:73: clip is learned on a logarithmic scale, and rule.clip starts at none",
      "Start rule.clip above 0, or leave clip out of meta.learn."),
    BadInput(
      "a constant without effect",
      "base: {meta.estimator: evolution, meta.learn: probability, exploration.kind: gaussian}\n",
      "1:47: probability has no effect with exploration.kind gaussian, and meta.learn lists it",
      "Change exploration.kind, or leave probability out of meta.learn."),
    BadInput(
      "a running mean of e without start",
      "base: {meta: {estimator: evolution, learn: [theta, trace-mean]}}\n",
      "1:44: trace-mean is learned on a logarithmic scale, and rule.trace-mean starts at 0",
      "Start rule.trace-mean above 0, or leave trace-mean out of meta.learn."),
    BadInput(
      "odd lifetimes for evolution",
      "base: {meta.estimator: evolution, meta.lifetimes: 5}\n",
      "1:51: estimator evolution runs lifetimes in pairs, and meta.lifetimes is 5",
      "Give an even number, such as 6."),
    BadInput(
      "a criterion out of reach",
      "base: {evaluation.criterion: {correct: 21}}\n",
      "1:40: a criterion of 21 right out of 20 cannot be met",
      "Give evaluation.criterion.correct a value up to evaluation.criterion.of."),
    BadInput(
      "one trial for antithetic",
      "base: {trials: 1}\n",
      "1:16: estimator antithetic learns from the trials after the first, and trials is 1",
      "Give at least 2 trials."),
    BadInput(
      "a trial shorter than a step",
      "base: {time: {step: 20, trial: 10}}\n",
      "1:32: a trial of 10 ms is shorter than one step of 20 ms",
      "Give a longer time.trial or a shorter time.step."),
    BadInput(
      "a trial without window",
      "base:\n  time.trial: 45\n",
      "2:15: task cue-association is impossible with these settings: its 3 steps leave no response window",
      "Look at time.step, time.trial, form and options of the task."),
    BadInput(
      "a step too long for the network",
      "base: {time.step: 160, time.trial: 3600}\n",
      "1:19: network.tau of 80 ms is unstable on a time.step of 160 ms (Euler needs a step below twice the time constant)",
      "Give a shorter time.step or a longer network.tau."),
    BadInput(
      "a step larger than tau bar",
      "base: {rule.tau-bar: 7}\n",
      "1:22: rule.tau-bar of 7 ms is unstable on a time.step of 15 ms (Euler needs a step below twice the time constant)",
      "Give a shorter time.step or a longer rule.tau-bar."),
  ]
}

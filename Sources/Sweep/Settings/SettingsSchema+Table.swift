import Model

extension SettingsSchema {
  /// Every setting of a sweep file, once: path, place, bounds and what it is. Letters are those of the method.
  static func table(of tasks: [TaskEntry]) -> [SettingDefinition] {
    let names = tasks.map(\.name)
    let forms = tasks.flatMap(\.forms).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    let parameters = ["theta"] + ConstantSetting.names
    let experiment: [SettingDefinition] = [
      .words(
        "task", \.tasks, names,
        "what the network learns, a task or a task file; a list in base trains one rule on several tasks"),
      .word(
        "form", \.form, forms + ["default"], "version of the task",
        standard: "default (the task's first form)"),
      .seed("seed", "seed of networks, noise and task draws"),
      .integer("trials", \.trials, 1...10_000_000, "H, trials of a lifetime"),
      .choice("reward", \.reward, "R of a trial: -mean |z-y|, -mean (z-y)^2, or share of right signs"),
      .choice(
        "learner", \.learner,
        "three-factor: the rule of theta; or a rival, whose constants evolution tunes (meta.learn)"),
      .choice(
        "precision", \.precision, "precision of the network; the rule and the optimiser always use double"),
      .choice(
        "engine", \.engine, "how gradients are computed: forward tangents, or one reverse sweep a lifetime"),
      .optionalInteger("memory", \.memory, .size, "bytes that the adjoint engine may use"),
    ]
    let network: [SettingDefinition] = [
      .integer("network.units", \.network.units, 1...65_536, "N, units of the network"),
      .number("network.gain", \.network.gain, .notNegative, "g: W0 = g N(0,1)/sqrt(N)"),
      .number("network.input-scale", \.network.inputScale, .notNegative, "Win = this N(0,1)"),
      .number("network.readout-scale", \.network.readoutScale, .notNegative, "Wout = this N(0,1)/sqrt(N)"),
      .number("network.initial-scale", \.network.initialScale, .notNegative, "x_0 = this N(0,1)"),
      .flag(
        "network.initial-per-trial", \.network.initialPerTrial,
        "draw x_0 anew for every trial, not only for every lifetime"),
      .number("network.tau", \.network.tau, .positive, "ms, time constant of x"),
      .choice("network.nonlinearity", \.network.nonlinearity, "r = f(x)"),
      .number(
        "network.connectivity", \.network.wiring.connectivity, .positiveShare,
        "share of the recurrent synapses that exist; W0 = g N(0,1)/sqrt(share N) on them"),
      .flag("network.autapses", \.network.wiring.autapses, "a unit may have a synapse onto itself"),
      .optionalNumber(
        "network.excitatory", \.network.wiring.excitatory, .positiveShare,
        "share of excitatory units: weights keep the sign of their unit; W0 = |N(0,1)| of spectral radius g"),
      .number("time.step", \.time.step, .positive, "ms, dt of the Euler grid"),
      .optionalNumber(
        "time.trial", \.time.trial, .positive,
        "ms, length of a trial, to which the task's epochs are stretched"),
    ]
    let rule: [SettingDefinition] = [
      .integer(
        "rule.degree", \.rule.degree, 0...8, "d, degree of the polynomial in r and delta",
        reason:
          "the rule has P = (d + 1)^2 coefficients, time and memory grow with P, and delta, which is not "
          + "bounded, overflows in powers above 8"),
      .integer(
        "rule.weight-degree", \.rule.weightDegree, RuleSettings.weightDegrees,
        "highest power of W_ij that a term may have: 1 for decay as in Oja's rule"),
      .layers(
        "rule.plastic", \.rule.plastic,
        "synapses that learn by the rule; inputs: u and delta, readout: r and zbar - z"),
      .choice(
        "rule.theta-by", \.rule.thetaBy,
        "all synapses that learn share theta, or every layer of rule.plastic has its own"),
      .terms("rule.terms", "the only coefficients that exist, such as [k1l1, k3l3]; none = all"),
      .theta(
        "rule.theta",
        "start rule: entries, random (normal, norm 2), miconi, or a rule file with its constants"),
      .flag("rule.normalise", \.rule.normalise, "scale each monomial's trace to rms 1"),
    ]
    let update: [SettingDefinition] =
      ConstantSetting.all(in: "rule").map { .constants($0) }
      + [
        .choice(
          "rule.baseline", \.rule.critic,
          "what R is measured against: a running mean by condition, one for all, or a critic on the rates"),
        .choice(
          "rule.trace-mean-by", \.rule.traceMeanBy,
          "keep the mean of e for every synapse and condition, or for every synapse"),
      ]
    let exploration: [SettingDefinition] =
      [.choice("exploration.kind", \.exploration.kind, "kind of the noise added to x")]
      + ConstantSetting.all(in: "exploration").map { .constants($0) }
      + [
        .number(
          "exploration.weight-noise", \.exploration.weightNoise, .notNegative,
          "sigma of the noise added to W after a trial", standard: "0.003, and 0.01 for tangent and score")
      ]
    let search: [SettingDefinition] = [
      .choice("meta.estimator", \.meta.estimator, "how the gradient of J by theta is estimated"),
      .optionalInteger(
        "meta.horizon", \.meta.horizon, .integer(1...10_000_000), "trials after which U is set to 0"),
      .integer("meta.lifetimes", \.meta.lifetimes, 1...1_000_000, "B, lifetimes of a meta-iteration"),
      .integer("meta.iterations", \.meta.iterations, 1...10_000_000, "meta-iterations: steps of Adam"),
      .number(
        "meta.learning-rate", \.meta.learningRate, .notNegative,
        "learning rate of Adam; falls to 0 in the second half"),
      .optionalNumber(
        "meta.gradient-clip", \.meta.gradientClip, .positive,
        "largest gradient, in units of the running median of |g|, or of |J+ - J-|"),
      .words(
        "meta.learn", \.meta.learn, parameters, "what is learned; probability needs the estimator evolution"),
      .number("meta.l1", \.meta.l1, .notNegative, "pull of every coefficient to 0, times the learning rate"),
      .integer(
        "meta.validation-networks", \.meta.validationNetworks, 1...1_000_000,
        "networks on which the best theta is chosen"),
      .integer(
        "meta.validation-every", \.meta.validationEvery, 1...10_000_000, "iterations between validations"),
      .integer(
        "evaluation.networks", \.evaluation.networks, 1...1_000_000, "fresh networks that a rule is tested on"
      ),
      .integer(
        "evaluation.criterion.correct", \.evaluation.criterionCorrect, 1...10_000_000,
        "criterion: this many trials right"),
      .integer(
        "evaluation.criterion.of", \.evaluation.criterionOf, 1...10_000_000, "out of this many in a row"),
    ]
    return experiment + network + rule + update + exploration + search + optionDefinitions(of: tasks)
  }

  private static func optionDefinitions(of tasks: [TaskEntry]) -> [SettingDefinition] {
    Set(tasks.flatMap(\.options.keys)).sorted().map { name in
      let owners = tasks.filter { $0.options[name] != nil }
      let defaults = owners.map { owner in
        let standard = owner.options[name] ?? []
        return standard.isEmpty ? "by form" : SettingValue.numbers(standard).description
      }
      let standard =
        Set(defaults).count == 1
        ? defaults[0] : zip(owners, defaults).map { "\($1) (\($0.name))" }.joined(separator: ", ")
      return .option(name, summary: "of \(owners.map(\.name).joined(separator: ", "))", standard: standard)
    }
  }
}

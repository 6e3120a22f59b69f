import Model

/// What the widened rule may say together: its terms, its critic, and what gradients learn beside theta.
extension SettingsSchema {
  /// - Throws: `SettingsProblem` for terms that the degrees have not, for a critic with nothing to see, and for parts of
  ///   theta where the learner has none.
  func checkWidened(_ settings: Settings, _ shapes: [TaskShape]) throws {
    let rule = settings.rule
    if settings.learner.isRival, rule.terms != nil || rule.weightDegree > 0 || settings.meta.l1 > 0 {
      let (path, what) =
        rule.terms != nil
        ? ("rule.terms", "names coefficients")
        : rule.weightDegree > 0
          ? ("rule.weight-degree", "gives it powers of the weight") : ("meta.l1", "pulls on it")
      throw refuse(
        path, "learner",
        problem: "learner \(settings.learner.rawValue) has no theta, and \(path) \(what)",
        advice: "Leave rule.terms, rule.weight-degree and meta.l1 out for this learner.")
    }
    try checkLayers(settings)
    if let term = rule.terms?.first(where: { !rule.shape.has($0) }) {
      throw refuse(
        "rule.terms", "rule.degree",
        problem: "rule.terms has \(term.name), which a rule of degree \(rule.degree)"
          + (rule.weightDegree > 0 || term.m > 0 ? " and weight degree \(rule.weightDegree)" : "")
          + (term.layer == nil ? "" : " with rule.theta-by \(rule.thetaBy.rawValue)") + " does not have",
        advice: "Terms go from \(rule.shape.term(0).name) to \(rule.shape.lastTerm.name) here.")
    }
    if settings.meta.estimator == .score, settings.constants[.traceMean] > 0 {
      throw refuse(
        LocalConstant.traceMean.path, "meta.estimator",
        problem:
          "estimator score takes what an update depends on as given, and the running mean of e depends on theta",
        advice: "Use antithetic, tangent, pathwise or evolution, or rule.trace-mean: 0.")
    }
    if rule.critic == .learned, let place = shapes.firstIndex(where: \.answersAtOnce) {
      throw refuse(
        "rule.baseline", "task",
        problem: "a learned critic sees the rates before the answer, and task "
          + "\(TaskFile.shownName(settings.tasks[place])) answers from the first step",
        advice: "Use rule.baseline: shared or condition.")
    }
  }

  /// - Throws: `SettingsProblem` for layers of synapses that learn where the learner has no rule for them, and for
  ///   constants of layers that do not learn.
  private func checkLayers(_ settings: Settings) throws {
    let rule = settings.rule
    if settings.learner.isRival, rule.plastic != [.recurrent] || rule.thetaBy != .all {
      throw refuse(
        rule.plastic != [.recurrent] ? "rule.plastic" : "rule.theta-by", "learner",
        problem: "learner \(settings.learner.rawValue) changes recurrent synapses alone",
        advice:
          "Leave rule.plastic and rule.theta-by out for this learner; give them under `when` to three-factor."
      )
    }
    for constant in [LocalConstant.inputRate, .readoutRate] where !rule.uses(constant) {
      let layer = constant == .inputRate ? Layer.input : .readout
      let isLearned = settings.meta.learn.contains(constant.name)
      guard isLearned || settings.constants[constant] != constant.declaration.standard else { continue }
      throw refuse(
        isLearned ? "meta.learn" : constant.path, "rule.plastic",
        problem:
          "\(constant.path) is \(isLearned ? "learned" : "set"), and \(layer.rawValue) synapses do not learn",
        advice: "Add \(layer.rawValue) to rule.plastic, or leave \(constant.name) out.")
    }
  }

  /// What gradients learn with a bias.
  func widenedNotes(_ settings: Settings) -> [(path: String, message: String)] {
    let meta = settings.meta
    guard meta.estimator.needsTangents else { return [] }
    let constants = ConstantSetting.all.filter { meta.learn.contains($0.name) }
    var notes: [(path: String, message: String)] = []
    if meta.horizon != nil, !constants.isEmpty {
      notes.append(
        (
          "meta.horizon",
          "a horizon makes learned rates too small, since their effect is late; meta.horizon: none has no bias, and "
            + "`trifactor audit` shows it"
        ))
    }
    if settings.reward == .binary, constants.contains(where: { $0.path.hasPrefix("exploration.") }) {
      notes.append(
        (
          "meta.learn",
          "binary reward has no derivative by the kicks of its own trial: what is learned of the exploration "
            + "is biased"
        ))
    }
    return notes
  }
}

import Model

/// Checks of cells whose learner is a rival, before anything runs.
extension SettingsSchema {
  /// - Throws: `SettingsProblem` for what a rival does not have (a theta, a gradient, growth, some of the constants), and
  ///   for a configuration that leaves it nothing to learn from.
  func checkLearner(_ settings: Settings, _ shapes: [TaskShape]) throws {
    guard settings.learner.isRival else { return }
    try checkTheta(settings)
    try checkConstants(settings)
    try checkSource(settings, shapes)
  }

  private func checkTheta(_ settings: Settings) throws {
    let name = settings.learner.rawValue
    let condition = "{if: {learner: \(name)}, set: {rule.degree: 0}}"
    if settings.rule.degree != 0 {
      throw refuse(
        "rule.degree", "learner",
        problem: "learner \(name) is no polynomial, and rule.degree is \(settings.rule.degree)",
        advice: "Leave rule.degree out; in a sweep over degrees, write under `when`: - \(condition).")
    }
    if settings.meta.estimator != .evolution {
      throw refuse(
        "meta.estimator", "learner",
        problem:
          "estimator \(settings.meta.estimator) differentiates by theta, which learner \(name) does not have",
        advice: "Use meta.estimator: evolution and meta.learn: [eta, clip, baseline-rate].")
    }
    if settings.meta.learn.contains("theta") {
      throw refuse(
        "meta.learn", "learner", problem: "learner \(name) has no theta, and meta.learn lists it",
        advice: "Name the constants to tune, such as meta.learn: [eta, clip, baseline-rate].")
    }
  }

  private func checkConstants(_ settings: Settings) throws {
    let name = settings.learner.rawValue
    let own = ConstantSetting.all.filter { settings.learner.has($0.declaration) }.map(\.name)
    let idle = settings.meta.learn.filter { !own.contains($0) }
    if !idle.isEmpty {
      throw refuse(
        "meta.learn", "learner",
        problem:
          "\(idle.joined(separator: " and ")) \(idle.count == 1 ? "has" : "have") no effect on learner "
          + "\(name), and meta.learn lists \(idle.count == 1 ? "it" : "them")",
        advice: "A rival can tune \(own.joined(separator: ", ")).")
    }
    for setting in ConstantSetting.all where !settings.learner.has(setting.declaration) {
      guard let mechanism = setting.declaration.mechanism, setting.isOn(in: settings.constants) else {
        continue
      }
      throw refuse(
        setting.path, "learner",
        problem: "\(mechanism) is a part of the three-factor rule, and learner is \(name)",
        advice: "Set \(setting.path): \(setting.text(of: LocalConstants())) for this learner under `when`.")
    }
  }

  private func checkSource(_ settings: Settings, _ shapes: [TaskShape]) throws {
    let exploration = settings.exploration
    switch settings.learner.rival {
    case .nodePerturbation where exploration.kind == .none || settings.constants[.amplitude] == 0:
      throw refuse(
        "exploration.kind", "exploration.amplitude", "learner",
        problem: "learner node-perturbation learns from kicks, and exploration is off",
        advice: "Give exploration.kind sparse or gaussian and an exploration.amplitude above 0.")
    case .weightPerturbation where exploration.weightNoise == 0:
      throw refuse(
        "exploration.weight-noise", "learner",
        problem: "learner weight-perturbation learns from weight noise, and exploration.weight-noise is 0",
        advice: "Give exploration.weight-noise, such as 0.003.")
    case .rewardEprop where shapes.contains(where: \.hasMovingTarget):
      throw refuse(
        "task", "learner",
        problem: "learner reward-e-prop learns from the network's own decision, and the moving target of "
          + "\(settings.tasks.map(TaskFile.shownName).joined(separator: " and ")) leaves it none",
        advice: "Leave the task or the learner out under `exclude`.")
    default: break
    }
  }
}

extension SettingsSchema {
  /// Checks a configuration that a program has made as those of sweep files are checked.
  /// - Throws: `SettingsProblem` for a combination that cannot be run.
  public func validate(_ settings: Settings) throws {
    _ = try check(settings, shapes: { try shapes(of: settings) })
  }
}

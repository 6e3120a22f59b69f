import Model

extension SettingsSchema {
  /// The sizes of the cell's tasks.
  /// - Throws: `SettingsProblem` where a task cannot be made with these options on this time grid.
  public func shapes(of settings: Settings) throws -> [TaskShape] {
    try settings.tasks.map { name in
      do {
        return try task(named: name, in: settings).shape(
          form(of: name, in: settings), options(of: name, in: settings), settings.time)
      } catch {
        throw SettingsProblem(
          paths: ["time.trial", "time.step", "form"] + settings.options.keys.map { "options.\($0)" } + [
            "task"
          ],
          problem: "task \(TaskFile.shownName(name)) is impossible with these settings: \(error)",
          advice: "Look at time.step, time.trial, form and options of the task.")
      }
    }
  }

  /// Checks whether the settings make sense together.
  /// - Returns: what is allowed but probably not meant: the setting to look at, and a sentence.
  /// - Throws: `SettingsProblem` for a combination that cannot be run.
  /// - Parameter shapes: those of the tasks; asked for once the time grid is known to be sound.
  func check(
    _ settings: Settings, shapes: () throws -> [TaskShape]
  ) throws -> [(path: String, message: String)] {
    try checkTime(settings)
    try checkWiring(settings.network)
    try checkLearner(settings, shapes())
    try checkEstimator(settings, shapes())
    try checkEngine(settings, shapes())
    try checkSearch(settings)
    try checkLearned(settings)
    try checkWidened(settings, shapes())
    return notes(on: settings) + notes(on: settings.network)
  }

  func refuse(_ paths: String..., problem: String, advice: String) -> SettingsProblem {
    SettingsProblem(paths: paths, problem: problem, advice: advice)
  }

  private func checkEngine(_ settings: Settings, _ shapes: [TaskShape]) throws {
    guard settings.engine == .adjoint, settings.meta.estimator.needsTangents else { return }
    let model = CostModel(settings, shapes: shapes)
    if model.tapeLength == nil {
      let least = Int((model.leastTapeBytes / 1_048_576).rounded(.up))
      throw refuse(
        "memory", "engine",
        problem:
          "memory is too little for the adjoint engine, which needs at least \(least)MiB for \(settings.trials) "
          + "trials of \(settings.network.units) units",
        advice: "Give memory: \(least)MiB or more (more is faster), or use engine: forward.")
    }
  }

  private func checkEstimator(_ settings: Settings, _ shapes: [TaskShape]) throws {
    let estimator = settings.meta.estimator
    if estimator.needsWeightNoise && settings.exploration.weightNoise == 0 {
      throw refuse(
        "exploration.weight-noise", "meta.estimator",
        problem: "estimator \(estimator) divides by sigma, and exploration.weight-noise is 0",
        advice: "Give weight noise (0.003, or 0.01 for tangent and score), or use pathwise or evolution.")
    }
    if settings.reward == .binary {
      if estimator == .pathwise {
        throw refuse(
          "meta.estimator", "reward",
          problem: "estimator pathwise needs a reward with a derivative; that of binary reward is 0",
          advice: "Use score, which is unbiased for binary reward, or evolution.")
      }
      if shapes.contains(where: \.hasMovingTarget) {
        throw refuse(
          "reward", "task",
          problem:
            "binary reward needs a target that stands still; that of \(TaskFile.shownName(settings.tasks[0])) moves",
          advice: "Use absolute or squared reward.")
      }
    }
    if (estimator == .tangent || estimator == .antithetic) && settings.trials < 2 {
      throw refuse(
        "trials", "meta.estimator",
        problem:
          "estimator \(estimator) learns from the trials after the first, and trials is \(settings.trials)",
        advice: "Give at least 2 trials.")
    }
    for setting in ConstantSetting.all where estimator != .evolution {
      let declared = setting.declaration
      guard !declared.hasDerivatives, setting.isOn(in: settings.constants) else { continue }
      throw refuse(
        setting.path, "meta.estimator",
        problem: "estimator \(estimator) has no derivative of \(declared.mechanism ?? setting.name), and "
          + "\(setting.path) is \(setting.value(of: settings.constants))",
        advice: "Use meta.estimator: evolution, or \(setting.path): \(setting.value(of: LocalConstants())).")
    }
    if estimator == .evolution && !settings.meta.lifetimes.isMultiple(of: 2) {
      throw refuse(
        "meta.lifetimes", "meta.estimator",
        problem:
          "estimator evolution runs lifetimes in pairs, and meta.lifetimes is \(settings.meta.lifetimes)",
        advice: "Give an even number, such as \(settings.meta.lifetimes + 1).")
    }
  }

  private func checkSearch(_ settings: Settings) throws {
    if settings.evaluation.criterionCorrect > settings.evaluation.criterionOf {
      throw refuse(
        "evaluation.criterion.correct", "evaluation.criterion.of",
        problem: "a criterion of \(settings.evaluation.criterionCorrect) right out of "
          + "\(settings.evaluation.criterionOf) cannot be met",
        advice: "Give evaluation.criterion.correct a value up to evaluation.criterion.of.")
    }
  }

  private func checkLearned(_ settings: Settings) throws {
    let learned = settings.meta.learn
    let listed = ConstantSetting.all.filter { learned.contains($0.name) }
    if settings.meta.estimator == .score, learned != ["theta"] {
      throw refuse(
        "meta.learn", "meta.estimator",
        problem: "estimator score learns theta alone, and meta.learn is \(SettingValue.words(learned))",
        advice: "Use antithetic, tangent, pathwise or evolution, or learn [theta].")
    }
    for setting in listed where settings.meta.estimator != .evolution {
      guard !setting.constants.allSatisfy(\.declaration.isDifferentiable) else { continue }
      throw refuse(
        "meta.learn", "meta.estimator",
        problem:
          "estimator \(settings.meta.estimator) has no derivative by \(setting.name), and meta.learn lists it",
        advice: "Use estimator evolution, or leave \(setting.name) out of meta.learn.")
    }
    for setting in listed where !setting.canBeLearned(from: settings.constants) {
      throw refuse(
        setting.path, "meta.learn",
        problem: "\(setting.name) is learned on a logarithmic scale, and \(setting.path) starts at "
          + "\(setting.value(of: settings.constants))",
        advice: "Start \(setting.path) above 0, or leave \(setting.name) out of meta.learn.")
    }
    for setting in listed {
      guard let kinds = setting.declaration.kicks, !kinds.contains(settings.exploration.kind) else {
        continue
      }
      throw refuse(
        "meta.learn", "exploration.kind",
        problem: "\(setting.name) has no effect with exploration.kind \(settings.exploration.kind), "
          + "and meta.learn lists it",
        advice: "Change exploration.kind, or leave \(setting.name) out of meta.learn.")
    }
  }

  private func checkTime(_ settings: Settings) throws {
    let step = settings.time.step
    if let trial = settings.time.trial, trial < step {
      throw refuse(
        "time.trial", "time.step",
        problem:
          "a trial of \(shortestText(of: trial)) ms is shorter than one step of \(shortestText(of: step)) ms",
        advice: "Give a longer time.trial or a shorter time.step.")
    }
    let own = LocalConstant.allCases.filter(\.declaration.isTime).map { ($0.path, settings.constants[$0]) }
    for (path, value) in [("network.tau", settings.network.tau)] + own where step >= 2 * value {
      throw refuse(
        path, "time.step",
        problem: "\(path) of \(shortestText(of: value)) ms is unstable on a time.step of "
          + "\(shortestText(of: step)) ms (Euler needs a step below twice the time constant)",
        advice: "Give a shorter time.step or a longer \(path).")
    }
  }

  private func notes(on settings: Settings) -> [(path: String, message: String)] {
    var notes: [(path: String, message: String)] = []
    let estimator = settings.meta.estimator
    let exploration = settings.exploration
    if settings.reward == .binary && (estimator == .tangent || estimator == .antithetic) {
      notes.append(
        ("meta.estimator", "estimator \(estimator) is biased for binary reward; score is unbiased"))
    }
    let silent =
      exploration.kind == .none || settings.constants[.amplitude] == 0
      || (exploration.kind == .sparse && settings.constants[.probability] == 0)
    if silent {
      notes.append(
        ("exploration.kind", "no noise on the state within a trial; a rule then learns next to nothing"))
    }
    if settings.engine == .adjoint && (estimator == .score || estimator == .evolution) {
      notes.append(("engine", "estimator \(estimator) needs no engine; engine adjoint has no effect"))
    }
    if settings.engine == .forward && settings.memory != nil {
      notes.append(("memory", "memory bounds the adjoint engine; engine forward ignores it"))
    }
    if settings.constants[.traceMean] == 0 && settings.rule.traceMeanBy != RuleSettings().traceMeanBy {
      notes.append(
        ("rule.trace-mean-by", "rule.trace-mean-by has no effect while rule.trace-mean is 0"))
    }
    notes += widenedNotes(settings)
    if settings.evaluation.criterionOf > settings.trials {
      notes.append(
        (
          "evaluation.criterion.of",
          "a stretch of \(settings.evaluation.criterionOf) trials does not fit into "
            + "\(settings.trials); every network will count as censored"
        ))
    }
    let shorter = [
      (LocalConstant.tauBar.path, settings.constants[.tauBar]), ("network.tau", settings.network.tau),
    ]
    for (path, value) in shorter where value < settings.time.step {
      notes.append((path, "\(path) is shorter than time.step; it overshoots at every step"))
    }
    return notes
  }
}

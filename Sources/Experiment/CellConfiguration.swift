import Kernels
import Model
import Plasticity
import Sweep
import TaskFiles
import Tasks

/// A cell's settings in the terms of the method: the tasks, the network, the rule it starts from, how it learns.
public struct CellConfiguration: Sendable {
  public var tasks: [any LearningTask]
  public var method: Method
  public var meta: MetaConfiguration
  /// The rival that learns in place of a rule of theta; its own rule has degree 0, see `RivalRule.rule`.
  public var rival: RivalRule?
  /// Which coefficients the rule has.
  public var shape: RuleShape
  public var constants: LocalConstants
  public var start: StartTheta
  public var normalise: Bool
  public var isDouble: Bool
  public var engine: GradientEngine
  public var evaluationNetworks: Int
  public var criterion: (correct: Int, of: Int)

  /// - Throws: `TaskError` where a task refuses its settings; never for a cell of a read sweep file.
  public init(_ settings: Settings, schema: SettingsSchema = .trifactor) throws {
    let time = TimeGrid(step: settings.time.step, trial: settings.time.trial)
    tasks = try settings.tasks.map { name in
      if let file = settings.taskFiles[name] { return try TaskReading.task(file, time: time) }
      return try TaskCatalogue.make(
        name: name, form: schema.form(of: name, in: settings),
        options: schema.options(of: name, in: settings),
        time: time)
    }
    method = Method(settings)
    meta = MetaConfiguration(settings)
    rival = settings.learner.rival
    shape = settings.rule.shape
    constants = settings.constants
    start = settings.rule.theta
    normalise = settings.rule.normalise
    isDouble = settings.precision == .double
    if settings.engine == .forward {
      engine = .forward
    } else {
      let model = CostModel(settings, shapes: try schema.shapes(of: settings))
      engine = .adjoint(tapeLength: model.tapeLength ?? 1, tapes: model.tapes)
    }
    evaluationNetworks = settings.evaluation.networks
    criterion = (settings.evaluation.criterionCorrect, settings.evaluation.criterionOf)
  }

  /// - Throws: `SettingsProblem` where the cell's rule has no derivatives: `what` needs them.
  func requireDerivatives(for what: String) throws {
    let mechanisms = Mechanisms(constants, traceMeanBy: method.traceMeanBy)
    guard let unknown = mechanisms.withoutDerivatives else { return }
    throw SettingsProblem(
      paths: ["rule"], problem: "\(what) needs derivatives by theta, and there are none of \(unknown)",
      advice: "Choose a cell without it; `trifactor evaluate` and `lifetime` run rules without derivatives.")
  }

  /// theta where learning starts; for a rival the factor of its eta.
  public var startTheta: [Double] {
    if let rival { return [rival.standardGain] }
    return switch start {
    case .entries(let theta): theta
    case .random:
      randomTheta(seed: meta.seed, shape: shape, terms: meta.learned.terms)
    }
  }

  /// s of every task, measured at `level` with the constants that learning starts from; all 1 where monomials are not
  /// normalised.
  public func scales(level: SIMDLevel) -> [[Double]] {
    tasks.map { task in
      if normalise, let rival {
        return [rival.scale(task: task, method: method, constants: constants, level: level)]
      }
      return normalise
        ? Calibration.scales(
          task: task, method: method, constants: constants, shape: shape, level: level)
        : Array(repeating: 1, count: shape.coefficients)
    }
  }

  /// The engine for the cell's tasks.
  /// - Throws: `RivalError` where a rival has nothing to learn from; never for a cell of a read sweep file.
  public func runner(level: SIMDLevel, scales: [[Double]]) throws -> any LifetimeRunner {
    let runners = try tasks.map { task in
      try rival.map {
        try task.runner($0, method, constants: constants, double: isDouble, level: level)
      } ?? task.runner(method, double: isDouble, level: level, engine: engine)
    }
    return runners.count == 1 ? runners[0] : TaskRotation(runners, scales: scales)
  }

  /// The rule learning starts from.
  public func startRule(scales: [[Double]]) -> Rule {
    Rule(
      degree: shape.degree, theta: startTheta, scale: scales[0], constants: constants, layers: shape.layers)
  }

  /// Accuracy of guessing, of the best shortcut and of an ideal observer, averaged over the tasks.
  public var yardsticks: (chance: Double, shortcut: Double, ceiling: Double) {
    let count = Double(tasks.count)
    return (
      tasks.reduce(0) { $0 + $1.chance } / count, tasks.reduce(0) { $0 + $1.shortcut } / count,
      tasks.reduce(0) { $0 + $1.ceiling } / count
    )
  }
}

extension RivalError {
  /// A cell whose learner has no theta, where a rule of theta is wanted.
  init(noRuleIn cell: Cell) {
    self.init(
      "cell \(cell.keyText) learns by \(cell.settings.learner.rawValue), which has no theta and no tangents; "
        + "choose a cell of learner three-factor by --cell KEY")
  }
}

extension Method {
  init(_ settings: Settings) {
    let network = settings.network
    self.init(
      units: network.units, trials: settings.trials, timeStep: settings.time.step, gain: network.gain,
      inputScale: network.inputScale, readoutScale: network.readoutScale, initialScale: network.initialScale,
      initialPerTrial: network.initialPerTrial, tau: network.tau,
      reward: settings.reward, kicks: settings.exploration.kind,
      weightNoise: settings.exploration.weightNoise, horizon: settings.meta.horizon,
      traceMeanBy: settings.rule.traceMeanBy, critic: settings.rule.critic, wiring: network.wiring,
      nonlinearity: network.nonlinearity, plastic: settings.rule.plastic)
  }
}

extension MetaConfiguration {
  init(_ settings: Settings) {
    let meta = settings.meta
    guard let learned = LearnedSet(names: meta.learn, terms: settings.rule.places) else {
      brokenInvariant("meta.learn names something unknown among \(meta.learn)")
    }
    self.init(
      estimator: meta.estimator, lifetimes: meta.lifetimes,
      iterations: meta.iterations, learningRate: meta.learningRate, gradientClip: meta.gradientClip,
      learned: learned, l1: meta.l1, validationNetworks: meta.validationNetworks,
      validationEvery: meta.validationEvery,
      seed: settings.seed)
  }
}

import Kernels
import Plasticity
import Sweep
import Tasks

/// A configuration that contenders are tested on: task, network, noise, lifetime, but no rule of its own.
public struct EvaluationTarget: Sendable {
  /// Settings with everything that only concerns the search set to its default, and the seed of the evaluation.
  public var cell: Cell
  /// The rule that learning started from, for the contender `start`.
  public var start: (degree: Int, theta: [Double])
  /// What tells it from the other targets; the task where nothing else does.
  public var label: String
  public var configuration: CellConfiguration

  /// - Parameters:
  ///   - settings: of any cell; its rule and search are left out, but for the start rule.
  ///   - seed: of the networks and trials to test on.
  /// - Throws: `TaskError` where the task cannot be made with these settings.
  public init(_ settings: Settings, seed: UInt64, label: String) throws {
    let own = try CellConfiguration(settings)
    start = (own.degree, own.startTheta)
    self.label = label
    var neutral = Self.neutral(settings)
    neutral.seed = seed
    cell = Cell(neutral)
    configuration = try CellConfiguration(neutral)
  }

  /// The settings that a target keeps. Two cells are one target where these are equal.
  static func neutral(_ settings: Settings) -> Settings {
    let standard = Settings()
    var neutral = settings
    neutral.seed = standard.seed
    neutral.engine = standard.engine
    neutral.memory = standard.memory
    neutral.rule.degree = standard.rule.degree
    neutral.rule.theta = standard.rule.theta
    neutral.meta = standard.meta
    neutral.evaluation.networks = standard.evaluation.networks
    return neutral
  }

  /// Settings that concern the rule or the search, and so tell no targets apart.
  static func isNeutral(_ path: String) -> Bool {
    ["seed", "engine", "memory", "rule.degree", "rule.theta", "evaluation.networks"].contains(path)
      || path.hasPrefix("meta.")
  }

  /// The distinct targets of some cells, in their order, and for every cell the place of its target.
  public static func targets(of cells: [Cell], seed: UInt64) throws -> (
    targets: [EvaluationTarget], places: [Int]
  ) {
    var keys: [UInt64: Int] = [:]
    var targets: [EvaluationTarget] = []
    let places = try cells.map { cell in
      let key = Cell(neutral(cell.settings)).key
      if let place = keys[key] { return place }
      let telling = cell.coordinates.filter { !isNeutral($0.path) && $0.path != "task" }
      let label = ([cell.settings.tasks.joined(separator: "+")] + telling.map { "\($0.path)=\($0.value)" })
        .joined(separator: " ")
      keys[key] = targets.count
      targets.append(try EvaluationTarget(cell.settings, seed: seed, label: label))
      return targets.count - 1
    }
    return (targets, places)
  }

  /// The same configuration with another task in its default form and options.
  public func with(task: String) throws -> EvaluationTarget {
    var settings = cell.settings
    settings.tasks = [task]
    settings.form = try TaskCatalogue.description(of: task).forms[0]
    settings.options = [:]
    var target = try EvaluationTarget(settings, seed: settings.seed, label: task)
    target.start = start
    return target
  }

  /// A contender at work on this target.
  /// - Throws: `RivalError` where a rival has nothing to learn from here.
  func learner(_ contender: Contender, level: SIMDLevel) throws -> any Learner {
    let constants = contender.applied(to: configuration.constants)
    switch contender.kind {
    case .rule(let degree, let theta): return rule(degree, theta, contender.gain, constants, level)
    case .start: return rule(start.degree, start.theta, contender.gain, constants, level)
    case .none:
      var still = constants
      still.growth0 = 0
      still.growth2 = 0
      return rule(0, [0], 1, still, level)
    case .rival(let rival):
      var own = constants
      own.eta *= contender.gain
      return LearnerRotation(
        try configuration.tasks.map { task in
          try task.rival(
            rival, method: configuration.method, constants: own, normalise: configuration.normalise,
            double: configuration.isDouble, level: level)
        })
    }
  }

  /// The scales are the target's, measured with its own constants, whatever the rule was learned on.
  private func rule(
    _ degree: Int, _ theta: [Double], _ gain: Double, _ constants: LocalConstants, _ level: SIMDLevel
  ) -> RuleLearner {
    var configuration = configuration
    configuration.degree = degree
    let scales = configuration.scales(level: level)
    return RuleLearner(
      configuration.runner(level: level, scales: scales),
      rule: Rule(degree: degree, theta: theta.map { gain * $0 }, scale: scales[0], constants: constants))
  }
}

import Kernels
import Model
import Plasticity
import Sweep
import Tasks

/// A configuration that contenders are tested on: task, network, noise, lifetime, but no rule of its own.
public struct EvaluationTarget: Sendable {
  /// Settings with everything that only concerns the search set to its default, and the seed of the evaluation.
  public var cell: Cell
  /// What learning started from, for the contender `start`: a rule, or a rival where only rivals learned here.
  public var start: Contender.Kind
  /// What tells it from the other targets; the task if nothing else does.
  public var label: String
  public var configuration: CellConfiguration

  /// - Parameters:
  ///   - settings: of any cell; its rule and search are left out, but for the start rule.
  ///   - seed: of the networks and trials to test on.
  /// - Throws: `TaskError` where the task cannot be made with these settings.
  public init(_ settings: Settings, seed: UInt64, label: String) throws {
    let own = try CellConfiguration(settings)
    start =
      own.rival.map { .rival($0) }
      ?? .rule(degree: own.shape.degree, theta: own.startTheta, layers: own.shape.layers)
    self.label = label
    var neutral = Self.neutral(settings)
    neutral.seed = seed
    cell = Cell(neutral)
    configuration = try CellConfiguration(neutral)
  }

  /// The settings that a target keeps. Two cells with the same ones are one target.
  static func neutral(_ settings: Settings) -> Settings {
    let standard = Settings()
    var neutral = settings
    neutral.seed = standard.seed
    neutral.learner = standard.learner
    neutral.engine = standard.engine
    neutral.memory = standard.memory
    neutral.rule.degree = standard.rule.degree
    neutral.rule.theta = standard.rule.theta
    neutral.meta = standard.meta
    neutral.evaluation.networks = standard.evaluation.networks
    return neutral
  }

  /// True for settings that concern the rule or the search, which do not tell targets apart.
  static func isNeutral(_ path: String) -> Bool {
    ["seed", "learner", "engine", "memory", "rule.degree", "rule.theta", "evaluation.networks"].contains(path)
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
      if let place = keys[key] {
        if case .rival = targets[place].start, !cell.settings.learner.isRival {
          targets[place].start = try EvaluationTarget(cell.settings, seed: seed, label: "").start
        }
        return place
      }
      let telling = cell.coordinates.filter { !isNeutral($0.path) && $0.path != "task" }
      let label = ([TaskFile.shownName(cell.settings.tasks.joined(separator: "+"))] + telling.map(\.text))
        .joined(separator: " ")
      keys[key] = targets.count
      targets.append(try EvaluationTarget(cell.settings, seed: seed, label: label))
      return targets.count - 1
    }
    return (targets, places)
  }

  /// The same configuration with another task in its default form and options, or with that of a file.
  public func with(task: String, file: TaskFile? = nil) throws -> EvaluationTarget {
    var settings = cell.settings
    settings.tasks = [file?.identity ?? task]
    settings.taskFiles = file.map { [$0.identity: $0] } ?? [:]
    settings.form = try file?.entry.forms[0] ?? TaskCatalogue.description(of: task).forms[0]
    settings.options = [:]
    if let step = file?.entry.step { settings.time.step = step }
    var target = try EvaluationTarget(settings, seed: settings.seed, label: file?.name ?? task)
    target.start = start
    return target
  }

  /// The learner of a contender on this target.
  /// - Throws: `RivalError` where a rival has nothing to learn from here.
  func learner(_ contender: Contender, level: SIMDLevel) throws -> any Learner {
    let home = contender.frame.applied(to: configuration)
    let constants = contender.constants(in: configuration)
    switch contender.kind {
    case .rule(let degree, let theta, let layers):
      let shape = RuleShape(degree: degree, coefficients: theta.count, layers: layers)
      return try learner(home, shape, theta.map { contender.gain * $0 }, constants, level)
    case .none: return try learner(home, RuleShape(degree: 0), [0], constants.withoutGrowth, level)
    case .rival(let rival):
      return try learner(home, RuleShape(degree: 0), [contender.gain], constants, level, rival: rival)
    case .start:
      var first = contender
      first.kind = start
      if case .rival(let rival) = start { first.gain *= rival.standardGain }
      return try learner(first, level: level)
    }
  }

  /// The scales are measured on the target's tasks and network, with the constants that the contender started from and not
  /// with those that learning has moved since.
  private func learner(
    _ home: CellConfiguration, _ shape: RuleShape, _ theta: [Double], _ constants: LocalConstants,
    _ level: SIMDLevel,
    rival: RivalRule? = nil
  ) throws -> RuleLearner {
    var configuration = home
    configuration.shape = shape
    configuration.rival = rival
    let scales = configuration.scales(level: level)
    configuration.constants = constants
    return RuleLearner(
      try configuration.runner(level: level, scales: scales),
      rule: Rule(
        degree: shape.degree, theta: theta, scale: scales[0], constants: constants, layers: shape.layers),
      feedback: rival?.feedback ?? .scalar)
  }
}

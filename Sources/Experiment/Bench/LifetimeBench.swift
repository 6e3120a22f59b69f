import Kernels
import Model
import Plasticity
import Sweep
import Tasks

/// Whole lifetimes of one size, precision and engine, with everything that a sweep does for them, draws included.
///
/// The task is `cue-association`, if `change` names no other, stretched to T steps of 15 ms, the rule the default start rule.
struct LifetimeBench {
  let size: BenchSize
  let trials: Int
  private let runner: any LifetimeRunner
  private let rule: Rule
  private let coordinates: [RuleCoordinate]
  private let settings: Settings
  private let shape: TaskShape

  /// - Parameter change: what differs from the plain rule in a network that is all to all.
  /// - Throws: `TaskError` where T steps cannot hold the task's epochs.
  init(
    _ size: BenchSize, trials: Int, engine: Engine, precision: Precision, level: SIMDLevel,
    change: (inout Settings) -> Void = { _ in }
  ) throws {
    self.size = size
    self.trials = trials
    var settings = Settings()
    settings.network.units = size.units
    settings.time.trial = settings.time.step * Double(size.steps)
    settings.rule.degree = size.degree
    settings.exploration.weightNoise = 0.003
    settings.trials = trials
    settings.engine = engine
    settings.precision = precision
    change(&settings)
    settings.rule.theta = .standard(settings.rule)
    self.settings = settings
    let configuration = try CellConfiguration(settings)
    let task = configuration.tasks[0]
    shape = TaskShape(
      inputs: task.inputs, outputs: task.outputs, steps: task.steps, conditions: task.conditions)
    invariant(task.steps == size.steps, "the task has \(task.steps) steps, not \(size.steps)")
    let scale = Self.scale(configuration, task, level)
    rule = configuration.startRule(scales: [scale])
    coordinates = rule.coordinates(configuration.meta.learned)
    runner = try configuration.runner(level: level, scales: [scale])
  }

  /// s of the terms up to k = l = 1, measured, and 1 for all others: the start rule has no others, so their scale has no
  /// effect.
  private static func scale(
    _ configuration: CellConfiguration, _ task: any LearningTask, _ level: SIMDLevel
  ) -> [Double] {
    let shape = configuration.shape
    var scale = Array(repeating: 1.0, count: shape.coefficients)
    guard shape.degree > 0 else { return scale }
    let linear = RuleShape(degree: 1, layers: shape.layers)
    let measured = Calibration.scales(
      task: task, method: configuration.method, constants: configuration.constants, shape: linear,
      level: level)
    for (index, value) in measured.enumerated() {
      for place in shape.places(of: linear.term(index)) { scale[place] = value }
    }
    return scale
  }

  /// Runs as many lifetimes side by side as a batch would, and returns the number of their trials, fewer than H for one
  /// that diverged.
  func run(_ estimator: Estimator?) -> Int {
    let request =
      estimator.map {
        LifetimeRequest(estimators: [$0], coordinates: coordinates, directions: coordinates.indices)
      } ?? LifetimeRequest()
    let jobs = (0..<runner.width(of: request)).map {
      LifetimeJob(LifetimeAddress(seed: 0, domain: .training, index: UInt32($0)), rule, request)
    }
    return runner.run(jobs).reduce(0) { $0 + ($1.divergedAt.map { $0 + 1 } ?? trials) }
  }

  /// What the lifetime is credited with, by its settings.
  var cost: CostModel { CostModel(settings, shapes: [shape]) }

  /// Credited flops of a trial.
  func flops(_ estimator: Estimator?) -> Double {
    guard let estimator else { return cost.primalTrial }
    var settings = settings
    settings.meta.estimator = estimator
    return CostModel(settings, shapes: [shape]).gradientTrial
  }
}

import Kernels
import Model
import Plasticity
import Sweep

/// Whole lifetimes of one size, precision and engine, with everything that a sweep does for them, draws included.
///
/// The task is `cue-association` stretched to T steps of 15 ms, the rule the default start rule.
struct LifetimeBench {
  let size: BenchSize
  let trials: Int
  private let runner: any LifetimeRunner
  private let rule: Rule
  private let settings: Settings
  private let shape: TaskShape

  /// - Throws: `TaskError` where T steps cannot hold the task's epochs.
  init(_ size: BenchSize, trials: Int, engine: Engine, precision: Precision, level: SIMDLevel) throws {
    self.size = size
    self.trials = trials
    var settings = Settings()
    settings.network.units = size.units
    settings.time.trial = settings.time.step * Double(size.steps)
    settings.rule.degree = size.degree
    settings.rule.theta = .standard(degree: size.degree)
    settings.exploration.weightNoise = 0.003
    settings.trials = trials
    settings.engine = engine
    settings.precision = precision
    self.settings = settings
    let configuration = try CellConfiguration(settings)
    let task = configuration.tasks[0]
    shape = TaskShape(inputs: task.inputs, outputs: task.outputs, steps: task.steps)
    invariant(task.steps == size.steps, "the task has \(task.steps) steps, not \(size.steps)")
    // The start rule has no term above k = l = 1, so the other scales have no effect.
    let width = size.degree + 1
    var scale = Array(repeating: 1.0, count: width * width)
    if size.degree > 0 {
      let linear = Calibration.scales(
        task: task, method: configuration.method, constants: configuration.constants,
        shape: RuleShape(degree: 1), level: level)
      for k in 0...1 { for l in 0...1 { scale[k * width + l] = linear[2 * k + l] } }
    }
    rule = configuration.startRule(scales: [scale])
    runner = try configuration.runner(level: level, scales: [scale])
  }

  /// Runs a lifetime and returns the number of its trials, fewer than H if it diverged.
  func run(_ estimator: Estimator?) -> Int {
    let request = estimator.map { LifetimeRequest(estimators: [$0], directions: 0..<size.directions) }
    let outcome = runner.run(
      LifetimeAddress(seed: 0, domain: .training, index: 0), rule: rule, request: request ?? LifetimeRequest()
    )
    return outcome.divergedAt.map { $0 + 1 } ?? trials
  }

  /// Credited flops of a trial.
  func flops(_ estimator: Estimator?) -> Double {
    var settings = settings
    guard let estimator else { return CostModel(settings, shapes: [shape]).primalTrial }
    settings.meta.estimator = estimator
    return CostModel(settings, shapes: [shape]).gradientTrial
  }
}

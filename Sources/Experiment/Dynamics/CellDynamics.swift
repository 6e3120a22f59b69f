import Dynamics
import Kernels
import Model
import Plasticity
import ResultStore
import Sweep
import Tasks

/// One fresh network of a cell before learning and after a lifetime under each of its rules: fixed points and linear
/// dynamics under every condition's input held constant.
public struct CellDynamics: Sendable {
  /// The network at one stage.
  public struct Snapshot: Sendable {
    public var stage: DynamicsStage
    /// nil for a lifetime that diverged, which leaves no network.
    public var network: FrozenNetwork?
    public var report: DynamicsReport?
    /// Trial at which the lifetime diverged.
    public var divergedAt: Int?
    /// Mean accuracy of the late trials, as the cell's evaluation has it; NaN before learning.
    public var lateAccuracy: Double
  }

  public let key: UInt64
  /// Index among the cell's evaluation networks.
  public let index: Int
  public let task: String
  /// u of each condition, C x M.
  public let inputs: [[Double]]
  /// In the order of `DynamicsStage.allCases`.
  public let snapshots: [Snapshot]

  /// Runs the three lifetimes and analyses the four networks.
  ///
  /// - Parameters:
  ///   - learned: theta, scale and constants as the cell's result record holds them.
  ///   - index: which fresh network; those below `evaluation.networks` are the ones of the cell's own evaluation.
  ///   - limit: points of each held input whose linear dynamics are analysed, those with most hits first.
  ///   - eachStage: called before each of the four, which may take minutes at N = 200; for a heartbeat.
  /// - Throws: what `eachStage` throws, `TaskError` where a task refuses its settings, `DynamicsError` for weights that are
  ///   not finite.
  public init(
    of cell: Cell, learned: (theta: [Double], scale: [Double], constants: LocalConstants), network index: Int,
    settings: FixedPointSettings = FixedPointSettings(), limit: Int = 10, level: SIMDLevel,
    eachStage: () throws -> Void = {}
  ) throws {
    invariant(index >= 0, "there is no network \(index)")
    let configuration = try CellConfiguration(cell.settings)
    let scales = configuration.scales(level: level)
    let runner = try configuration.runner(level: level, scales: scales)
    let place = index % configuration.tasks.count
    let held = configuration.tasks[place].heldInputs()
    let address = LifetimeAddress(
      seed: configuration.meta.seed, domain: .evaluation, index: UInt32(index))
    let fixed = runner.network(address)
    let start = configuration.startRule(scales: scales)
    let rules: [DynamicsStage: Rule] = [
      .learned: Rule(
        degree: configuration.shape.degree, theta: learned.theta, scale: learned.scale,
        constants: learned.constants, layers: configuration.shape.layers),
      .start: start, .none: start.silent,
    ]
    snapshots = try DynamicsStage.allCases.map { stage in
      try eachStage()
      var weights: [Double]? = fixed.weights
      var divergedAt: Int?
      var lateAccuracy = Double.nan
      if let rule = rules[stage] {
        let outcome = runner.run(address, rule: rule, request: LifetimeRequest()) { _, trial in
          weights = trial.weights
        }
        divergedAt = outcome.divergedAt
        lateAccuracy = outcome.lateAccuracy(runner.method)
        if divergedAt != nil { weights = nil }
      }
      let network = try weights.map {
        try FrozenNetwork(
          units: runner.method.units, weights: $0, inputWeights: fixed.inputWeights, readout: fixed.readout,
          nonlinearity: runner.method.nonlinearity)
      }
      return Snapshot(
        stage: stage, network: network,
        report: try network.map {
          try DynamicsReport(of: $0, inputs: held, settings: settings, limit: limit)
        },
        divergedAt: divergedAt, lateAccuracy: lateAccuracy)
    }
    key = cell.key
    self.index = index
    task = cell.settings.tasks[place]
    inputs = held
  }
}

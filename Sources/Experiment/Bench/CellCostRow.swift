import Model
import Sweep

/// What a cell of default settings costs by one engine and estimator, on one core.
public struct CellCostRow: Sendable, Encodable {
  public var task: String
  public var engine: Engine
  public var estimator: Estimator
  public var size: BenchSize
  /// H.
  public var trials: Int
  /// Of a trial of the lifetimes that gradients are made of.
  public var timing: BenchTiming
  /// Lifetimes that gradients are made of, and those of validation and evaluation, which have none.
  public var lifetimes: Int
  public var testLifetimes: Int
  /// Of the whole cell.
  public var seconds: Double
  /// Of the whole cell; nil where the machine's energy cannot be read.
  public var joules: Double?
  /// Credited GFLOP/s of the lifetimes that gradients are made of.
  public var gigaflops: Double

  /// - Parameters:
  ///   - joules: of a trial; nil where they cannot be read.
  ///   - primal: ms and J of a trial without a gradient.
  init(
    task: String, way: (engine: Engine, estimator: Estimator), size: BenchSize, trials: Int,
    timing: BenchTiming, joules: Double?, primal: (time: Double, joules: Double?), cost: CostModel
  ) {
    self.task = task
    engine = way.engine
    estimator = way.estimator
    self.size = size
    self.trials = trials
    self.timing = timing
    lifetimes = cost.gradientLifetimes
    testLifetimes = cost.testLifetimes
    let (own, tests) = (Double(lifetimes * trials), Double(testLifetimes * trials))
    seconds = (own * timing.median + tests * primal.time) / 1e3
    if let joules, let plain = primal.joules { self.joules = own * joules + tests * plain }
    gigaflops = cost.gradientTrial / (timing.median * 1e6)
  }

  /// What `plan` calls the lifetimes that gradients are made of.
  public var work: CoreSpeed.Work { CoreSpeed.Work(engine, estimator) }

  private enum CodingKeys: String, CodingKey {
    case task, engine, estimator, lifetimes, seconds, joules
    case testLifetimes = "test_lifetimes"
    case gigaflops = "gflops"
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(task, forKey: .task)
    // An estimator that needs no tangents has the same lifetimes with either engine.
    try container.encode(estimator.needsTangents ? engine.rawValue : "either", forKey: .engine)
    try container.encode(estimator.rawValue, forKey: .estimator)
    try container.encode(lifetimes, forKey: .lifetimes)
    try container.encode(testLifetimes, forKey: .testLifetimes)
    try container.encode(seconds, forKey: .seconds)
    try container.encodeIfPresent(joules, forKey: .joules)
    try container.encode(gigaflops, forKey: .gigaflops)
    try timing.encode(to: encoder, of: size, trials: trials)
  }
}

extension [CellCostRow] {
  /// Credited GFLOP/s of each kind of work at each number of units: medians over tasks and estimators. What
  /// `CoreSpeed.standard` holds of one machine.
  public var rates: [CoreSpeed.Work: [(units: Int, gigaflops: Double)]] {
    Dictionary(grouping: self, by: \.work).mapValues { rows in
      Set(rows.map(\.size.units)).sorted().map { units in
        (units, BenchTiming(rows.filter { $0.size.units == units }.map(\.gigaflops)).median)
      }
    }
  }
}

import Kernels
import Model
import Plasticity
import Sweep
import Tasks

/// What whole cells cost, by task, size, engine and estimator: lifetimes are measured, and a cell of default settings is
/// so many of them.
public struct CellCostBench {
  public var sizes: [BenchSize]
  public var tasks: [String] = TaskCatalogue.descriptions.map(\.name)
  public var precision = Precision.float
  /// H.
  public var trials = 300
  /// Times that everything is measured, one row after the other, so that a change of the machine's pace meets all.
  public var rounds = 3
  public let level: SIMDLevel
  /// Called before each task and size, with what is about to be measured.
  public var note: (String) -> Void = { _ in }

  public static let standard = CoreSpeed.sizes.map { BenchSize(units: $0, steps: 24, degree: 3) }

  public init(sizes: [BenchSize] = CellCostBench.standard, level: SIMDLevel) {
    self.sizes = sizes
    self.level = level
  }

  /// - Throws: `TaskError` where a size cannot hold a trial of a task.
  public func run() throws -> [CellCostRow] {
    try sizes.flatMap { size in
      try tasks.flatMap { task in
        note("N = \(size.units), T = \(size.steps), d = \(size.degree), \(task)")
        return try rows(size, task)
      }
    }
  }

  /// A way to a gradient: evolution's lifetimes have none, nor have those of validation and evaluation.
  private static let ways: [(engine: Engine, estimator: Estimator)] =
    [(.forward, .evolution), (.forward, .score)]
    + [Estimator.tangent, .antithetic, .pathwise].flatMap { estimator in
      [Engine.forward, .adjoint].map { ($0, estimator) }
    }

  private func rows(_ size: BenchSize, _ task: String) throws -> [CellCostRow] {
    let meter = EnergyMeter()
    let clock = ContinuousClock()
    let benches = try Self.ways.map { way in
      try LifetimeBench(size, trials: trials, engine: way.engine, precision: precision, level: level) {
        $0.tasks = [task]
        $0.meta.estimator = way.estimator
      }
    }
    var times = Array(repeating: [Double](), count: Self.ways.count)
    var joules = Array(repeating: [Double](), count: Self.ways.count)
    for round in 0...rounds {
      for (place, way) in Self.ways.enumerated() {
        var run = 0
        var seconds = 0.0
        let used = meter.joules {
          seconds =
            clock.measure {
              repeat {
                run += benches[place].run(way.estimator == .evolution ? nil : way.estimator)
              } while run < trials
            } / .seconds(1)
        }
        // The first round warms caches and buffers up.
        guard round > 0 else { continue }
        times[place].append(1e3 * seconds / Double(run))
        if let used { joules[place].append(used / Double(run)) }
      }
    }
    let primal = (time: BenchTiming(times[0]).median, joules: Self.median(joules[0]))
    return Self.ways.enumerated().map { place, way in
      CellCostRow(
        task: task, way: way, size: size, trials: trials, timing: BenchTiming(times[place]),
        joules: Self.median(joules[place]), primal: primal, cost: benches[place].cost)
    }
  }

  private static func median(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : BenchTiming(values).median
  }
}

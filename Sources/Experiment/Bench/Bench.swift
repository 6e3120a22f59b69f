import Kernels
import Model
import Plasticity
import Sweep

/// Kernels and whole lifetimes against the multiply-add peak of this core, measured in the same run.
public struct Bench {
  public var sizes: [BenchSize]
  public var precisions: [Precision] = [.float]
  /// H of lifetimes; nil: 200 where N^2 T <= 100,000 and 20 beyond.
  public var trials: Int?
  public var kernels = true
  public var lifetimes = true
  public var effort = BenchEffort()
  public let level: SIMDLevel
  /// Called before each size, with what is about to be measured.
  public var note: (String) -> Void = { _ in }

  public init(sizes: [BenchSize] = BenchSize.standard, level: SIMDLevel) {
    self.sizes = sizes
    self.level = level
  }

  /// Measures everything, in the order of the sizes.
  /// - Throws: `TaskError` where a size cannot hold a trial.
  public func run() throws -> BenchReport {
    var rows: [BenchRow] = []
    var peaks: [Precision: Double] = [:]
    func seePeaks() {
      for precision in Precision.allCases {
        let now =
          precision == .float
          ? MachineProfile.measuredPeak(of: Float.self, level: level)
          : MachineProfile.measuredPeak(of: Double.self, level: level)
        peaks[precision] = max(peaks[precision] ?? 0, now)
      }
    }
    for precision in precisions {
      for size in sizes {
        note("N = \(size.units), T = \(size.steps), d = \(size.degree), \(precision.rawValue)")
        seePeaks()
        if kernels {
          rows +=
            precision == .float ? kernelRows(Float.self, size) : kernelRows(Double.self, size)
        }
        seePeaks()
        if lifetimes { rows += try lifetimeRows(size, precision) }
      }
    }
    seePeaks()
    for index in rows.indices { rows[index].peak = peaks[Precision(rawValue: rows[index].precision)!]! }
    return BenchReport(machine: .current(level: level), peaks: peaks, rows: rows)
  }

  private func kernelRows<S: KernelScalar>(_: S.Type, _ size: BenchSize) -> [BenchRow] {
    let bench = KernelBench<S>(size, level: level)
    return KernelWork.allCases.map { work in
      let timing = effort.measure {
        bench.run(work)
        return 1
      }
      return BenchRow(
        name: "kernel:\(work.rawValue)", engine: work.engine, precision: S.precisionName,
        simd: level.rawValue, size: size, trials: 1, timing: timing, flops: work.flops(size), peak: 0)
    }
  }

  /// Rows for primal and score, which need no engine, and for the estimators that need tangents by each engine. Beyond the
  /// small sizes these cost the same to a few per cent, and only `tangent` is measured.
  private func lifetimeRows(_ size: BenchSize, _ precision: Precision) throws -> [BenchRow] {
    let small = size.isSmall
    let trials = trials ?? size.standardTrials
    var rows: [BenchRow] = []
    for engine in [Engine.forward, .adjoint] {
      let bench = try LifetimeBench(size, trials: trials, engine: engine, precision: precision, level: level)
      var cases: [(engine: String, estimator: Estimator?)] = []
      if engine == .forward {
        cases = [("primal", nil)]
        if small { cases.append(("primal", .score)) }
      }
      for estimator in small ? [.tangent, .antithetic, .pathwise] : [Estimator.tangent] {
        cases.append((engine.rawValue, estimator))
      }
      for (engine, estimator) in cases {
        let timing = effort.measure { bench.run(estimator) }
        rows.append(
          BenchRow(
            name: "lifetime:\(estimator?.rawValue ?? "primal")", engine: engine,
            precision: precision.rawValue, simd: level.rawValue, size: size, trials: trials, timing: timing,
            flops: bench.flops(estimator), peak: 0))
      }
    }
    return rows
  }
}

/// What a bench has measured.
public struct BenchReport: Sendable {
  public var machine: MachineProfile
  /// GFLOP/s, the best of all measurements.
  public var peaks: [Precision: Double]
  public var rows: [BenchRow]
}

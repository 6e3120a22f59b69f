import Kernels
import Model
import Plasticity
import Sweep

/// What every mechanism adds to a trial: lifetimes with it and without it, one after the other in rounds, so that a
/// change of the machine's pace meets all of them.
public struct MechanismBench {
  public var sizes: [BenchSize]
  public var precision = Precision.float
  /// H of lifetimes; nil: as in `Bench`.
  public var trials: Int?
  public var rounds = 15
  public let level: SIMDLevel
  /// Called before each size, with what is about to be measured.
  public var note: (String) -> Void = { _ in }

  /// The size of most sweeps and one beyond the caches.
  public static let standard = [
    BenchSize(units: 32, steps: 24, degree: 3), BenchSize(units: 200, steps: 50, degree: 3),
  ]

  public init(sizes: [BenchSize] = MechanismBench.standard, level: SIMDLevel) {
    self.sizes = sizes
    self.level = level
  }

  /// - Throws: `TaskError` where a size cannot hold a trial.
  public func run() throws -> [MechanismRow] {
    try sizes.flatMap { size in
      try Work.allCases.flatMap { work in
        note("N = \(size.units), T = \(size.steps), d = \(size.degree), \(work.rawValue)")
        return try rows(size, work)
      }
    }
  }

  /// What of a lifetime is timed: with no gradient, or with the one of an engine.
  private enum Work: String, CaseIterable {
    case primal, forward, adjoint
    var engine: Engine { self == .adjoint ? .adjoint : .forward }
    var estimator: Estimator? { self == .primal ? nil : .pathwise }
  }

  private func rows(_ size: BenchSize, _ work: Work) throws -> [MechanismRow] {
    let trials = trials ?? size.standardTrials
    let cases = [MechanismCase.plain] + MechanismCase.all.filter { $0.leastDegree <= size.degree }
    let benches = try cases.map {
      try LifetimeBench(
        size, trials: trials, engine: work.engine, precision: precision, level: level, change: $0.change)
    }
    let clock = ContinuousClock()
    func milliseconds(_ bench: LifetimeBench) -> Double {
      var run = 0
      let time = clock.measure { repeat { run += bench.run(work.estimator) } while run < trials }
      return 1e3 * (time / .seconds(1)) / Double(run)
    }
    for bench in benches { _ = milliseconds(bench) }
    var times = Array(repeating: [Double](), count: cases.count)
    for _ in 0..<rounds {
      for (place, bench) in benches.enumerated() { times[place].append(milliseconds(bench)) }
    }
    return zip(cases, times).map { mechanism, own in
      MechanismRow(
        name: mechanism.name, work: work.rawValue, size: size, trials: trials, timing: BenchTiming(own),
        ratio: BenchTiming(zip(own, times[0]).map { $0 / $1 }).median)
    }
  }
}

/// What a trial costs with one mechanism on.
public struct MechanismRow: Sendable, Encodable {
  public var name: String
  /// `primal` for lifetimes without a gradient, or the engine of their gradient.
  public var work: String
  public var size: BenchSize
  /// H.
  public var trials: Int
  public var timing: BenchTiming
  /// Time over that of the plain rule, median over rounds.
  public var ratio: Double

  private enum CodingKeys: String, CodingKey {
    case name, work
    case ratio = "over_plain"
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(work, forKey: .work)
    try container.encode(ratio, forKey: .ratio)
    try timing.encode(to: encoder, of: size, trials: trials)
  }
}

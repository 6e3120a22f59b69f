import Model

/// Median and quartiles of repeated measurements, in ms a trial.
public struct BenchTiming: Sendable, Equatable {
  public var median: Double
  /// Quartiles: the spread.
  public var low: Double
  public var high: Double
  public var samples: Int

  /// - Parameter values: at least one, in any order.
  public init(_ values: [Double]) {
    invariant(!values.isEmpty, "no measurement has no median")
    let sorted = values.sorted()
    func quantile(_ share: Double) -> Double {
      let place = share * Double(sorted.count - 1)
      let below = Int(place)
      let above = min(below + 1, sorted.count - 1)
      return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
    }
    median = quantile(0.5)
    low = quantile(0.25)
    high = quantile(0.75)
    samples = sorted.count
  }
}

extension BenchTiming {
  private enum CodingKeys: String, CodingKey {
    case units = "N"
    case steps = "T"
    case degree = "d"
    case trials = "H"
    case milliseconds = "ms_per_trial"
    case low = "ms_low"
    case high = "ms_high"
    case samples
  }

  /// Its part of a measured row, with the size that was measured.
  func encode(to encoder: any Encoder, of size: BenchSize, trials: Int) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(size.units, forKey: .units)
    try container.encode(size.steps, forKey: .steps)
    try container.encode(size.degree, forKey: .degree)
    try container.encode(trials, forKey: .trials)
    try container.encode(median, forKey: .milliseconds)
    try container.encode(low, forKey: .low)
    try container.encode(high, forKey: .high)
    try container.encode(samples, forKey: .samples)
  }
}

/// How long to measure.
public struct BenchEffort: Sendable {
  /// Samples of each row, where its budget allows them.
  public var samples = 15
  /// The least number of samples, whatever they cost.
  public var leastSamples = 3
  /// A sample repeats its work until it takes at least this long, so that the resolution of the clock does not matter.
  public var sampleSeconds = 0.002
  /// Seconds a row may take beyond its least samples.
  public var budget = 2.0
  public init() {}

  /// Runs `work` once to warm caches, buffers and the core's clock up, then measures it.
  /// - Parameter work: returns the trials it ran.
  func measure(_ work: () -> Int) -> BenchTiming {
    let clock = ContinuousClock()
    func seconds(_ repetitions: Int) -> (total: Double, trials: Int) {
      var trials = 0
      let time = clock.measure { for _ in 0..<repetitions { trials += work() } }
      return (time / .seconds(1), trials)
    }
    var once = seconds(1).total
    if once < sampleSeconds { once = seconds(max(1, Int(sampleSeconds / max(once, 1e-7)))).total.nextUp }
    let single = max(1e-8, min(once, seconds(1).total))
    let repetitions = max(1, Int((sampleSeconds / single).rounded(.up)))
    let cost = single * Double(repetitions)
    let count = max(leastSamples, min(samples, Int(budget / cost)))
    return BenchTiming(
      (0..<count).map { _ in
        let (total, trials) = seconds(repetitions)
        return 1e3 * total / Double(max(1, trials))
      })
  }
}

import Model
import Testing

@testable import Ablation

/// Means, quantiles and intervals against numpy, scipy and rliable.
@Suite struct AggregateTests {
  let fixture = StatisticsFixture.committed

  @Test func meansAndQuantilesAreNumpys() {
    for sample in fixture.aggregates {
      let quartiles = Statistics.medianAndQuartiles(sample.values)
      #expect(close(sample.values.mean(), sample.mean.value), "\(sample.name)")
      #expect(close(Statistics.interquartileMean(sample.values), sample.iqm.value), "\(sample.name)")
      #expect(close(Statistics.standardDeviation(sample.values), sample.sd.value), "\(sample.name)")
      #expect(close(quartiles.q25, sample.q25.value), "\(sample.name)")
      #expect(close(quartiles.median, sample.median.value), "\(sample.name)")
      #expect(close(quartiles.q75, sample.q75.value), "\(sample.name)")
      #expect(
        close(Statistics.quantile(sorted: sample.values.sorted(), 0.025), sample.q025.value), "\(sample.name)"
      )
    }
  }

  /// Two bootstraps with different random numbers: an end's standard error is 0.012 standard deviations at
  /// 50,000 resamples, 0.017 for the difference of two; a standard deviation is a quarter of the width. Six
  /// standard errors are 0.026 of the width. Aggregates of tied scores lie on a lattice, where an end may be
  /// a step away.
  @Test func intervalsAreRliables() {
    var worst = 0.0
    for sample in fixture.bootstraps {
      let interval = Statistics.stratifiedBootstrap(
        sample.strata, of: sample.aggregate == "iqm" ? .interquartileMean : .mean,
        resamples: fixture.resamples)
      let width = sample.high - sample.low
      let error = max(abs(interval.low - sample.low), abs(interval.high - sample.high))
      let sorted = Set(sample.strata.flatMap { $0 }).sorted()
      let gap = zip(sorted.dropFirst(), sorted).map { $0 - $1 }.min() ?? 0
      let count = sample.strata.reduce(0) { $0 + $1.count }
      let step = gap / Double(count - (sample.aggregate == "iqm" ? 2 * (count / 4) : 0))
      worst = max(worst, error / width)
      #expect(
        error < max(0.026 * width, 1.01 * step),
        "\(sample.name), \(sample.aggregate): \(interval), rliable \(sample.low) \(sample.high)")
    }
    print("bootstrap against rliable: worst end off by \(worst) of the interval's width")
  }

  @Test func sameInputGivesTheSameInterval() {
    let strata = [[0.1, 0.5, 0.9, 0.4], [0.7, 0.2]]
    let once = Statistics.stratifiedBootstrap(strata, of: .interquartileMean)
    for _ in 0..<5 { #expect(Statistics.stratifiedBootstrap(strata, of: .interquartileMean) == once) }
  }

  /// The order of scores within a stratum decides which index draws which score, but strata keep to
  /// themselves: two constant strata leave nothing to chance.
  @Test func strataAreResampledApart() {
    let interval = Statistics.stratifiedBootstrap([[0.2, 0.2, 0.2], [0.8, 0.8, 0.8]], of: .mean)
    #expect(close(interval.low, 0.5) && close(interval.high, 0.5))
    let pooled = Statistics.stratifiedBootstrap([[0.2, 0.2, 0.2, 0.8, 0.8, 0.8]], of: .mean)
    #expect(pooled.high - pooled.low > 0.3)
  }

  @Test func tooLittleOrNotANumberGivesNoInterval() {
    #expect(Statistics.stratifiedBootstrap([], of: .mean).low.isNaN)
    #expect(Statistics.stratifiedBootstrap([[], [0.5]], of: .mean).low.isNaN)
    #expect(Statistics.stratifiedBootstrap([[0.5, .nan, 0.7]], of: .mean).high.isNaN)
    #expect([].mean().isNaN && [].median().isNaN)
    #expect(Statistics.interquartileMean([0.5, .nan]).isNaN)
    #expect(Statistics.medianAndQuartiles([.nan, 1]).median.isNaN)
    #expect(Statistics.nestedBootstrap([[0.5], [0.6]], of: .mean).low.isNaN)
  }

  /// With one run the nested bootstrap is the plain bootstrap of its networks' mean: the same draws, the same
  /// bits up to the order of summation.
  @Test func nestedBootstrapOfOneRunIsThePlainOne() {
    let scores = [0.1, 0.5, 0.9, 0.4, 0.4, 0.8]
    let nested = Statistics.nestedBootstrap([scores], of: .mean)
    let plain = Statistics.stratifiedBootstrap([scores], of: .mean)
    #expect(close(nested.low, plain.low) && close(nested.high, plain.high))
  }

  /// A 95 % interval covers the true mean in about 95 % of samples; a percentile bootstrap of 30 normals in a
  /// little less (0.93). 400 samples have a standard error of 0.013.
  @Test func intervalsCoverTheTruth() {
    var draws = ResampleDraws(resample: 1_000_003)
    func uniform() -> Double { (Double(draws.index(below: 1 << 30)) + 0.5) / Double(1 << 30) }
    var covered = 0
    for _ in 0..<400 {
      let sample = (0..<30).map { _ in (0..<12).reduce(-6.0) { sum, _ in sum + uniform() } }
      let interval = Statistics.stratifiedBootstrap([sample], of: .mean, resamples: 400)
      if interval.low <= 0, interval.high >= 0 { covered += 1 }
    }
    print("bootstrap coverage of a nominal 95 % interval at n = 30: \(Double(covered) / 400)")
    #expect((0.89...0.975).contains(Double(covered) / 400))
  }

  @Test func normalisedScores() {
    #expect(close(Statistics.normalisedScore(accuracy: 0.75, shortcut: 0.5, ceiling: 1), 0.5))
    #expect(close(Statistics.normalisedScore(accuracy: 0.4, shortcut: 0.5, ceiling: 0.9), -0.25))
    #expect(Statistics.normalisedScore(accuracy: 0.4, shortcut: 0.5, ceiling: 0.5).isNaN)
  }
}

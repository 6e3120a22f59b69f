import Testing

@testable import Ablation

/// What must hold for any sample: 300 random ones a property, with ties and repeats, from fixed draws.
@Suite struct StatisticsPropertyTests {
  /// Scores on a coarse grid, so that ties are common.
  private func sample(_ draws: inout ResampleDraws, upTo most: Int = 12) -> [Double] {
    (0...draws.index(below: most)).map { _ in Double(draws.index(below: 9)) / 8 }
  }

  private func times(_ draws: inout ResampleDraws) -> [SurvivalTime] {
    (0...draws.index(below: 15)).map { _ in
      SurvivalTime(Double(1 + draws.index(below: 20)), reached: draws.index(below: 3) > 0)
    }
  }

  @Test func aggregatesLieInsideTheirSampleAndIgnoreItsOrder() {
    var draws = ResampleDraws(resample: 77_001)
    for _ in 0..<300 {
      let values = sample(&draws)
      let (low, high) = (values.min() ?? 0, values.max() ?? 0)
      let iqm = Statistics.interquartileMean(values)
      let quartiles = Statistics.medianAndQuartiles(values)
      #expect(low <= iqm && iqm <= high)
      #expect(low <= quartiles.q25 && quartiles.q25 <= quartiles.median && quartiles.q75 <= high)
      #expect(Statistics.interquartileMean(values.reversed()) == iqm)
      let shifted = Statistics.interquartileMean(values.map { 2 * $0 - 1 })
      #expect(close(shifted, 2 * iqm - 1))
    }
  }

  @Test func intervalsLieInsideTheirSample() {
    var draws = ResampleDraws(resample: 77_002)
    for _ in 0..<100 {
      let strata = [sample(&draws), sample(&draws)]
      let all = strata.flatMap { $0 }
      for aggregate in [Statistics.Aggregate.mean, .interquartileMean] {
        let interval = Statistics.stratifiedBootstrap(strata, of: aggregate, resamples: 100)
        let wider = Statistics.stratifiedBootstrap(strata, of: aggregate, resamples: 100, level: 0.99)
        #expect(interval.low <= interval.high)
        #expect((all.min() ?? 0) <= interval.low + 1e-12 && interval.high <= (all.max() ?? 0) + 1e-12)
        #expect(wider.low <= interval.low && interval.high <= wider.high)
      }
    }
  }

  @Test func testsTreatBothSidesAlike() {
    var draws = ResampleDraws(resample: 77_003)
    for _ in 0..<300 {
      let (x, y) = (sample(&draws), sample(&draws))
      let forth = Statistics.probabilityOfImprovement(x, over: y)
      #expect(close(forth + Statistics.probabilityOfImprovement(y, over: x), 1))
      let differences = zip(x, y).map { $0 - $1 }
      let p = Statistics.signedRank(differences).p
      #expect(p > 0 && p <= 1)
      #expect(close(Statistics.signedRank(differences.map { -$0 }).p, p))
      let (a, b) = (times(&draws), times(&draws))
      let test = Statistics.logRank(a, b)
      #expect(test.p >= 0 && test.p <= 1 && test.chiSquare >= 0)
      #expect(close(Statistics.logRank(b, a).p, test.p, 1e-9))
      #expect(close(Statistics.logRank(a, a).p, 1))
    }
  }

  @Test func survivalFallsAndCensoringNeverShortensIt() {
    var draws = ResampleDraws(resample: 77_004)
    for _ in 0..<300 {
      let times = times(&draws)
      let curve = Statistics.survivalCurve(times)
      var last = 1.0
      for (_, share) in curve {
        #expect(share < last && share >= -1e-12)
        last = share
      }
      let quartiles = Statistics.survivalQuartiles(times)
      #expect(quartiles.q25 <= quartiles.median && quartiles.median <= quartiles.q75)
      // Who is censored might have taken longer than who is taken to have got there at the same trial.
      let reached = Statistics.survivalQuartiles(times.map { SurvivalTime($0.trial, reached: true) })
      #expect(reached.median <= quartiles.median)
    }
  }

  @Test func holmNeverLowersAPAndKeepsTheirOrder() {
    var draws = ResampleDraws(resample: 77_005)
    for _ in 0..<300 {
      let values = sample(&draws)
      let adjusted = Statistics.holm(values)
      for (p, q) in zip(values, adjusted) { #expect(q >= p && q <= 1) }
      let order = values.indices.sorted { values[$0] < values[$1] }
      for (a, b) in zip(order, order.dropFirst()) { #expect(adjusted[a] <= adjusted[b]) }
      #expect(close(adjusted.min() ?? 0, min(1, Double(values.count) * (values.min() ?? 0))))
    }
  }
}

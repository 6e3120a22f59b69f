import Testing

@testable import Ablation

/// Tests of significance and survival estimates against scipy and lifelines.
@Suite struct TestStatisticTests {
  let fixture = StatisticsFixture.committed

  private func times(_ trials: [Double], _ reached: [Bool]) -> [SurvivalTime] {
    zip(trials, reached).map { SurvivalTime($0, reached: $1) }
  }

  @Test func kaplanMeierIsLifelines() {
    for sample in fixture.survivals {
      let times = times(sample.trials, sample.reached)
      let quartiles = Statistics.survivalQuartiles(times)
      #expect(close(quartiles.q25, sample.q25.value), "\(sample.name)")
      #expect(close(quartiles.median, sample.median.value), "\(sample.name)")
      #expect(close(quartiles.q75, sample.q75.value), "\(sample.name)")
      let curve = Statistics.survivalCurve(times)
      for (trial, share) in zip(sample.curveTrials, sample.curveShares) {
        let ours = curve.last { $0.trial <= trial }?.share ?? 1
        #expect(close(ours, share), "\(sample.name) at \(trial)")
      }
    }
  }

  @Test func logRankIsLifelines() {
    for sample in fixture.logRanks {
      let first = times(sample.firstTrials, sample.firstReached)
      let second = times(sample.secondTrials, sample.secondReached)
      let result = Statistics.logRank(first, second)
      #expect(close(result.chiSquare, sample.chiSquare, 1e-10), "\(sample.name)")
      #expect(close(result.p, sample.p, 1e-10), "\(sample.name)")
      let swapped = Statistics.logRank(second, first)
      #expect(close(swapped.chiSquare, result.chiSquare, 1e-10), "\(sample.name): symmetric")
    }
  }

  @Test func nothingReachedIsNoEvidence() {
    let censored = Array(repeating: SurvivalTime(200, reached: false), count: 4)
    #expect(Statistics.logRank(censored, censored).p == 1)
    #expect(Statistics.logRank([], censored).p == 1)
    #expect(Statistics.survivalQuartiles([]).median.isNaN)
    #expect(Statistics.survivalCurve(censored).isEmpty)
    let interval = Statistics.survivalMedianInterval([[censored, censored]])
    #expect(interval.low == .infinity && interval.high == .infinity)
  }

  /// Each run's times are alike, so the median of a resample is one of the runs' times: the interval must
  /// reach from the smallest to the largest, which it does not if networks are resampled instead.
  @Test func medianIntervalResamplesRuns() {
    let runs = [10.0, 20, 30].map { trial in Array(repeating: SurvivalTime(trial, reached: true), count: 50) }
    let interval = Statistics.survivalMedianInterval([runs])
    #expect(interval == Interval(low: 10, high: 30))
    let networks = Statistics.survivalMedianInterval(runs.map { $0.map { [$0] } })
    #expect(networks == Interval(low: 20, high: 20))
  }

  @Test func signedRankIsScipys() {
    for sample in fixture.signedRanks {
      let result = Statistics.signedRank(sample.differences)
      #expect(close(result.positive, sample.positive), "\(sample.name)")
      #expect(close(result.p, sample.p, 1e-10), "\(sample.name): \(result.p), scipy \(sample.p)")
    }
    #expect(Statistics.signedRank([0, 0, 0]).p == 1)
    #expect(Statistics.signedRank([0, 0, 0]).method == .degenerate)
    #expect(Statistics.signedRank([]).p == 1)
    #expect(Statistics.signedRank([0.1, .nan]).p.isNaN)
  }

  @Test(arguments: [(13, Statistics.SignedRankMethod.exact), (14, .normal)])
  func tiesEndTheExactTestAfterThirteen(count: Int, method: Statistics.SignedRankMethod) {
    #expect(Statistics.signedRank(Array(repeating: 0.1, count: count)).method == method)
  }

  @Test func probabilityOfImprovementIsRliables() {
    for sample in fixture.improvements {
      let ours = Statistics.probabilityOfImprovement(sample.x, over: sample.y)
      #expect(close(ours, sample.probability), "\(sample.name)")
      #expect(
        close(Statistics.probabilityOfImprovement(sample.y, over: sample.x), 1 - ours), "\(sample.name)")
    }
    #expect(Statistics.probabilityOfImprovement([], over: [1]).isNaN)
  }

  @Test func holmByItsDefinition() {
    for family in fixture.holms {
      for (ours, wanted) in zip(Statistics.holm(family.p), family.adjusted) { #expect(close(ours, wanted)) }
    }
    let withGap = Statistics.holm([0.01, .nan, 0.04])
    #expect(withGap[0] == 0.02 && withGap[1].isNaN && withGap[2] == 0.04)
    #expect(Statistics.holm([]).isEmpty)
  }

  @Test func distributionsAreScipys() {
    var worst = 0.0
    for point in fixture.distributions.normal {
      #expect(close(Statistics.normalCDF(point.z), point.cdf, 1e-14))
    }
    for point in fixture.distributions.studentCdf {
      let ours = Statistics.studentCDF(point.t, freedom: point.freedom)
      worst = max(worst, abs(ours - point.cdf))
      #expect(close(ours, point.cdf, 1e-12), "t \(point.t), \(point.freedom)")
    }
    // A quantile moves by the error of the distribution over its density, which is small in the tails.
    for point in fixture.distributions.studentQuantile {
      #expect(close(Statistics.studentQuantile(point.p, freedom: point.freedom), point.t, 1e-8), "\(point)")
    }
    print("Student's t against scipy: worst error \(worst)")
  }

  /// Hand calculation for n = 8, s = 0.1: (2.3646 + 0.8960) 0.1 / sqrt(8) = 0.1153.
  @Test func powerHint() throws {
    let spread = 0.1 * (7.0 / 8).squareRoot()
    let differences = (0..<8).map { 0.05 + ($0 < 4 ? spread : -spread) }
    let hint = try #require(Statistics.powerHint(differences))
    #expect(close(hint.detectable, 0.1153, 1e-3))
    let needed = try #require(hint.pairsNeeded)
    // The normal approximation says (1.96 + 0.8416)^2 0.1^2 / 0.05^2 = 31.4; t needs two more.
    #expect((32...34).contains(needed))
    #expect(Statistics.powerHint([0.1]) == nil)
    #expect(Statistics.powerHint([0.1, -0.1])?.pairsNeeded == nil)
    #expect(Statistics.powerHint([0.1, .nan]) == nil)
  }
}

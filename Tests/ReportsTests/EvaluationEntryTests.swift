import Ablation
import Model
import Testing

@testable import Reports

/// The figures of one row of an evaluation, by hand.
@Suite struct EvaluationEntryTests {
  private static func network(
    _ lateAccuracy: Double, reached: Int? = nil, incongruent: Double? = nil, diverged: Int? = nil
  ) -> NetworkEvaluation {
    let curve = (0..<NetworkEvaluation.bins).map { $0 == 0 ? Double.nan : lateAccuracy }
    var evaluation = NetworkEvaluation()
    (evaluation.divergedAt, evaluation.trialsToCriterion) = (diverged, reached)
    evaluation.lateAccuracy = lateAccuracy
    (evaluation.rewardCurve, evaluation.accuracyCurve) = (curve, curve)
    evaluation.lateIncongruentAccuracy = incongruent
    return evaluation
  }

  private static func entry(_ runs: [[NetworkEvaluation]], found: [Int] = [0]) -> EvaluationEntry {
    EvaluationEntry(
      target: 0, group: "g", isAtHome: false, feedback: nil, isRival: false, runs: runs, found: found)
  }

  @Test func meansOfRunsCountWhereThereAreSeveral() {
    // A run of one network weighs as much as one of three.
    let several = Self.entry([[0, 0, 0].map { Self.network($0) }, [Self.network(1)]], found: [10, 30])
    #expect(several.score(\.lateAccuracy).mean == 0.5 && several.lifetimes == 20)
    let one = Self.entry([[0, 0, 0, 1].map { Self.network($0) }])
    #expect(one.score(\.lateAccuracy).mean == 0.25)
    let interval = one.score(\.lateAccuracy).interval
    #expect(interval.low <= 0.25 && interval.high >= 0.25 && interval.high <= 1)
  }

  @Test func differencesAreTakenNetworkByNetwork() {
    let base = Self.entry([[0.25, 0.5].map { Self.network($0) }])
    let better = Self.entry([[0.5, 0.75].map { Self.network($0) }])
    let (mean, interval) = better.difference(to: base)
    // Every network gains exactly a quarter, so no resampling can say anything else.
    #expect(mean == 0.25 && interval.low == 0.25 && interval.high == 0.25)
    let several = Self.entry([base.runs[0], base.runs[0]], found: [0, 0])
    #expect(better.difference(to: several).mean.isNaN)
  }

  @Test func networksThatNeverMeetTheCriterionAreCensored() {
    let entry = Self.entry([[3, 5, 7, nil].map { Self.network(1, reached: $0) }])
    let (quartiles, censored) = entry.criterion(trials: 9)
    #expect(censored == 1 && quartiles.q25 == 3 && quartiles.median == 5)
  }

  @Test func incongruentTrialsOfNetworksThatMetNoneAreLeftOut() {
    #expect(Self.entry([[Self.network(1)]]).incongruent == nil)
    let entry = Self.entry([
      [Self.network(1, incongruent: 0.5), Self.network(1), Self.network(1, incongruent: 1)]
    ])
    #expect(entry.incongruent?.mean == 0.75)
  }

  @Test func curvesAreMeansAndEmptyPartsStayEmpty() {
    let entry = Self.entry([[Self.network(0.5), Self.network(1, diverged: 3)]])
    let curve = entry.curve(\.accuracyCurve)
    #expect(curve[0].isNaN && curve[1...].allSatisfy { $0 == 0.75 } && entry.diverged == 1)
  }
}

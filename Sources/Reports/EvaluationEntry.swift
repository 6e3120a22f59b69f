import Ablation
import Model
import Plasticity
import ResultStore

/// One row of an evaluation: a contender, or learned rules that differ only in their seed, on one target.
struct EvaluationEntry {
  var target: Int
  var group: String
  /// True where the target is the configuration in which the rule was learned.
  var isAtHome: Bool
  var feedback: Feedback?
  /// True for a learner that is no rule of theta.
  var isRival: Bool
  /// By rule, then by network.
  var runs: [[NetworkEvaluation]]
  /// Lifetimes of training and validation that found each rule.
  var found: [Int]
  /// Records of alignment by network, rule after rule; empty where it was not measured.
  var alignment: [[AlignmentRecord]] = []

  /// Median over the rules.
  var lifetimes: Double { Statistics.medianAndQuartiles(found.map(Double.init)).median }

  var networks: [NetworkEvaluation] { runs.flatMap { $0 } }
  var diverged: Int { networks.count { $0.divergedAt != nil } }

  /// Mean over all networks, and its 95 % interval: runs resampled where there are several, networks otherwise.
  func score(_ path: KeyPath<NetworkEvaluation, Double>) -> (mean: Double, interval: Interval) {
    let values = runs.map { $0.map { $0[keyPath: path] } }
    let units = values.count > 1 ? values.map { $0.mean() } : values[0]
    return (units.mean(), Statistics.stratifiedBootstrap([units], of: .mean))
  }

  /// Late accuracy on incongruent trials, resampled as in `score`; nil where no network met such a trial.
  var incongruent: (mean: Double, interval: Interval)? {
    let values = runs.map { $0.compactMap(\.lateIncongruentAccuracy) }.filter { !$0.isEmpty }
    guard !values.isEmpty else { return nil }
    let units = values.count > 1 ? values.map { $0.mean() } : values[0]
    return (units.mean(), Statistics.stratifiedBootstrap([units], of: .mean))
  }

  /// Difference to another entry of the same target, network by network.
  func difference(to other: EvaluationEntry) -> (mean: Double, interval: Interval) {
    let base = other.runs.count == 1 ? other.runs[0].map(\.lateAccuracy) : []
    guard !base.isEmpty else { return (.nan, Interval(low: .nan, high: .nan)) }
    let runs = runs.map { zip($0, base).map { $0.lateAccuracy - $1 } }
    let units = runs.count > 1 ? runs.map { $0.mean() } : runs[0]
    return (units.mean(), Statistics.pairedBootstrap([units]))
  }

  /// Kaplan-Meier over all networks; those that never met the criterion, or diverged, are censored at the last trial.
  func criterion(trials: Int) -> (quartiles: Quartiles, censored: Int) {
    let times = networks.map { network in
      let trial = network.divergedAt == nil ? network.trialsToCriterion : nil
      return SurvivalTime(Double(trial ?? trials), reached: trial != nil)
    }
    return (Statistics.survivalQuartiles(times), times.count { !$0.reached })
  }

  /// Mean over the networks of every part of the lifetime; parts without a trial are NaN.
  func curve(_ path: KeyPath<NetworkEvaluation, [Double]>) -> [Double] {
    let all = networks.map { $0[keyPath: path] }
    return (0..<NetworkEvaluation.bins).map { bin in all.map { $0[bin] }.mean() }
  }
}

import Ablation
import Experiment
import Foundation
import Launch
import Model
import Plasticity
import Sweep

extension EvaluationReport {
  /// One object: the targets with their settings and yardsticks, and an entry for every row of the text.
  ///
  /// Numbers that do not exist (no interval of one network, a quartile that is not reached) are null.
  public func json() throws -> String {
    let targets = request.plan.targets
    let object = JSONReport(
      name: request.name, seed: request.seed, networks: request.plan.networks, simd: level.rawValue,
      against: against,
      targets: targets.map { target in
        let marks = target.configuration.yardsticks
        return JSONTarget(
          label: target.label, settings: CanonicalForm.values(of: target.cell.settings),
          chance: marks.chance,
          shortcut: marks.shortcut, ceiling: marks.ceiling.isFinite ? marks.ceiling : nil)
      },
      entries: entries.map { entry in
        let trials = targets[entry.target].configuration.method.trials
        let (quartiles, censored) = entry.criterion(trials: trials)
        let base = entries.first { $0.target == entry.target && $0.group == against }
        return JSONEntry(
          target: targets[entry.target].label, contender: entry.group, feedback: entry.feedback?.rawValue,
          learned_here: entry.isAtHome, rules: entry.runs.count, search_lifetimes: entry.lifetimes,
          networks: entry.networks.count,
          late_accuracy: JSONScore(entry.score(\.lateAccuracy)),
          late_reward: JSONScore(entry.score(\.lateReward)),
          late_incongruent_accuracy: entry.incongruent.map { JSONScore($0) },
          accuracy: JSONScore(entry.score(\.accuracy)), reward: JSONScore(entry.score(\.reward)),
          difference: base.map { JSONScore(entry.difference(to: $0)) },
          trials_to_criterion: JSONCriterion(
            median: quartiles.median.finite, q25: quartiles.q25.finite, q75: quartiles.q75.finite,
            censored: censored),
          diverged: entry.diverged, accuracy_curve: entry.curve(\.accuracyCurve).map(\.finite),
          reward_curve: entry.curve(\.rewardCurve).map(\.finite),
          alignment: entry.alignment.isEmpty ? nil : entry.alignmentNumbers)
      }, notes: notes)
    return try printedJSON(object)
  }
}

extension Double {
  fileprivate var finite: Double? { isFinite ? self : nil }
}

private struct JSONReport: Encodable {
  var name: String
  var seed: UInt64
  var networks: Int
  var simd: String
  var against: String
  var targets: [JSONTarget]
  var entries: [JSONEntry]
  var notes: [String]
}

private struct JSONTarget: Encodable {
  var label: String
  var settings: [String: String]
  var chance: Double
  var shortcut: Double
  /// null where it is unknown.
  var ceiling: Double?
}

private struct JSONScore: Encodable {
  var mean: Double?
  var low: Double?
  var high: Double?

  init(_ score: (mean: Double, interval: Interval)) {
    mean = score.mean.finite
    low = score.interval.low.finite
    high = score.interval.high.finite
  }
}

private struct JSONCriterion: Encodable {
  var median: Double?
  var q25: Double?
  var q75: Double?
  var censored: Int
}

private struct JSONEntry: Encodable {
  var target: String
  var contender: String
  var feedback: String?
  var learned_here: Bool
  var rules: Int
  /// Training and validation, median over the rules.
  var search_lifetimes: Double
  var networks: Int
  var late_accuracy: JSONScore
  var late_reward: JSONScore
  var late_incongruent_accuracy: JSONScore?
  var accuracy: JSONScore
  var reward: JSONScore
  var difference: JSONScore?
  var trials_to_criterion: JSONCriterion
  var diverged: Int
  var accuracy_curve: [Double?]
  var reward_curve: [Double?]
  /// Left out where it was not measured.
  var alignment: [String: NetworkMean]?
}

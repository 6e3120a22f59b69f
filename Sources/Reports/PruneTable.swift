import Ablation
import Experiment
import Launch
import Model

/// Terms against late reward: every step of a pruning on the same fresh networks, paired with the rule that has all of
/// its terms.
public struct PruneTable: Sendable {
  public struct Row: Sendable, Equatable, Encodable {
    /// nil for the rule as it was learned.
    public var step: Int?
    public var terms: [String]
    public var dropped: String?
    public var validationReward: Double?
    public var lateReward: NetworkMean?
    /// Late reward minus that of step 0, network by network.
    public var difference: NetworkMean?
    public var lateAccuracy: NetworkMean?
    public var diverged: Int
    /// Lifetimes of training and validation that tuned it.
    public var lifetimes: Int
    /// True where the interval of the difference lies above minus the margin.
    public var isNotWorse: Bool

    private enum CodingKeys: String, CodingKey {
      case step, terms, dropped, difference, diverged, lifetimes
      case validationReward = "validation_reward"
      case lateReward = "late_reward"
      case lateAccuracy = "late_accuracy"
      case isNotWorse = "not_worse"
    }
  }

  public let margin: Double
  public let networks: Int
  public let resamples: Int
  /// The rule as it was learned, then step by step.
  public let rows: [Row]

  public init(_ found: PruneFinding) {
    let request = found.request
    margin = request.margin
    networks = request.networks
    resamples = request.resamples
    let base = found.outcomes[0].map(\.lateReward)
    func row(_ step: Int?, _ terms: [String], _ networks: [NetworkEvaluation]) -> Row {
      let differences = zip(networks, base).map { $0.lateReward - $1 }
      let difference = NetworkMean(differences, resamples: request.resamples)
      return Row(
        step: step, terms: terms,
        lateReward: NetworkMean(networks.map(\.lateReward), resamples: request.resamples),
        difference: difference,
        lateAccuracy: NetworkMean(networks.map(\.lateAccuracy), resamples: request.resamples),
        diverged: networks.count { $0.divergedAt != nil }, lifetimes: 0,
        isNotWorse: step == 0 || difference?.low.map { $0 > -request.margin } ?? false)
    }
    var rows = [row(nil, found.steps[0].rule.termNames, found.learned)]
    rows[0].lifetimes = request.learned.lifetimes
    for (place, step) in found.steps.enumerated() {
      var one = row(place, step.rule.termNames, found.outcomes[place])
      one.dropped = step.dropped
      one.validationReward = step.validationReward
      one.lifetimes = step.lifetimes
      rows.append(one)
    }
    self.rows = rows
  }

  /// The step with the fewest terms that is not worse than step 0.
  public var smallest: Int { rows.last { $0.step != nil && $0.isNotWorse }?.step ?? 0 }
}

import Ablation
import Experiment
import Launch
import Model

/// Terms against late reward: every step of a pruning on the same fresh networks, paired with the rule that has all of
/// its terms and was tuned as long as all steps together.
public struct PruneTable: Sendable {
  public struct Row: Sendable, Equatable, Encodable {
    /// `as learned`, `all terms`, or the number of the step.
    public var name: String
    /// nil for the first two rows.
    public var step: Int?
    public var terms: [String]
    public var dropped: String?
    public var validationReward: Double?
    public var lateReward: NetworkMean?
    /// Late reward minus that of all terms, network by network.
    public var difference: NetworkMean?
    public var lateAccuracy: NetworkMean?
    public var diverged: Int
    /// Lifetimes of training and validation: that found the rule, or that tuned it, the steps before among them.
    public var lifetimes: Int
    /// True where the interval of the difference lies above minus the margin.
    public var isNotWorse: Bool

    private enum CodingKeys: String, CodingKey {
      case name, step, terms, dropped, difference, diverged, lifetimes
      case validationReward = "validation_reward"
      case lateReward = "late_reward"
      case lateAccuracy = "late_accuracy"
      case isNotWorse = "not_worse"
    }
  }

  public let margin: Double
  public let networks: Int
  public let resamples: Int
  /// The rule as it was learned, the one with all terms, then step by step.
  public let rows: [Row]

  public init(_ found: PruneFinding) {
    let request = found.request
    margin = request.margin
    networks = request.networks
    resamples = request.resamples
    let base = found.outcomes.reference.map(\.lateReward)
    func row(_ name: String, _ networks: [NetworkEvaluation], _ lifetimes: Int) -> Row {
      let differences = zip(networks, base).map { $0.lateReward - $1 }
      let difference = NetworkMean(differences, resamples: request.resamples)
      return Row(
        name: name, terms: found.reference.rule.termNames,
        lateReward: NetworkMean(networks.map(\.lateReward), resamples: request.resamples),
        difference: difference,
        lateAccuracy: NetworkMean(networks.map(\.lateAccuracy), resamples: request.resamples),
        diverged: networks.count { $0.divergedAt != nil }, lifetimes: lifetimes,
        isNotWorse: difference?.low.map { $0 > -request.margin } ?? false)
    }
    var whole = row(Self.whole, found.outcomes.reference, found.reference.lifetimes)
    whole.validationReward = found.reference.validationReward
    whole.difference = nil
    whole.isNotWorse = true
    let steps = found.steps.enumerated().map { place, step in
      var one = row("\(place)", found.outcomes.steps[place], step.lifetimes)
      one.step = place
      one.terms = step.rule.termNames
      one.dropped = step.dropped
      one.validationReward = step.validationReward
      return one
    }
    rows = [row("as learned", found.outcomes.learned, request.learned.lifetimes), whole] + steps
  }

  private static let whole = "all terms"

  /// The step with the fewest terms that is not worse than the rule with all terms; nil where none is.
  public var smallest: Int? { rows.last { $0.step != nil && $0.isNotWorse }?.step }

  /// The rule that is to be written: that step, or the rule with all terms.
  var chosen: Row { rows.last { $0.step != nil && $0.isNotWorse } ?? rows.first { $0.name == Self.whole }! }
}

import Model

/// What a table is of.
public enum Metric: String, Sendable, CaseIterable, Codable {
  /// Accuracy of the last fifth of the trials.
  case accuracy
  /// Reward of the last fifth of the trials.
  case reward
  /// Trials until the criterion is met, with networks that never meet it censored.
  case trialsToCriterion = "trials-to-criterion"
  /// Late accuracy from 0 = the shortcut policy to 1 = the ideal observer.
  case normalisedAccuracy = "normalised-accuracy"
  /// Late accuracy on the trials on which the shortcut is of no help; no number for a task without such trials.
  case incongruentAccuracy = "incongruent-accuracy"
  /// Accuracy and reward of all trials: the area under the learning curve.
  case accuracyArea = "accuracy-area"
  case rewardArea = "reward-area"

  /// For headings.
  public var title: String {
    switch self {
    case .accuracy: "late accuracy"
    case .reward: "late reward"
    case .trialsToCriterion: "trials to criterion"
    case .normalisedAccuracy: "late accuracy, 0 = shortcut, 1 = ceiling"
    case .incongruentAccuracy: "late accuracy on incongruent trials"
    case .accuracyArea: "accuracy over all trials"
    case .rewardArea: "reward over all trials"
    }
  }

  /// The score of one network. A diverged lifetime has accuracy 0 and reward -2 (0 where the reward is
  /// binary), and so has one whose score is not finite: a network that went wrong never looks better than one that
  /// did not.
  ///
  /// - Precondition: not for `trialsToCriterion`, which is a `SurvivalTime`.
  func score(_ network: NetworkScores, of cell: CellOutcome) -> Double {
    let seen: Double =
      switch self {
      case .accuracy, .normalisedAccuracy: network.lateAccuracy
      case .incongruentAccuracy: network.lateIncongruentAccuracy ?? .nan
      case .reward: network.lateReward
      case .accuracyArea: network.accuracy
      case .rewardArea: network.reward
      case .trialsToCriterion: brokenInvariant("trials to criterion are survival times, not scores")
      }
    if self == .incongruentAccuracy, network.lateIncongruentAccuracy == nil { return .nan }
    return scaled(network.diverged || !seen.isFinite ? worst(of: cell) : seen, of: cell)
  }

  /// The score of a cell that diverged before any network was evaluated.
  func divergedScore(of cell: CellOutcome) -> Double { scaled(worst(of: cell), of: cell) }

  private func worst(of cell: CellOutcome) -> Double {
    switch self {
    case .reward, .rewardArea: cell.divergedReward
    default: 0
    }
  }

  private func scaled(_ score: Double, of cell: CellOutcome) -> Double {
    guard self == .normalisedAccuracy else { return score }
    guard let shortcut = cell.shortcut, let ceiling = cell.ceiling else { return .nan }
    return Statistics.normalisedScore(accuracy: score, shortcut: shortcut, ceiling: ceiling)
  }

  /// A policy's accuracy on this metric's scale; nil where the metric is no accuracy.
  func policyScore(_ accuracy: Double?, of cell: CellOutcome) -> Double? {
    guard let accuracy else { return nil }
    switch self {
    case .accuracy, .accuracyArea: return accuracy
    case .normalisedAccuracy:
      let score = scaled(accuracy, of: cell)
      return score.isNaN ? nil : score
    case .incongruentAccuracy, .reward, .rewardArea, .trialsToCriterion: return nil
    }
  }

  /// When a network met the criterion. A diverged one counts as never having met it, whatever it did before.
  static func survival(_ network: NetworkScores) -> SurvivalTime {
    guard !network.diverged, let trial = network.trialsToCriterion else {
      return SurvivalTime(Double(network.trials), reached: false)
    }
    return SurvivalTime(Double(trial), reached: true)
  }
}

/// How one fresh network fared under one rule or learner.
public struct NetworkEvaluation: Sendable, Equatable {
  /// Parts of a lifetime that a curve has a mean of.
  public static let bins = 20

  /// The trial, counted from 0, in which the lifetime diverged; nil where it did not.
  public var divergedAt: Int?
  /// Trials, counted from 1, up to the first that ends a stretch which meets the criterion; nil where none does
  /// (censored).
  public var trialsToCriterion: Int?
  /// J: the mean reward of all trials.
  public var reward = Double.nan
  /// Mean accuracy of all trials.
  public var accuracy = Double.nan
  /// Means over the last fifth of the trials.
  public var lateReward = Double.nan
  public var lateAccuracy = Double.nan
  /// Means over `bins` equal parts of the lifetime; NaN for an empty part. Empty where nobody asked for curves.
  public var rewardCurve: [Double] = []
  public var accuracyCurve: [Double] = []
  /// Late accuracy over the trials on which the shortcut is of no help; nil where the task has none, where the lifetime
  /// met none, and where the record is too old to say.
  public var lateIncongruentAccuracy: Double?

  public init() {}
}

/// One fresh network under one rule.
public struct EvaluationRecord: Sendable, Equatable {
  public static let curveBins = 20
  public var cell: UInt64
  public var network: UInt32 = 0
  public var role: RuleRole = .learned
  public var trials: UInt32 = 0
  /// Trial at which the lifetime diverged, -1 where it did not.
  public var divergedAt: Int32 = -1
  /// Trials, counted from 1, up to the first that ends a stretch which meets the criterion; -1 where none
  /// does (censored).
  public var trialsToCriterion: Int32 = -1
  public var reward = Double.nan
  public var accuracy = Double.nan
  /// Means over the last fifth of the trials.
  public var lateReward = Double.nan
  public var lateAccuracy = Double.nan
  /// Means over `curveBins` equal parts of the lifetime; NaN for an empty part.
  public var rewardCurve: [Double] = []
  public var accuracyCurve: [Double] = []
  /// Late accuracy over the trials on which the shortcut is of no help; nil where the task has none, where the
  /// lifetime met none, and in records of version 1.
  public var lateIncongruentAccuracy: Double?

  public init(
    cell: UInt64, network: UInt32, role: RuleRole, trials: UInt32, divergedAt: Int32,
    trialsToCriterion: Int32, reward: Double, accuracy: Double, lateReward: Double, lateAccuracy: Double,
    rewardCurve: [Double], accuracyCurve: [Double], lateIncongruentAccuracy: Double? = nil
  ) {
    self.cell = cell
    self.network = network
    self.role = role
    self.trials = trials
    self.divergedAt = divergedAt
    self.trialsToCriterion = trialsToCriterion
    self.reward = reward
    self.accuracy = accuracy
    self.lateReward = lateReward
    self.lateAccuracy = lateAccuracy
    self.rewardCurve = rewardCurve
    self.accuracyCurve = accuracyCurve
    self.lateIncongruentAccuracy = lateIncongruentAccuracy
  }
}

extension EvaluationRecord: StoredRecord {
  public static let kind = RecordKind.evaluation

  public static let fields: [RowField<Self>] = [
    RowField("network", \.network), RowField("trials", \.trials), RowField("diverged_at", \.divergedAt),
    RowField("trials_to_criterion", \.trialsToCriterion), RowField("role", \.role),
    RowField("reward", \.reward), RowField("accuracy", \.accuracy), RowField("late_reward", \.lateReward),
    RowField("late_accuracy", \.lateAccuracy), RowField("reward_curve", \.rewardCurve, .fixed(curveBins)),
    RowField("accuracy_curve", \.accuracyCurve, .fixed(curveBins)),
    RowField("late_incongruent_accuracy", \.lateIncongruentAccuracy, since: 2),
  ]

  public init(cell: UInt64) { self.cell = cell }
}

import Model

/// One fresh network under one rule. What the network did is read as the record's own: `record.lateAccuracy`.
@dynamicMemberLookup
public struct EvaluationRecord: Sendable, Equatable {
  public var cell: UInt64
  public var network: UInt32 = 0
  public var role: RuleRole = .learned
  public var trials: UInt32 = 0
  public var evaluation = NetworkEvaluation()

  public subscript<Value>(dynamicMember path: WritableKeyPath<NetworkEvaluation, Value>) -> Value {
    get { evaluation[keyPath: path] }
    set { evaluation[keyPath: path] = newValue }
  }
}

extension EvaluationRecord: StoredRecord {
  public static let kind = RecordKind.evaluation

  public static let fields: [RowField<Self>] = [
    RowField("network", \.network), RowField("trials", \.trials),
    RowField("diverged_at", count: \.evaluation.divergedAt),
    RowField("trials_to_criterion", count: \.evaluation.trialsToCriterion), RowField("role", \.role),
    RowField("reward", \.evaluation.reward), RowField("accuracy", \.evaluation.accuracy),
    RowField("late_reward", \.evaluation.lateReward), RowField("late_accuracy", \.evaluation.lateAccuracy),
    RowField("reward_curve", \.evaluation.rewardCurve, .fixed(NetworkEvaluation.bins)),
    RowField("accuracy_curve", \.evaluation.accuracyCurve, .fixed(NetworkEvaluation.bins)),
    RowField("late_incongruent_accuracy", \.evaluation.lateIncongruentAccuracy, since: 2),
  ]

  public init(cell: UInt64) { self.cell = cell }
}

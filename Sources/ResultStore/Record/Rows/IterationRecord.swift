/// One meta-iteration: the rewards of the batch, and the rule after it.
public struct IterationRecord: Sendable, Equatable {
  public var cell: UInt64
  /// 0, 1, ...: the meta-iteration.
  public var iteration: UInt32 = 0
  /// Lifetimes that were run for the gradient, and those of them that diverged or whose gradient was dropped.
  public var lifetimes: UInt32 = 0
  public var diverged: UInt32 = 0
  public var dropped: UInt32 = 0
  /// 0 step taken, 1 theta shrunk (most of the batch diverged), 2 went back to the best theta, 3 no gradient.
  public var action: UInt32 = 0
  /// Means over the batch: reward of all trials, reward and accuracy of the late trials.
  public var reward = Double.nan
  public var lateReward = Double.nan
  public var lateAccuracy = Double.nan
  /// Median gradient norm of the batch before clipping (median |J+ - J-| of its pairs for `evolution`), and its running
  /// average.
  public var gradientNorm = Double.nan
  public var runningNorm = Double.nan
  public var learningRate = Double.nan
  /// Validation J and late accuracy; NaN in iterations without validation.
  public var validationReward = Double.nan
  public var validationAccuracy = Double.nan
  /// Lifetimes run so far in this cell, of all kinds.
  public var lifetimesSoFar: UInt64 = 0
  /// P coefficients after the iteration, and the clipped mean gradient by theta.
  public var theta: [Double] = []
  public var gradient: [Double] = []
  /// By `LocalConstant.rawValue`, after the iteration.
  public var constants: [Double] = []
}

extension IterationRecord: StoredRecord {
  public static let kind = RecordKind.iteration

  public static let fields: [RowField<Self>] = [
    RowField("iteration", \.iteration), RowField("lifetimes", \.lifetimes),
    RowField("diverged", \.diverged), RowField("dropped", \.dropped), RowField("action", \.action),
    RowField("reward", \.reward), RowField("late_reward", \.lateReward),
    RowField("late_accuracy", \.lateAccuracy), RowField("gradient_norm", \.gradientNorm),
    RowField("running_norm", \.runningNorm), RowField("learning_rate", \.learningRate),
    RowField("validation_reward", \.validationReward), RowField("validation_accuracy", \.validationAccuracy),
    RowField("lifetimes_so_far", \.lifetimesSoFar), RowField("theta", \.theta, .coefficients),
    RowField("gradient", \.gradient, .coefficients), RowField("constants", \.constants, .firstConstants),
    RowField("more_constants", \.constants, .constants(since: 2), since: 2),
    RowField("layer_rates", \.constants, .constants(since: 3), since: 3),
  ]

  public init(cell: UInt64) { self.cell = cell }
}

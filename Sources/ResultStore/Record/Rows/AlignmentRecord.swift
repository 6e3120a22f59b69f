/// Whether a learner moved W uphill at one point of the lifetime of one fresh network.
///
/// mu is the change that one trial makes of W, g = dR/dW of the same trial; both vary over draws of trial, kicks and
/// weight noise. Numbers of a point that a diverged lifetime never reached, or of which fewer than two draws counted, are
/// NaN.
public struct AlignmentRecord: Sendable, Equatable {
  public var cell: UInt64
  /// Index among the evaluation networks.
  public var network: UInt32 = 0
  /// 0, 1, ...: which of `points` points along the lifetime, and the trial that would run next.
  public var point: UInt32 = 0
  public var points: UInt32 = 0
  public var trial: UInt32 = 0
  /// Draws that were asked for, and those that did not diverge.
  public var wanted: UInt32 = 0
  public var draws: UInt32 = 0
  /// Trial at which the lifetime diverged, -1 where it did not.
  public var divergedAt: Int32 = -1
  /// SIMD level: 0 baseline, 1 v3, 2 v4.
  public var simd: UInt8 = 0
  /// Mean reward of the draws; means of the lifetime over its last fifth of trials.
  public var reward = Double.nan
  public var lateReward = Double.nan
  public var lateAccuracy = Double.nan
  /// <mean mu, mean g> / (|mean mu| |mean g|).
  public var cosine = Double.nan
  /// Without bias: <E mu, E g>; |E mu|^2 and E |mu - E mu|^2; the same of g.
  public var product = Double.nan
  public var updateSquare = Double.nan
  public var updateVariance = Double.nan
  public var gradientSquare = Double.nan
  public var gradientVariance = Double.nan

  /// What tells the records of a cell apart; of several records with the same place the last counts.
  public struct Place: Hashable, Comparable, Sendable {
    public var network: UInt32
    public var point: UInt32

    public static func < (a: Place, b: Place) -> Bool { (a.network, a.point) < (b.network, b.point) }
  }

  public var place: Place { Place(network: network, point: point) }
}

extension AlignmentRecord: StoredRecord {
  public static let kind = RecordKind.alignment

  public static let fields: [RowField<Self>] = [
    RowField("network", \.network), RowField("point", \.point), RowField("points", \.points),
    RowField("trial", \.trial), RowField("wanted", \.wanted), RowField("draws", \.draws),
    RowField("diverged_at", \.divergedAt), RowField("simd", \.simd), RowField("reward", \.reward),
    RowField("late_reward", \.lateReward), RowField("late_accuracy", \.lateAccuracy),
    RowField("cosine", \.cosine), RowField("product", \.product),
    RowField("update_square", \.updateSquare), RowField("update_variance", \.updateVariance),
    RowField("gradient_square", \.gradientSquare), RowField("gradient_variance", \.gradientVariance),
  ]

  public init(cell: UInt64) { self.cell = cell }
}

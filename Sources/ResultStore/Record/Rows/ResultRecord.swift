/// How a cell ended.
public struct ResultRecord: Sendable, Equatable {
  public var cell: UInt64
  public var status: CellStatus = .done
  /// 0 baseline, 1 v3, 2 v4.
  public var simd: UInt8 = 0
  /// Launch (0, 1, ... in `sweep.json`) in which it ended, and the rank that led it.
  public var launch: UInt32 = 0
  public var rank: UInt32 = 0
  public var iterations: UInt32 = 0
  public var lifetimes: UInt64 = 0
  public var divergedLifetimes: UInt64 = 0
  /// Evaluation records of the cell that come before this one; a cell with fewer in the store is not
  /// complete.
  public var evaluations: UInt32 = 0
  /// 0 the best theta on validation, 1 the mean over the last quarter, 2 the start (nothing was learned).
  public var choice: UInt32 = 0
  public var bestIteration: UInt32 = 0
  public var validationReward = Double.nan
  /// Wall seconds spent on the cell in its last launch, and credited GFLOP in all.
  public var seconds = Double.nan
  public var gigaflop = Double.nan
  public var theta: [Double] = []
  public var scale: [Double] = []
  public var constants: [Double] = []
  /// UTF-8, cut to 256 bytes.
  public var message: String = ""
}

extension ResultRecord: StoredRecord {
  public static let kind = RecordKind.result

  public static let fields: [RowField<Self>] = [
    RowField("launch", \.launch), RowField("rank", \.rank), RowField("iterations", \.iterations),
    RowField("evaluations", \.evaluations), RowField("choice", \.choice),
    RowField("best_iteration", \.bestIteration), RowField("status", \.status), RowField("simd", \.simd),
    RowField("lifetimes", \.lifetimes), RowField("diverged_lifetimes", \.divergedLifetimes),
    RowField("validation_reward", \.validationReward), RowField("seconds", \.seconds),
    RowField("gigaflop", \.gigaflop), RowField("theta", \.theta, .coefficients),
    RowField("scale", \.scale, .coefficients), RowField("constants", \.constants, .firstConstants),
    RowField("message", \.message, size: 256),
    RowField("more_constants", \.constants, .constants(since: 2), since: 2),
    RowField("layer_rates", \.constants, .constants(since: 3), since: 3),
  ]

  public init(cell: UInt64) { self.cell = cell }
}

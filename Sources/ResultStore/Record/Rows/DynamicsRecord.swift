/// The fixed points of one fresh network of a cell at one stage, under one input held constant.
///
/// Means are over the analysed points, NaN if none of them has the number; time is in units of tau. A lifetime that
/// diverged leaves no network: its counts are 0 and its numbers NaN, as in a new record.
public struct DynamicsRecord: Sendable, Equatable {
  public var cell: UInt64
  /// Index among the cell's evaluation networks.
  public var network: UInt32 = 0
  public var stage: DynamicsStage = .before
  /// SIMD level of the lifetime before the analysis: 0 baseline, 1 v3, 2 v4.
  public var simd: UInt8 = 0
  /// The condition whose input is held, -1 for no input; conditions of the task.
  public var condition: Int32 = -1
  public var conditions: UInt32 = 0
  /// Trial at which the lifetime diverged, -1 where it did not.
  public var divergedAt: Int32 = -1
  /// Starts that were asked for, and points that were to be analysed at most.
  public var starts: UInt32 = 0
  public var limit: UInt32 = 0
  /// Distinct points found, and those analysed: the ones most starts led to.
  public var fixedPoints: UInt32 = 0
  public var analysed: UInt32 = 0
  /// How the starts ended.
  public var converged: UInt32 = 0
  public var stalled: UInt32 = 0
  public var singular: UInt32 = 0
  public var exhausted: UInt32 = 0
  public var overflowed: UInt32 = 0
  /// Starts that led to the first point, the one that most starts led to, and its stability: 1 stable, 0 marginal, -1 unstable, -2 where
  /// its eigenvalues were not found or there is no point.
  public var firstHits: UInt32 = 0
  public var firstStability: Int32 = -2
  /// Of the first point: |F|, the eigenvalue of largest real part, Henrici's index.
  public var firstResidual = Double.nan
  public var firstReal = Double.nan
  public var firstImaginary = Double.nan
  public var firstHenrici = Double.nan
  /// Mean accuracy of the late trials of the lifetime; NaN before learning.
  public var lateAccuracy = Double.nan
  /// Smallest |F| of the starts that did not converge; NaN where all did.
  public var slowest = Double.nan
  /// Share of stable points, largest real part, positive real parts, Henrici's index ||J||_F^2 - sum |lambda|^2, the
  /// same over ||J||_F^2, overlap of the read-out with the slowest mode, |p| = |(-J)^{-1} Win|, |dz/du|.
  public var stable = Double.nan
  public var abscissa = Double.nan
  public var unstableDirections = Double.nan
  public var henrici = Double.nan
  public var nonNormality = Double.nan
  public var slowOverlap = Double.nan
  public var sensitivity = Double.nan
  public var outputGain = Double.nan
  /// Version and commit of the program that analysed it, at most 64 bytes.
  public var program: String = ""

  /// What tells the records of a cell apart; of several records with the same place the last counts.
  public struct Place: Hashable, Comparable, Sendable {
    public var network: UInt32
    public var stage: UInt8
    public var condition: Int32

    public static func < (a: Place, b: Place) -> Bool {
      (a.network, a.stage, a.condition) < (b.network, b.stage, b.condition)
    }
  }

  public var place: Place { Place(network: network, stage: stage.rawValue, condition: condition) }
}

extension DynamicsRecord: StoredRecord {
  public static let kind = RecordKind.dynamics

  public static let fields: [RowField<Self>] = [
    RowField("network", \.network), RowField("conditions", \.conditions), RowField("condition", \.condition),
    RowField("diverged_at", \.divergedAt), RowField("first_stability", \.firstStability),
    RowField("starts", \.starts), RowField("limit", \.limit), RowField("fixed_points", \.fixedPoints),
    RowField("analysed", \.analysed), RowField("converged", \.converged), RowField("stalled", \.stalled),
    RowField("singular", \.singular), RowField("exhausted", \.exhausted),
    RowField("overflowed", \.overflowed),
    RowField("first_hits", \.firstHits), RowField("stage", \.stage), RowField("simd", \.simd),
    RowField("late_accuracy", \.lateAccuracy), RowField("slowest", \.slowest), RowField("stable", \.stable),
    RowField("abscissa", \.abscissa), RowField("unstable_directions", \.unstableDirections),
    RowField("henrici", \.henrici), RowField("non_normality", \.nonNormality),
    RowField("slow_overlap", \.slowOverlap), RowField("sensitivity", \.sensitivity),
    RowField("output_gain", \.outputGain), RowField("first_residual", \.firstResidual),
    RowField("first_real", \.firstReal), RowField("first_imaginary", \.firstImaginary),
    RowField("first_henrici", \.firstHenrici), RowField("program", \.program, size: 64),
  ]

  public init(cell: UInt64) { self.cell = cell }
}

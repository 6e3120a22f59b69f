import Model

/// What a network has been through when its dynamics are looked at.
public enum DynamicsStage: UInt8, Sendable, CaseIterable {
  /// W0, no trial yet.
  case before = 0
  /// A lifetime with the rule the cell learned, with the one it started from, and with theta = 0 (weight noise alone).
  case learned, start, none
}

/// The fixed points of one fresh network of a cell at one stage, under one input held constant.
///
/// Means are over the analysed points, NaN where none has the number; time is in units of tau. A lifetime that
/// diverged leaves no network: its counts are 0 and its numbers NaN.
public struct DynamicsRecord: Sendable, Equatable {
  public var cell: UInt64
  /// Index among the cell's evaluation networks.
  public var network: UInt32
  public var stage: DynamicsStage
  /// 0 baseline, 1 v3, 2 v4: the level of the lifetime before the look.
  public var simd: UInt8
  /// The condition whose input is held, -1 for no input; conditions of the task.
  public var condition: Int32
  public var conditions: UInt32
  /// Trial at which the lifetime diverged, -1 where it did not.
  public var divergedAt: Int32
  /// Starts that were asked for, and points that were to be analysed at most.
  public var starts: UInt32
  public var limit: UInt32
  /// Distinct points found, and those analysed: the ones most starts led to.
  public var fixedPoints: UInt32
  public var analysed: UInt32
  /// How the starts ended.
  public var converged: UInt32
  public var stalled: UInt32
  public var singular: UInt32
  public var exhausted: UInt32
  public var overflowed: UInt32
  /// Starts that led to the point most of them led to, and its stability: 1 stable, 0 marginal, -1 unstable, -2 where
  /// its eigenvalues were not found or there is no point.
  public var firstHits: UInt32
  public var firstStability: Int32
  /// Of that point: |F|, the eigenvalue of largest real part, Henrici's index.
  public var firstResidual: Double
  public var firstReal: Double
  public var firstImaginary: Double
  public var firstHenrici: Double
  /// Mean accuracy of the late trials of the lifetime; NaN before learning.
  public var lateAccuracy: Double
  /// Smallest |F| of the starts that did not converge; NaN where all did.
  public var slowest: Double
  /// Share of stable points, largest real part, positive real parts, Henrici's index ||J||_F^2 - sum |lambda|^2, the
  /// same over ||J||_F^2, overlap of the read-out with the slowest mode, |p| = |(-J)^{-1} Win|, |dz/du|.
  public var stable: Double
  public var abscissa: Double
  public var unstableDirections: Double
  public var henrici: Double
  public var nonNormality: Double
  public var slowOverlap: Double
  public var sensitivity: Double
  public var outputGain: Double
  /// Version and commit of the program that looked, at most 64 bytes.
  public var program: String

  /// A record of nothing found: counts 0, numbers NaN.
  public init(cell: UInt64, network: UInt32, stage: DynamicsStage, condition: Int32, conditions: UInt32) {
    self.cell = cell
    self.network = network
    self.stage = stage
    self.condition = condition
    self.conditions = conditions
    simd = 0
    divergedAt = -1
    (starts, limit, fixedPoints, analysed) = (0, 0, 0, 0)
    (converged, stalled, singular, exhausted, overflowed) = (0, 0, 0, 0, 0)
    (firstHits, firstStability) = (0, -2)
    (firstResidual, firstReal, firstImaginary, firstHenrici) = (.nan, .nan, .nan, .nan)
    (lateAccuracy, slowest) = (.nan, .nan)
    (stable, abscissa, unstableDirections, henrici) = (.nan, .nan, .nan, .nan)
    (nonNormality, slowOverlap, sensitivity, outputGain) = (.nan, .nan, .nan, .nan)
    program = ""
  }

  /// What tells one record of a cell from another; of several that agree in it the last counts.
  public struct Place: Hashable, Comparable, Sendable {
    public var network: UInt32
    public var stage: UInt8
    public var condition: Int32

    public static func < (a: Place, b: Place) -> Bool {
      (a.network, a.stage, a.condition) < (b.network, b.stage, b.condition)
    }
  }

  public var place: Place { Place(network: network, stage: stage.rawValue, condition: condition) }

  /// Bytes of `program`.
  static let programSize = 64
}

extension RecordSchema {
  /// The fields of a dynamics record; they do not depend on the degree.
  static let dynamicsPayload: [(String, FieldType, Int?)] =
    ["network", "conditions"].map { ($0, .word, nil) }
    + ["condition", "diverged_at", "first_stability"].map { ($0, .signed, nil) }
    + [
      "starts", "limit", "fixed_points", "analysed", "converged", "stalled", "singular", "exhausted",
      "overflowed", "first_hits",
    ].map { ($0, .word, nil) }
    + ["stage", "simd"].map { ($0, .byte, nil) }
    + DynamicsRecord.reals.map { ($0.name, .real, nil) }
    + [("program", .text, DynamicsRecord.programSize)]

  static let stageOffset = RecordSchema.of(.dynamics, degree: 0).offset(of: "stage")
}

extension DynamicsRecord {
  /// The real numbers by name, in the order of the bytes.
  static let reals: [(name: String, path: WritableKeyPath<DynamicsRecord, Double> & Sendable)] = [
    ("late_accuracy", \.lateAccuracy), ("slowest", \.slowest), ("stable", \.stable),
    ("abscissa", \.abscissa), ("unstable_directions", \.unstableDirections), ("henrici", \.henrici),
    ("non_normality", \.nonNormality), ("slow_overlap", \.slowOverlap), ("sensitivity", \.sensitivity),
    ("output_gain", \.outputGain), ("first_residual", \.firstResidual), ("first_real", \.firstReal),
    ("first_imaginary", \.firstImaginary), ("first_henrici", \.firstHenrici),
  ]

  /// - Parameter degree: d of the cell; the record has no theta, but shards are kept by degree.
  public func encoded(degree: Int) -> EncodedRecord {
    var encoder = RecordEncoder(.of(.dynamics, degree: degree), cell: cell)
    encoder.put(network)
    encoder.put(conditions)
    for signed in [condition, divergedAt, firstStability] { encoder.put(signed) }
    for word in [
      starts, limit, fixedPoints, analysed, converged, stalled, singular, exhausted, overflowed, firstHits,
    ] {
      encoder.put(word)
    }
    encoder.put(stage.rawValue)
    encoder.put(simd)
    for (_, path) in Self.reals { encoder.put(self[keyPath: path]) }
    encoder.put(program)
    return encoder.finish()
  }

  /// The record in `view`, which must be of kind `dynamics`.
  /// - Throws: `StoreError` (damaged) for a stage this program does not know.
  public init(_ view: RecordView) throws {
    invariant(view.schema.kind == .dynamics, "a \(view.schema.kind) record was read as a dynamics record")
    var decoder = RecordDecoder(view)
    let (network, conditions) = (decoder.word(), decoder.word())
    let (condition, divergedAt, firstStability) = (decoder.signed(), decoder.signed(), decoder.signed())
    let words = (0..<10).map { _ in decoder.word() }
    let (code, simd) = (decoder.byte(), decoder.byte())
    guard let stage = DynamicsStage(rawValue: code) else {
      throw StoreError(
        .damaged, "a dynamics record of cell \(hex(view.cell)) has stage \(code); stages are 0 to 3")
    }
    self.init(cell: view.cell, network: network, stage: stage, condition: condition, conditions: conditions)
    (self.simd, self.divergedAt, self.firstStability) = (simd, divergedAt, firstStability)
    (starts, limit, fixedPoints, analysed) = (words[0], words[1], words[2], words[3])
    (converged, stalled, singular) = (words[4], words[5], words[6])
    (exhausted, overflowed, firstHits) = (words[7], words[8], words[9])
    for (_, path) in Self.reals { self[keyPath: path] = decoder.real() }
    program = decoder.text()
  }

  public init(_ record: EncodedRecord) throws { self = try record.withView { try Self($0) } }
}

import Model

/// An evaluation record without its curves: what tables are made of, read without an allocation.
public struct EvaluationScores: Sendable {
  public var cell: UInt64
  public var network: UInt32
  public var role: RuleRole
  public var trials: UInt32
  public var divergedAt: Int32
  public var trialsToCriterion: Int32
  public var reward: Double
  public var accuracy: Double
  public var lateReward: Double
  public var lateAccuracy: Double
  /// nil for tasks without incongruent trials, and in records of version 1.
  public var lateIncongruentAccuracy: Double?

  /// The fields of these names in `view`, which must be of kind `evaluation`; see `EvaluationRecord`.
  /// - Throws: `StoreError` (damaged) for a role this program does not know.
  public init(_ view: RecordView) throws {
    invariant(view.schema.kind == .evaluation, "a \(view.schema.kind) record was read as scores")
    let code = view.bytes[RecordSchema.roleOffset]
    guard let role = RuleRole(rawValue: code) else {
      throw StoreError(
        .damaged, "an evaluation record of cell \(hex(view.cell)) has role \(code); roles are 0, 1, 2")
    }
    let at = Self.offsets
    cell = view.cell
    self.role = role
    network = view.word(at: at.network)
    trials = view.word(at: at.trials)
    divergedAt = Int32(bitPattern: view.word(at: at.divergedAt))
    trialsToCriterion = Int32(bitPattern: view.word(at: at.criterion))
    reward = view.real(at: at.reward)
    accuracy = view.real(at: at.accuracy)
    lateReward = view.real(at: at.lateReward)
    lateAccuracy = view.real(at: at.lateAccuracy)
    guard view.schema.version >= 2 else { return }
    let incongruent = view.real(at: at.lateIncongruent)
    lateIncongruentAccuracy = incongruent.isNaN ? nil : incongruent
  }

  /// The same at every degree: evaluation records hold no coefficients.
  private static let offsets = {
    let schema = RecordSchema.of(.evaluation, degree: 0)
    return (
      network: schema.offset(of: "network"), trials: schema.offset(of: "trials"),
      divergedAt: schema.offset(of: "diverged_at"), criterion: schema.offset(of: "trials_to_criterion"),
      reward: schema.offset(of: "reward"), accuracy: schema.offset(of: "accuracy"),
      lateReward: schema.offset(of: "late_reward"), lateAccuracy: schema.offset(of: "late_accuracy"),
      lateIncongruent: schema.offset(of: "late_incongruent_accuracy")
    )
  }()
}

/// A result record without its rule.
public struct ResultSummary: Sendable {
  public var cell: UInt64
  public var status: CellStatus
  public var lifetimes: UInt64
  /// Those of `lifetimes` that tested rules on fresh networks; the others were training and validation.
  public var evaluations: UInt32
  /// NaN where nothing was validated.
  public var validationReward: Double
  public var gigaflop: Double
  /// Why the cell failed or diverged; empty otherwise.
  public var message: String

  /// The fields of these names in `view`, which must be of kind `result`; see `ResultRecord`.
  /// - Throws: `StoreError` (damaged) for a status this program does not know.
  public init(_ view: RecordView) throws {
    invariant(view.schema.kind == .result, "a \(view.schema.kind) record was read as a result")
    let code = view.bytes[RecordSchema.statusOffset]
    guard let status = CellStatus(rawValue: code) else {
      throw StoreError(
        .damaged, "a result record of cell \(hex(view.cell)) has status \(code); they are 0, 1, 2")
    }
    cell = view.cell
    self.status = status
    lifetimes = view.long(at: Self.offsets.lifetimes)
    evaluations = view.word(at: Self.offsets.evaluations)
    validationReward = view.real(at: Self.offsets.validation)
    gigaflop = view.real(at: Self.offsets.gigaflop)
    message = ""
    if status != .done {
      let start = view.schema.offset(of: "message")
      let bytes = view.bytes[start..<start + RecordSchema.messageSize]
      message = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  /// They lie before the coefficients, so they are the same at every degree.
  private static let offsets = {
    let schema = RecordSchema.of(.result, degree: 0)
    return (
      lifetimes: schema.offset(of: "lifetimes"), evaluations: schema.offset(of: "evaluations"),
      validation: schema.offset(of: "validation_reward"), gigaflop: schema.offset(of: "gigaflop")
    )
  }()
}

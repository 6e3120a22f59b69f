import Model

/// Records to bytes and back. Encoding is exact: decoding gives every bit back, NaN payloads included.
extension IterationRecord {
  /// - Parameter degree: d; theta and gradient hold (d + 1)^2 numbers.
  public func encoded(degree: Int) -> EncodedRecord {
    var encoder = RecordEncoder(.of(.iteration, degree: degree), cell: cell)
    for word in [iteration, lifetimes, diverged, dropped, action] { encoder.put(word) }
    for real in [
      reward, lateReward, lateAccuracy, gradientNorm, runningNorm, learningRate, validationReward,
      validationAccuracy,
    ] { encoder.put(real) }
    encoder.put(lifetimesSoFar)
    for reals in [theta, gradient, constants.first] { encoder.put(reals) }
    encoder.put(constants.more)
    return encoder.finish()
  }

  /// The record in `view`, which must be of kind `iteration`.
  public init(_ view: RecordView) {
    invariant(
      view.schema.kind == .iteration, "a \(view.schema.kind) record was read as an iteration record")
    var decoder = RecordDecoder(view)
    self.init(
      cell: view.cell, iteration: decoder.word(), lifetimes: decoder.word(), diverged: decoder.word(),
      dropped: decoder.word(), action: decoder.word(), reward: decoder.real(), lateReward: decoder.real(),
      lateAccuracy: decoder.real(), gradientNorm: decoder.real(), runningNorm: decoder.real(),
      learningRate: decoder.real(), validationReward: decoder.real(), validationAccuracy: decoder.real(),
      lifetimesSoFar: decoder.long(), theta: decoder.reals(), gradient: decoder.reals(),
      constants: decoder.reals())
    constants += view.schema.version >= 2 ? decoder.reals() : .laterConstants
  }

  public init(_ record: EncodedRecord) { self = record.withView { Self($0) } }
}

extension StateRecord {
  /// - Parameter degree: d; parameters and their like hold (d + 1)^2 numbers and one a constant, scale (d + 1)^2.
  public func encoded(degree: Int) -> EncodedRecord {
    var encoder = RecordEncoder(.of(.state, degree: degree), cell: cell)
    for word in [iteration, evaluated, bestIteration, tailCount] { encoder.put(word) }
    for long in [optimiserSteps, lifetimes, divergedLifetimes, divergedNetworks] { encoder.put(long) }
    for real in [runningNorm, bestReward, bestNorm, lastValidationReward] { encoder.put(real) }
    let byParameter = [parameters, firstMoment, secondMoment, bestParameters, tailSum]
    let first = (degree + 1) * (degree + 1) + RecordSchema.firstConstants
    for reals in byParameter { encoder.put(Array(reals.prefix(first))) }
    encoder.put(scale)
    encoder.put(byParameter.flatMap { $0.dropFirst(first) })
    return encoder.finish()
  }

  /// The record in `view`, which must be of kind `state`.
  public init(_ view: RecordView) {
    invariant(view.schema.kind == .state, "a \(view.schema.kind) record was read as a state record")
    var decoder = RecordDecoder(view)
    let (iteration, evaluated) = (decoder.word(), decoder.word())
    let (bestIteration, tailCount) = (decoder.word(), decoder.word())
    let (steps, lifetimes) = (decoder.long(), decoder.long())
    let (diverged, divergedNetworks) = (decoder.long(), decoder.long())
    let (runningNorm, bestReward) = (decoder.real(), decoder.real())
    let (bestNorm, lastValidation) = (decoder.real(), decoder.real())
    self.init(
      cell: view.cell, iteration: iteration, evaluated: evaluated, optimiserSteps: steps,
      lifetimes: lifetimes,
      divergedLifetimes: diverged, divergedNetworks: divergedNetworks, runningNorm: runningNorm,
      bestReward: bestReward,
      bestIteration: bestIteration, bestNorm: bestNorm, tailCount: tailCount,
      lastValidationReward: lastValidation, parameters: decoder.reals(), firstMoment: decoder.reals(),
      secondMoment: decoder.reals(), bestParameters: decoder.reals(), tailSum: decoder.reals(),
      scale: decoder.reals())
    addLaterParameters(view.schema.version >= 2 ? decoder.reals() : [])
  }

  /// Completes the arrays by what stands at the end of the record, in their order; by 0, the coordinate of an option
  /// that is off, for records that lack it.
  private mutating func addLaterParameters(_ more: [Double]) {
    let arrays: [WritableKeyPath<Self, [Double]>] = [
      \.parameters, \.firstMoment, \.secondMoment, \.bestParameters, \.tailSum,
    ]
    let count = LocalConstant.allCases.count - RecordSchema.firstConstants
    let values = more.isEmpty ? Array(repeating: 0.0, count: arrays.count * count) : more
    for (place, array) in arrays.enumerated() {
      self[keyPath: array].append(contentsOf: values[place * count..<(place + 1) * count])
    }
  }

  public init(_ record: EncodedRecord) { self = record.withView { Self($0) } }
}

extension EvaluationRecord {
  /// - Parameter degree: d of the cell; the record has no theta, but shards are kept by degree.
  public func encoded(degree: Int) -> EncodedRecord {
    var encoder = RecordEncoder(.of(.evaluation, degree: degree), cell: cell)
    encoder.put(network)
    encoder.put(trials)
    encoder.put(divergedAt)
    encoder.put(trialsToCriterion)
    encoder.put(role.rawValue)
    for real in [reward, accuracy, lateReward, lateAccuracy] { encoder.put(real) }
    encoder.put(rewardCurve)
    encoder.put(accuracyCurve)
    encoder.put(lateIncongruentAccuracy ?? .nan)
    return encoder.finish()
  }

  /// The record in `view`, which must be of kind `evaluation`, of any version this program knows.
  /// - Throws: `StoreError` (damaged) for a role this program does not know.
  public init(_ view: RecordView) throws {
    invariant(
      view.schema.kind == .evaluation, "a \(view.schema.kind) record was read as an evaluation record")
    var decoder = RecordDecoder(view)
    let (network, trials) = (decoder.word(), decoder.word())
    let (divergedAt, criterion) = (decoder.signed(), decoder.signed())
    let code = decoder.byte()
    guard let role = RuleRole(rawValue: code) else {
      throw StoreError(
        .damaged, "an evaluation record of cell \(hex(view.cell)) has role \(code); roles are 0, 1, 2")
    }
    self.init(
      cell: view.cell, network: network, role: role, trials: trials, divergedAt: divergedAt,
      trialsToCriterion: criterion, reward: decoder.real(), accuracy: decoder.real(),
      lateReward: decoder.real(), lateAccuracy: decoder.real(), rewardCurve: decoder.reals(),
      accuracyCurve: decoder.reals())
    guard view.schema.version >= 2 else { return }
    let incongruent = decoder.real()
    lateIncongruentAccuracy = incongruent.isNaN ? nil : incongruent
  }

  public init(_ record: EncodedRecord) throws { self = try record.withView { try Self($0) } }
}

extension ResultRecord {
  /// - Parameter degree: d; theta and scale hold (d + 1)^2 numbers. The message is cut to 256 bytes of UTF-8.
  public func encoded(degree: Int) -> EncodedRecord {
    var encoder = RecordEncoder(.of(.result, degree: degree), cell: cell)
    for word in [launch, rank, iterations, evaluations, choice, bestIteration] { encoder.put(word) }
    encoder.put(status.rawValue)
    encoder.put(simd)
    encoder.put(lifetimes)
    encoder.put(divergedLifetimes)
    for real in [validationReward, seconds, gigaflop] { encoder.put(real) }
    for reals in [theta, scale, constants.first] { encoder.put(reals) }
    encoder.put(message)
    encoder.put(constants.more)
    return encoder.finish()
  }

  /// The record in `view`, which must be of kind `result`.
  /// - Throws: `StoreError` (damaged) for a status this program does not know.
  public init(_ view: RecordView) throws {
    invariant(view.schema.kind == .result, "a \(view.schema.kind) record was read as a result record")
    var decoder = RecordDecoder(view)
    let (launch, rank, iterations) = (decoder.word(), decoder.word(), decoder.word())
    let (evaluations, choice, bestIteration) = (decoder.word(), decoder.word(), decoder.word())
    let (code, simd) = (decoder.byte(), decoder.byte())
    guard let status = CellStatus(rawValue: code) else {
      throw StoreError(
        .damaged, "a result record of cell \(hex(view.cell)) has status \(code); they are 0, 1, 2")
    }
    self.init(
      cell: view.cell, status: status, simd: simd, launch: launch, rank: rank, iterations: iterations,
      lifetimes: decoder.long(), divergedLifetimes: decoder.long(), evaluations: evaluations, choice: choice,
      bestIteration: bestIteration, validationReward: decoder.real(), seconds: decoder.real(),
      gigaflop: decoder.real(), theta: decoder.reals(), scale: decoder.reals(), constants: decoder.reals(),
      message: decoder.text())
    constants += view.schema.version >= 2 ? decoder.reals() : .laterConstants
  }

  public init(_ record: EncodedRecord) throws { self = try record.withView { try Self($0) } }
}

/// A cell key as people see it: 16 hex digits.
public func hex(_ key: UInt64) -> String {
  let digits = String(key, radix: 16)
  return String(repeating: "0", count: 16 - digits.count) + digits
}

extension [Double] {
  /// Of constants: those that version 1 knew, and those after them.
  fileprivate var first: [Double] { Array(prefix(RecordSchema.firstConstants)) }
  fileprivate var more: [Double] { Array(dropFirst(RecordSchema.firstConstants)) }
  /// What version 1 stands for: options that were not there yet are off.
  fileprivate static var laterConstants: [Double] {
    LocalConstant.allCases.dropFirst(RecordSchema.firstConstants).map(\.declaration.standard)
  }
}

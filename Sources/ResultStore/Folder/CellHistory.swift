/// Where one record is: shard number in the index, record in the shard.
public struct RecordLocation: Sendable, Equatable {
  var shard: UInt32
  var record: UInt32
}

/// What a store holds of one cell.
public struct CellHistory: Sendable {
  /// Number of iteration records in unbroken sequence from 0.
  public internal(set) var iterations = 0
  /// Number of evaluation records; no (role, network) counts twice.
  public internal(set) var evaluations = 0
  /// How the cell ended by its last result record; nil where it has none.
  public internal(set) var status: CellStatus?
  /// Iterations and evaluations that were done in the state from which a resumed run continues; 0 without a state.
  public internal(set) var stateIteration = 0
  public internal(set) var stateEvaluated = 0
  /// How many there should be by the result record.
  var claimedIterations = 0
  var claimedEvaluations = 0
  var result: RecordLocation?
  var state: RecordLocation?
  /// Where records are that a run may compute again; kept only for cells that are not done.
  var iterationPlaces: [RecordLocation] = []
  /// Iteration records that follow a gap.
  var strayIterations: [UInt32: RecordLocation] = [:]
  var evaluationPlaces: [UInt64: RecordLocation] = [:]
  /// The networks that `evaluations` counts.
  private(set) var tally = EvaluationTally()

  /// True where a result is stored and every record that it counts is there too.
  public var isComplete: Bool {
    status != nil && iterations >= claimedIterations && evaluations >= claimedEvaluations
  }

  /// Says how much is stored of what the result counts.
  var shortfall: String {
    "its result counts \(claimedIterations) iterations and \(claimedEvaluations) evaluations; "
      + "\(iterations) and \(evaluations) are stored"
  }

  /// True for a cell that is done: nothing of it will be computed again.
  var isSettled: Bool { status == .done }

  /// Where iteration `number` is; nil where that is unknown.
  func place(ofIteration number: UInt32) -> RecordLocation? {
    number < iterationPlaces.count ? iterationPlaces[Int(number)] : strayIterations[number]
  }

  mutating func addIteration(_ number: UInt32, at place: RecordLocation) {
    if number == iterations {
      iterations += 1
      if !isSettled { iterationPlaces.append(place) }
      while let next = strayIterations.removeValue(forKey: UInt32(iterations)) {
        iterations += 1
        if !isSettled { iterationPlaces.append(next) }
      }
    } else if number > iterations, strayIterations[number] == nil {
      strayIterations[number] = place
    }
  }

  mutating func addEvaluation(_ identity: UInt64, at place: RecordLocation) {
    if tally.insert(identity) { evaluations += 1 }
    if !isSettled { evaluationPlaces[identity] = place }
  }

  mutating func forgetPlaces() {
    iterationPlaces = []
    strayIterations = [:]
    evaluationPlaces = [:]
  }
}

extension RecordView {
  /// The number of an iteration record, or role and network of an evaluation record as one number.
  var identity: UInt64 {
    switch schema.kind {
    case .iteration: UInt64(word(at: RecordSchema.openingSize))
    case .evaluation:
      UInt64(bytes[RecordSchema.roleOffset]) << 32 | UInt64(word(at: RecordSchema.openingSize))
    case .state, .result, .dynamics, .alignment: 0
    }
  }
}

extension RecordSchema {
  /// The first payload field of iteration and evaluation records is their number; the role has its own place.
  static let roleOffset = RecordSchema.of(.evaluation, degree: 0).offset(of: "role")
}

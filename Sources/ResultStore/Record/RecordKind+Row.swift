extension RecordKind {
  /// The Swift type of its records.
  var row: any StoredRecord.Type {
    switch self {
    case .iteration: IterationRecord.self
    case .state: StateRecord.self
    case .evaluation: EvaluationRecord.self
    case .result: ResultRecord.self
    case .dynamics: DynamicsRecord.self
    case .alignment: AlignmentRecord.self
    }
  }
}

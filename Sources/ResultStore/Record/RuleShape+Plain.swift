import Model

// Records of rules that do not see the weight are told apart by their degree alone.

extension ShardName {
  public init(kind: RecordKind, degree: Int, segment: Int) {
    self.init(kind: kind, shape: RuleShape(degree: degree), segment: segment)
  }
}

extension EncodedRecord {
  public init(kind: RecordKind, degree: Int, bytes: [UInt8]) {
    self.init(kind: kind, shape: RuleShape(degree: degree), bytes: bytes)
  }
}

extension StoredRecord {
  public func encoded(degree: Int) -> EncodedRecord { encoded(shape: RuleShape(degree: degree)) }
}

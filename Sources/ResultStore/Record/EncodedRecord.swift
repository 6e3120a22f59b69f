import Model

/// A record as it travels from a rank to rank 0: everything but its sequence number and checksum.
public struct EncodedRecord: Sendable, Equatable {
  public var kind: RecordKind
  public var shape: RuleShape
  public var bytes: [UInt8]

  public init(kind: RecordKind, shape: RuleShape, bytes: [UInt8]) {
    self.kind = kind
    self.shape = shape
    self.bytes = bytes
  }
}

/// A record as it travels from a rank to rank 0: everything but its sequence number and checksum.
public struct EncodedRecord: Sendable, Equatable {
  public var kind: RecordKind
  public var degree: Int
  public var bytes: [UInt8]
  public init(kind: RecordKind, degree: Int, bytes: [UInt8]) {
    self.kind = kind
    self.degree = degree
    self.bytes = bytes
  }
}

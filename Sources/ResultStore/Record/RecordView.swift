import Model

/// The bytes of one record in a buffer, without a copy. Valid only during the call that hands it out.
public struct RecordView {
  static let crcOffset = 4
  static let sequenceOffset = 8
  static let cellOffset = 16
  static let schemaOffset = 24
  static let unsyncedOffset = 26

  public let schema: RecordSchema
  /// `schema.size` bytes.
  let bytes: UnsafeRawBufferPointer

  init(_ bytes: UnsafeRawBufferPointer, schema: RecordSchema) {
    invariant(bytes.count == schema.size, "a record of \(schema.size) bytes was given \(bytes.count)")
    self.bytes = bytes
    self.schema = schema
  }

  public var sequence: UInt64 { long(at: Self.sequenceOffset) }
  public var cell: UInt64 { long(at: Self.cellOffset) }
  /// Records before this one in the segment that were not known to be on disk when it was written, at most
  /// 65535.
  public var unsynced: Int { Int(short(at: Self.unsyncedOffset)) }

  /// Everything but sequence and checksum, as a rank would send it.
  public var encoded: EncodedRecord {
    var copy = Array(bytes)
    for index in 4..<16 { copy[index] = 0 }
    copy.store(UInt16(0), at: Self.unsyncedOffset)
    return EncodedRecord(kind: schema.kind, shape: schema.shape, bytes: copy)
  }

  /// True where magic, schema and checksum hold.
  var isIntact: Bool {
    word(at: 0) == RecordSchema.magic && short(at: Self.schemaOffset) == schema.code
      && word(at: Self.crcOffset) == Checksum.crc32(UnsafeRawBufferPointer(rebasing: bytes[8...]))
  }

  /// True where the codes in the payload are ones this program knows.
  var isReadable: Bool { schema.codes.allSatisfy { bytes[$0.offset] <= $0.highestCode ?? .max } }

  /// True if cell and payload have the same bytes as those of `other`; if versions differ, as far as both go.
  func holdsTheSame(as other: EncodedRecord) -> Bool {
    guard other.kind == schema.kind, other.shape == schema.shape else { return false }
    let common = RecordSchema.openingSize..<min(bytes.count, other.bytes.count)
    return bytes[Self.cellOffset..<Self.schemaOffset].elementsEqual(
      other.bytes[Self.cellOffset..<Self.schemaOffset])
      && bytes[common].elementsEqual(other.bytes[common])
  }

  @inline(__always)
  func integer<I: FixedWidthInteger>(at offset: Int) -> I {
    I(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: I.self))
  }
  func short(at offset: Int) -> UInt16 { integer(at: offset) }
  func word(at offset: Int) -> UInt32 { integer(at: offset) }
  func long(at offset: Int) -> UInt64 { integer(at: offset) }
  func real(at offset: Int) -> Double { Double(bitPattern: long(at: offset)) }
  /// The numbers of a list.
  func reals(of place: RecordField) -> [Double] {
    (0..<(place.count ?? 1)).map { real(at: place.offset + 8 * $0) }
  }
}

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
    return EncodedRecord(kind: schema.kind, degree: schema.degree, bytes: copy)
  }

  /// True where magic, schema and checksum hold.
  var isIntact: Bool {
    word(at: 0) == RecordSchema.magic && short(at: Self.schemaOffset) == schema.code
      && word(at: Self.crcOffset) == Checksum.crc32(UnsafeRawBufferPointer(rebasing: bytes[8...]))
  }

  /// True where the codes in the payload are ones this program knows.
  var isReadable: Bool {
    switch schema.kind {
    case .iteration, .state: true
    case .evaluation: RuleRole(rawValue: bytes[RecordSchema.roleOffset]) != nil
    case .result: CellStatus(rawValue: bytes[RecordSchema.statusOffset]) != nil
    case .dynamics: DynamicsStage(rawValue: bytes[RecordSchema.stageOffset]) != nil
    }
  }

  /// True where cell and payload have the same bytes as those of `other`; of another version, as far as both go.
  func holdsTheSame(as other: EncodedRecord) -> Bool {
    guard other.kind == schema.kind, other.degree == schema.degree else { return false }
    let common = RecordSchema.openingSize..<min(bytes.count, other.bytes.count)
    return bytes[Self.cellOffset..<Self.schemaOffset].elementsEqual(
      other.bytes[Self.cellOffset..<Self.schemaOffset])
      && bytes[common].elementsEqual(other.bytes[common])
  }

  func short(at offset: Int) -> UInt16 {
    UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
  }
  func word(at offset: Int) -> UInt32 {
    UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }
  func long(at offset: Int) -> UInt64 {
    UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }
  func real(at offset: Int) -> Double { Double(bitPattern: long(at: offset)) }
}

extension EncodedRecord {
  /// Of the version that the record says it has; the present one where that is unknown.
  private var schema: RecordSchema {
    let earlier = RecordSchema.of(kind, degree: degree, earlier: bytes[RecordView.schemaOffset])
    return earlier ?? RecordSchema.of(kind, degree: degree)
  }

  /// The same record in the present version; fields that it lacked have no value.
  func inPresentVersion() throws -> EncodedRecord {
    guard !schema.isCurrent else { return self }
    switch kind {
    case .iteration: return IterationRecord(self).encoded(degree: degree)
    case .state: return StateRecord(self).encoded(degree: degree)
    case .evaluation: return try EvaluationRecord(self).encoded(degree: degree)
    case .result: return try ResultRecord(self).encoded(degree: degree)
    case .dynamics: brokenInvariant("dynamics records have one version")
    }
  }

  /// Hands out the record as a view.
  func withView<Answer>(_ body: (RecordView) throws -> Answer) rethrows -> Answer {
    let schema = schema
    return try bytes.withUnsafeBytes { try body(RecordView($0, schema: schema)) }
  }

  /// The cell the record is of.
  public var cell: UInt64 { withView(\.cell) }

  /// A record from bytes that came over a wire.
  /// - Throws: `StoreError` (internal) where size, magic or schema are not those of a record of this program.
  public func checked() throws -> EncodedRecord {
    guard RecordSchema.degrees.contains(degree) else {
      throw StoreError(.internal, "a \(kind) record of degree \(degree): degrees are \(RecordSchema.degrees)")
    }
    let schema = RecordSchema.of(kind, degree: degree)
    guard bytes.count == schema.size else {
      throw StoreError(
        .internal, "a \(kind) record of degree \(degree) has \(bytes.count) bytes instead of \(schema.size)")
    }
    let fits = bytes.withUnsafeBytes { buffer in
      let view = RecordView(buffer, schema: schema)
      return view.word(at: 0) == RecordSchema.magic && view.short(at: RecordView.schemaOffset) == schema.code
    }
    guard fits else {
      throw StoreError(.internal, "a \(kind) record of degree \(degree) does not begin as one")
    }
    return self
  }

  /// Fills in what the writer adds and the checksum over it.
  mutating func seal(sequence: UInt64, unsynced: Int) {
    bytes.store(sequence, at: RecordView.sequenceOffset)
    bytes.store(UInt16(min(unsynced, 65535)), at: RecordView.unsyncedOffset)
    let crc = bytes.withUnsafeBytes { Checksum.crc32(UnsafeRawBufferPointer(rebasing: $0[8...])) }
    bytes.store(crc, at: RecordView.crcOffset)
  }
}

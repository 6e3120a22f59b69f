extension EncodedRecord {
  /// The schema of the version that the record names; of the present version if that is unknown.
  var schema: RecordSchema {
    let earlier = RecordSchema.of(kind, shape: shape, earlier: bytes[RecordView.schemaOffset])
    return earlier ?? RecordSchema.of(kind, shape: shape)
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
    guard RecordSchema.has(shape) else {
      throw StoreError(.internal, "a \(kind) record of shape \(shape), for which there is no schema")
    }
    let schema = RecordSchema.of(kind, shape: shape)
    guard bytes.count == schema.size else {
      throw StoreError(
        .internal, "a \(kind) record of shape \(shape) has \(bytes.count) bytes instead of \(schema.size)")
    }
    let fits = bytes.withUnsafeBytes { buffer in
      let view = RecordView(buffer, schema: schema)
      return view.word(at: 0) == RecordSchema.magic && view.short(at: RecordView.schemaOffset) == schema.code
    }
    guard fits else {
      throw StoreError(.internal, "a \(kind) record of shape \(shape) does not begin as one")
    }
    return self
  }

  /// Fills in the fields that the writer adds, and the checksum.
  mutating func seal(sequence: UInt64, unsynced: Int) {
    bytes.store(sequence, at: RecordView.sequenceOffset)
    bytes.store(UInt16(min(unsynced, 65535)), at: RecordView.unsyncedOffset)
    let crc = bytes.withUnsafeBytes { Checksum.crc32(UnsafeRawBufferPointer(rebasing: $0[8...])) }
    bytes.store(crc, at: RecordView.crcOffset)
  }
}

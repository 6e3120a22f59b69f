import Model

/// Writes the fields of one record in the order of its schema. The only code that lays record bytes down.
struct RecordEncoder {
  let schema: RecordSchema
  private var bytes: [UInt8]
  private var next: Int

  /// A record of `cell` with checksum, sequence and payload still 0.
  init(_ schema: RecordSchema, cell: UInt64) {
    self.schema = schema
    bytes = Array(repeating: 0, count: schema.size)
    next = RecordSchema.opening.count
    bytes.store(RecordSchema.magic, at: 0)
    bytes.store(cell, at: RecordView.cellOffset)
    bytes.store(schema.code, at: RecordView.schemaOffset)
  }

  mutating func put(_ value: UInt8) { bytes[place(.byte)] = value }
  mutating func put(_ value: UInt32) { bytes.store(value, at: place(.word)) }
  mutating func put(_ value: Int32) { bytes.store(UInt32(bitPattern: value), at: place(.signed)) }
  mutating func put(_ value: UInt64) { bytes.store(value, at: place(.long)) }
  mutating func put(_ value: Double) { bytes.store(value.bitPattern, at: place(.real)) }

  /// A sub-array; the count must be that of the schema.
  mutating func put(_ values: [Double]) {
    var offset = place(.real, count: values.count)
    for value in values {
      bytes.store(value.bitPattern, at: offset)
      offset += 8
    }
  }

  /// UTF-8, cut at a character so that it fits.
  mutating func put(_ text: String) {
    var room = schema.fields[next...].first { $0.type != .padding }?.count ?? 0
    var offset = place(.text, count: room)
    for character in text {
      let encoded = Array(String(character).utf8)
      guard encoded.count <= room else { break }
      for byte in encoded where byte != 0 {
        bytes[offset] = byte
        offset += 1
      }
      room -= encoded.count
    }
  }

  /// The finished record; every field must have been put.
  func finish() -> EncodedRecord {
    let left = schema.fields[next...].filter { $0.type != .padding }
    invariant(left.isEmpty, "a \(schema.kind) record was encoded without \(left.map(\.name))")
    return EncodedRecord(kind: schema.kind, degree: schema.degree, bytes: bytes)
  }

  private mutating func place(_ type: FieldType, count: Int? = nil) -> Int {
    while next < schema.fields.count, schema.fields[next].type == .padding { next += 1 }
    let field = schema.fields[next]
    invariant(
      field.type == type && field.count == count,
      "field \(field.name) of a \(schema.kind) record of degree \(schema.degree) is \(field.description), "
        + "but \(type.rawValue) with \(count ?? 1) elements was put")
    next += 1
    return field.offset
  }
}

/// Reads the fields of one record in the order of its schema.
struct RecordDecoder {
  private let view: RecordView
  private var next = RecordSchema.opening.count

  init(_ view: RecordView) { self.view = view }

  mutating func byte() -> UInt8 { view.bytes[place(.byte).offset] }
  mutating func word() -> UInt32 { view.word(at: place(.word).offset) }
  mutating func signed() -> Int32 { Int32(bitPattern: view.word(at: place(.signed).offset)) }
  mutating func long() -> UInt64 { view.long(at: place(.long).offset) }
  mutating func real() -> Double { view.real(at: place(.real).offset) }

  mutating func reals() -> [Double] {
    let field = place(.real)
    return (0..<(field.count ?? 1)).map { view.real(at: field.offset + 8 * $0) }
  }

  mutating func text() -> String {
    let field = place(.text)
    let bytes = view.bytes[field.offset..<field.offset + field.size]
    return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }

  private mutating func place(_ type: FieldType) -> RecordField {
    let fields = view.schema.fields
    while next < fields.count, fields[next].type == .padding { next += 1 }
    invariant(fields[next].type == type, "field \(fields[next].name) is not of type \(type.rawValue)")
    next += 1
    return fields[next - 1]
  }
}

extension [UInt8] {
  /// Stores an integer little-endian.
  mutating func store<I: FixedWidthInteger>(_ value: I, at offset: Int) {
    Swift.withUnsafeBytes(of: value.littleEndian) { source in
      for (index, byte) in source.enumerated() { self[offset + index] = byte }
    }
  }
}

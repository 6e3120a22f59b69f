/// A Swift type that one field of a record can have.
protocol FieldValue: Sendable {
  static var fieldType: FieldType { get }
  /// The highest code of a closed set; nil for a number, of which every one is good.
  static var highestCode: UInt8? { get }
  func store(_ bytes: inout [UInt8], at place: RecordField)
  /// - Throws: `StoreError` (damaged) for a code that this program does not know.
  static func load(_ view: RecordView, at place: RecordField) throws -> Self
  /// Many of them as a column of a table.
  static func column(_ values: [Self]) -> ColumnTable.Column
}

extension FieldValue {
  static var highestCode: UInt8? { nil }
}

extension UInt8: FieldValue {
  static var fieldType: FieldType { .byte }
  func store(_ bytes: inout [UInt8], at place: RecordField) { bytes[place.offset] = self }
  static func load(_ view: RecordView, at place: RecordField) -> UInt8 { view.bytes[place.offset] }
  static func column(_ values: [UInt8]) -> ColumnTable.Column { .integers(values.map(Int.init)) }
}

extension UInt32: FieldValue {
  static var fieldType: FieldType { .word }
  func store(_ bytes: inout [UInt8], at place: RecordField) { bytes.store(self, at: place.offset) }
  static func load(_ view: RecordView, at place: RecordField) -> UInt32 { view.word(at: place.offset) }
  static func column(_ values: [UInt32]) -> ColumnTable.Column { .integers(values.map(Int.init)) }
}

extension Int32: FieldValue {
  static var fieldType: FieldType { .signed }
  func store(_ bytes: inout [UInt8], at place: RecordField) { bytes.store(self, at: place.offset) }
  static func load(_ view: RecordView, at place: RecordField) -> Int32 {
    Int32(bitPattern: view.word(at: place.offset))
  }
  static func column(_ values: [Int32]) -> ColumnTable.Column { .integers(values.map(Int.init)) }
}

extension UInt64: FieldValue {
  static var fieldType: FieldType { .long }
  func store(_ bytes: inout [UInt8], at place: RecordField) { bytes.store(self, at: place.offset) }
  static func load(_ view: RecordView, at place: RecordField) -> UInt64 { view.long(at: place.offset) }
  static func column(_ values: [UInt64]) -> ColumnTable.Column { .integers(values.map(Int.init)) }
}

extension Double: FieldValue {
  static var fieldType: FieldType { .real }
  func store(_ bytes: inout [UInt8], at place: RecordField) { bytes.store(bitPattern, at: place.offset) }
  static func load(_ view: RecordView, at place: RecordField) -> Double { view.real(at: place.offset) }
  static func column(_ values: [Double]) -> ColumnTable.Column { .reals(values) }
}

/// Nothing is NaN in the file.
extension Double?: FieldValue {
  static var fieldType: FieldType { .real }
  func store(_ bytes: inout [UInt8], at place: RecordField) { (self ?? .nan).store(&bytes, at: place) }
  static func load(_ view: RecordView, at place: RecordField) -> Double? {
    let value = view.real(at: place.offset)
    return value.isNaN ? nil : value
  }
  static func column(_ values: [Double?]) -> ColumnTable.Column { .reals(values.map { $0 ?? .nan }) }
}

/// UTF-8, cut at a character so that it fits.
extension String: FieldValue {
  static var fieldType: FieldType { .text }
  func store(_ bytes: inout [UInt8], at place: RecordField) {
    var room = place.size
    var offset = place.offset
    for character in self {
      let encoded = Array(String(character).utf8)
      guard encoded.count <= room else { break }
      for byte in encoded where byte != 0 {
        bytes[offset] = byte
        offset += 1
      }
      room -= encoded.count
    }
  }
  static func load(_ view: RecordView, at place: RecordField) -> String {
    let bytes = view.bytes[place.offset..<place.offset + place.size]
    return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }
  static func column(_ values: [String]) -> ColumnTable.Column { .text(values) }
}

/// A closed set of cases, stored as one byte: 0, 1, ...
protocol FieldCode: FieldValue, RawRepresentable<UInt8>, CaseIterable {}

extension FieldCode {
  static var fieldType: FieldType { .byte }
  static var highestCode: UInt8? { UInt8(allCases.count - 1) }
  func store(_ bytes: inout [UInt8], at place: RecordField) { bytes[place.offset] = rawValue }
  static func load(_ view: RecordView, at place: RecordField) throws -> Self {
    let code = view.bytes[place.offset]
    guard let value = Self(rawValue: code) else {
      throw StoreError(
        .damaged,
        "the \(view.schema.kind) record of cell \(hex(view.cell)) has \(place.name) \(code); wanted: 0 to "
          + "\(allCases.count - 1)")
    }
    return value
  }
  static func column(_ values: [Self]) -> ColumnTable.Column { .text(values.map { "\($0)" }) }
}

extension RuleRole: FieldCode {}
extension CellStatus: FieldCode {}
extension DynamicsStage: FieldCode {}

/// A Swift type that one field of a record can have.
protocol FieldValue: Sendable {
  static var fieldType: FieldType { get }
  /// The highest code of a closed set; nil for numbers, all of which are valid.
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

extension FieldValue where Self: FixedWidthInteger {
  func store(_ bytes: inout [UInt8], at place: RecordField) { bytes.store(self, at: place.offset) }
  static func load(_ view: RecordView, at place: RecordField) -> Self { view.integer(at: place.offset) }
  static func column(_ values: [Self]) -> ColumnTable.Column { .integers(values.map { Int($0) }) }
}

extension UInt8: FieldValue { static var fieldType: FieldType { .byte } }
extension UInt32: FieldValue { static var fieldType: FieldType { .word } }
extension Int32: FieldValue { static var fieldType: FieldType { .signed } }
extension UInt64: FieldValue { static var fieldType: FieldType { .long } }

extension Double: FieldValue {
  static var fieldType: FieldType { .real }
  func store(_ bytes: inout [UInt8], at place: RecordField) { bytes.store(bitPattern, at: place.offset) }
  static func load(_ view: RecordView, at place: RecordField) -> Double { view.real(at: place.offset) }
  static func column(_ values: [Double]) -> ColumnTable.Column { .reals(values) }
}

/// A missing number is NaN in the file.
extension Double?: FieldValue {
  static var fieldType: FieldType { .real }
  func store(_ bytes: inout [UInt8], at place: RecordField) { (self ?? .nan).store(&bytes, at: place) }
  static func load(_ view: RecordView, at place: RecordField) -> Double? {
    let value = view.real(at: place.offset)
    return value.isNaN ? nil : value
  }
  static func column(_ values: [Double?]) -> ColumnTable.Column { .reals(values.map { $0 ?? .nan }) }
}

/// UTF-8, cut after the last character that fits.
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

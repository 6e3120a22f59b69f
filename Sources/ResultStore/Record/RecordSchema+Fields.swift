import Model

/// What each kind of record holds.
extension RecordSchema {
  /// The fields that open every record of every kind and version.
  static let opening: [(String, FieldType)] = [
    ("magic", .word), ("crc32", .word), ("sequence", .long), ("cell", .long), ("schema", .short),
    ("unsynced", .short),
  ]

  /// Bytes before the payload.
  public static let openingSize = 28

  /// Constants that version 1 knew; later ones stand at the end of a record.
  static let firstConstants = constants(through: 1)

  /// Constants that records of a version know.
  static func constants(through version: UInt8) -> Int {
    LocalConstant.allCases.count { $0.declaration.recordVersion <= version }
  }

  /// What is added behind the opening: the fields of a record that its version has.
  struct Addition {
    var name: String
    var type: FieldType
    var count: Int?
    var highestCode: UInt8?
  }

  static func additions<Row: StoredRecord>(_ row: Row.Type, version: UInt8, coefficients: Int) -> [Addition] {
    row.fields.filter { $0.since <= version }.map {
      Addition(name: $0.name, type: $0.type, count: $0.count(coefficients), highestCode: $0.highestCode)
    }
  }

  /// The bytes of a record of `cell` with checksum, sequence and payload still 0.
  func blank(cell: UInt64) -> [UInt8] {
    var bytes: [UInt8] = Array(repeating: 0, count: size)
    bytes.store(Self.magic, at: 0)
    bytes.store(cell, at: RecordView.cellOffset)
    bytes.store(code, at: RecordView.schemaOffset)
    return bytes
  }
}

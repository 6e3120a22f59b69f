import Model

/// The scalar types that records are made of, named as NPY names them.
public enum FieldType: String, Sendable {
  case byte = "|u1"
  case short = "<u2"
  case word = "<u4"
  case long = "<u8"
  case signed = "<i4"
  case real = "<f8"
  /// Bytes of UTF-8, padded with zeros.
  case text = "|S"
  /// Bytes that hold nothing; NPY readers do not show them.
  case padding = "|V"

  /// Bytes of one element.
  var size: Int {
    switch self {
    case .byte, .text, .padding: 1
    case .short: 2
    case .word, .signed: 4
    case .long, .real: 8
    }
  }
}

/// One named place in a record.
public struct RecordField: Sendable, Equatable {
  public var name: String
  public var type: FieldType
  /// Elements of a sub-array, bytes of text or padding; nil for a scalar.
  public var count: Int?
  /// Bytes from the start of the record.
  public var offset: Int
  /// The highest code of a closed set; nil where any number may stand.
  var highestCode: UInt8?

  var size: Int { type.size * (count ?? 1) }

  /// The field as one entry of an NPY `descr` list.
  var description: String {
    switch (type, count) {
    case (.text, let count), (.padding, let count): "('\(name)', '\(type.rawValue)\(count ?? 1)')"
    case (_, let count?): "('\(name)', '\(type.rawValue)', (\(count),))"
    case (_, nil): "('\(name)', '\(type.rawValue)')"
    }
  }
}

/// The bytes of one kind of record for rules of one shape: little-endian fields at fixed offsets, size a multiple of
/// 8.
///
/// Every record starts with the same 28 bytes: magic u32, crc32 u32 (of everything after it), sequence u64
/// (0, 1, ... in a segment), cell u64, schema u16 (kind * 256 + version), unsynced u16 (see `Format.md`).
public struct RecordSchema: Sendable, Equatable {
  /// The first four bytes of every record: "3FAC" read as characters.
  public static let magic: UInt32 = 0x4341_4633
  /// The version that records of a kind are written in. Readers also take lower ones and refuse higher ones.
  ///
  /// Version 1 of iteration, state and result records lacks the constants that came after the first ten, version 2 those
  /// after the eleventh; version 1 of evaluation records lacks the late accuracy on incongruent trials.
  public static func version(of kind: RecordKind) -> UInt8 {
    switch kind {
    case .iteration, .state, .result: 3
    case .evaluation: 2
    case .dynamics, .alignment: 1
    }
  }
  /// Shapes of rules for which there are schemas: degrees 0...15, powers of the weight up to the third, and any layers
  /// with coefficients of their own.
  private static let degrees = 0...15
  private static let weightDegrees = 0...3
  private static let layers: [[Layer]] = [
    [], [.recurrent, .input], [.recurrent, .readout], [.input, .readout], [.recurrent, .input, .readout],
  ]

  public let kind: RecordKind
  public let shape: RuleShape
  public let version: UInt8
  public let fields: [RecordField]
  /// Those of `fields` that are in the kind's list, in its order.
  let payload: [RecordField]
  /// Those of `payload` that hold one of a closed set of codes.
  let codes: [RecordField]
  /// Bytes of one record.
  public let size: Int

  /// True where there are schemas for rules of this shape.
  public static func has(_ shape: RuleShape) -> Bool {
    degrees.contains(shape.degree) && weightDegrees.contains(shape.weightDegree)
  }

  /// The schema that records of `kind` are written in for rules of this shape, which must have one.
  public static func of(_ kind: RecordKind, shape: RuleShape) -> RecordSchema {
    invariant(has(shape), "no record schema for rules of shape \(shape)")
    return table[Int(kind.rawValue - 1) * shapes.count + place(of: shape)]
  }

  /// The same for rules that do not see the weight.
  public static func of(_ kind: RecordKind, degree: Int) -> RecordSchema {
    of(kind, shape: RuleShape(degree: degree))
  }

  /// The schema of an earlier version, from 1 up; nil where there is none below the present one.
  public static func of(_ kind: RecordKind, shape: RuleShape, earlier version: UInt8) -> RecordSchema? {
    guard has(shape), version >= 1, version < Self.version(of: kind) else { return nil }
    return earlier[kind]?[Int(version - 1) * shapes.count + place(of: shape)]
  }

  /// True for the schema that records of its kind are written in.
  var isCurrent: Bool { version == Self.version(of: kind) }

  private static let shapes = layers.flatMap { layers in
    weightDegrees.flatMap { powers in
      degrees.map { RuleShape(degree: $0, weightDegree: powers, layers: layers) }
    }
  }
  private static func place(of shape: RuleShape) -> Int {
    let group = layers.firstIndex(of: shape.layers)!
    return (group * weightDegrees.count + shape.weightDegree) * degrees.count + shape.degree
  }

  private static let table: [RecordSchema] = RecordKind.allCases.flatMap { kind in
    shapes.map { RecordSchema(kind: kind, shape: $0, version: version(of: kind)) }
  }
  /// The earlier versions from 1 up, each by shape.
  private static let earlier = Dictionary(
    uniqueKeysWithValues: RecordKind.allCases.filter { version(of: $0) > 1 }.map { kind in
      (
        kind,
        (1..<version(of: kind)).flatMap { version in
          shapes.map { RecordSchema(kind: kind, shape: $0, version: version) }
        }
      )
    })

  /// The `schema` field of a record: kind in the high byte, version in the low one.
  public var code: UInt16 { UInt16(kind.rawValue) << 8 | UInt16(version) }

  /// The value of `descr` in an NPY header.
  public var description: String { "[" + fields.map(\.description).joined(separator: ", ") + "]" }

  /// Bytes from the start of a record to the field of this name, which must exist.
  public func offset(of name: String) -> Int {
    guard let field = fields.first(where: { $0.name == name }) else {
      brokenInvariant("\(kind) records have no field \(name)")
    }
    return field.offset
  }

  private init(kind: RecordKind, shape: RuleShape, version: UInt8) {
    var fields: [RecordField] = []
    var offset = 0
    func add(_ name: String, _ type: FieldType, _ count: Int? = nil, _ highestCode: UInt8? = nil)
      -> RecordField
    {
      if type != .padding, offset % type.size != 0 {
        let gap = type.size - offset % type.size
        fields.append(RecordField(name: "", type: .padding, count: gap, offset: offset))
        offset += gap
      }
      let field = RecordField(
        name: name, type: type, count: count, offset: offset, highestCode: highestCode)
      fields.append(field)
      offset += field.size
      return field
    }
    for (name, type) in Self.opening { _ = add(name, type) }
    let additions = Self.additions(kind.row, version: version, coefficients: shape.coefficients)
    payload = additions.map { add($0.name, $0.type, $0.count, $0.highestCode) }
    codes = payload.filter { $0.highestCode != nil }
    if offset % 8 != 0 { _ = add("", .padding, 8 - offset % 8) }
    self.kind = kind
    self.shape = shape
    self.version = version
    self.fields = fields
    self.size = offset
  }
}

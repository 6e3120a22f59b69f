/// One setting's value in `sweep.json`.
///
/// Whole numbers beyond 2^53 do not fit into a JSON number; such a number (a seed) is given as a string.
public enum ManifestValue: Sendable, Hashable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case list([ManifestValue])

  /// The number, where it is one.
  public var number: Double? { if case .number(let value) = self { value } else { nil } }
  /// The whole number, where it is one.
  public var integer: Int? { number.flatMap { Int(exactly: $0) } }
  /// The text, where it is one.
  public var string: String? { if case .string(let value) = self { value } else { nil } }
}

extension ManifestValue: CustomStringConvertible {
  /// As a sweep file would have it: `none` for null, whole numbers without a point, lists in brackets.
  public var description: String {
    switch self {
    case .null: "none"
    case .bool(let value): "\(value)"
    case .number(let value): Int(exactly: value).map { "\($0)" } ?? "\(value)"
    case .string(let value): value
    case .list(let values): "[" + values.map(\.description).joined(separator: ", ") + "]"
    }
  }
}

extension ManifestValue: Comparable {
  /// Numbers by size, text by its characters, lists element by element; across types null, bool, number,
  /// string, list.
  public static func < (a: ManifestValue, b: ManifestValue) -> Bool {
    switch (a, b) {
    case (.bool(let a), .bool(let b)): !a && b
    case (.number(let a), .number(let b)): a < b
    case (.string(let a), .string(let b)): a < b
    case (.list(let a), .list(let b)): a.lexicographicallyPrecedes(b)
    default: a.place < b.place
    }
  }

  private var place: Int {
    switch self {
    case .null: 0
    case .bool: 1
    case .number: 2
    case .string: 3
    case .list: 4
    }
  }
}

extension ManifestValue: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else {
      self = .list(try container.decode([ManifestValue].self))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    case .list(let values): try container.encode(values)
    }
  }
}

extension ManifestValue: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByNilLiteral
{
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(integerLiteral value: Int) { self = .number(Double(value)) }
  public init(stringLiteral value: String) { self = .string(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(arrayLiteral elements: ManifestValue...) { self = .list(elements) }
  public init(nilLiteral: ()) { self = .null }
}

/// The value of one setting of a cell, as tables group, sort and print it.
public enum SettingValue: Sendable, Hashable {
  case number(Double)
  case text(String)
  case flag(Bool)
  case list([SettingValue])
  /// `none` of a sweep file: off or infinite. Also the value of a setting that a cell does not have.
  case none

  /// True where a user who writes `text` means this value: numbers compare as numbers (`3` is `3.0`).
  public func matches(_ text: String) -> Bool {
    if case .number(let number) = self { return Double(text) == number }
    return description == text
  }
}

extension SettingValue: CustomStringConvertible {
  /// As in a sweep file; a list of tasks prints as `a+b`, other lists as `[1, 2]`.
  public var description: String {
    switch self {
    case .number(let number):
      // 2^53: the last of the whole numbers that a Double can count.
      return number == number.rounded() && abs(number) < 0x1p53 ? String(Int(number)) : String(number)
    case .text(let text): return text
    case .flag(let flag): return flag ? "true" : "false"
    case .list(let values):
      let allText = values.allSatisfy {
        if case .text = $0 { true } else { false }
      }
      let parts = values.map(\.description)
      return allText && !parts.isEmpty ? parts.joined(separator: "+") : "[\(parts.joined(separator: ", "))]"
    case .none: return "none"
    }
  }
}

extension SettingValue: Encodable {
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .number(let number):
      if number == number.rounded(), abs(number) < 0x1p53 {
        try container.encode(Int(number))
      } else {
        try container.encode(number)
      }
    case .text(let text): try container.encode(text)
    case .flag(let flag): try container.encode(flag)
    case .list(let values): try container.encode(values)
    case .none: try container.encodeNil()
    }
  }
}

extension SettingValue {
  /// The order of rows and columns: all numbers ascending; otherwise the order of first appearance, which is that of
  /// the sweep file.
  static func ordered(_ values: some Sequence<SettingValue>) -> [SettingValue] {
    var seen: Set<SettingValue> = []
    let distinct = values.filter { seen.insert($0).inserted }
    let numbers = distinct.compactMap { value -> Double? in
      if case .number(let number) = value { number } else { nil }
    }
    return numbers.count == distinct.count ? numbers.sorted().map { .number($0) } : distinct
  }
}

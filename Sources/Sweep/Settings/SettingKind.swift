import Model

/// What values a setting takes: type and bounds, declared once and used for reading, messages and the reference.
public indirect enum SettingKind: Sendable, Hashable {
  case flag
  case integer(ClosedRange<Int>)
  case number(NumberBounds)
  /// One of these words.
  case word([String])
  /// One or several different ones of these words.
  case words([String])
  /// A list of exactly `count` finite numbers.
  case numbers(count: Int)
  /// A number or a list of numbers: an option of a task.
  case option
  /// Bytes: a whole number, with KiB, MiB, GiB or TiB after it.
  case size
  /// Entries `{k1l1: 0.3}`, `random`, the name of a hand-made rule, or the path of a rule file.
  case theta
  /// One or several different monomials: `k1l3`, `k1l1m1`.
  case terms
  /// `none` or a value of the kind inside.
  case optional(SettingKind)
}

extension SettingKind {
  /// What is wanted, as the end of a sentence.
  public var wanted: String {
    switch self {
    case .flag: return "true or false"
    case .integer(let range): return "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .number(let bounds):
      let low = bounds.lowest.map(shortestText)
      switch (low, bounds.highest.map(shortestText)) {
      case (nil, nil): return "a number"
      case (let low?, nil): return bounds.isOpenBelow ? "a number above \(low)" : "a number from \(low)"
      case (nil, let high?): return "a number up to \(high)"
      case (let low?, let high?):
        return
          "a number \(bounds.isOpenBelow ? "above" : "from") \(low) \(bounds.isOpenBelow ? "and up " : "")to \(high)"
      }
    case .word(let words): return words.count == 1 ? words[0] : "one of \(words.joined(separator: ", "))"
    case .words(let words): return "one or a list of \(words.joined(separator: ", "))"
    case .numbers(let count): return "a list of \(count) numbers"
    case .option: return "a number or a list of numbers"
    case .size: return "a number of bytes such as 512MiB or 2GiB"
    case .theta:
      return "entries such as {k1l1: 0.3}, random, a hand-made rule's name, or the path of a rule file"
    case .terms: return "one or a list of terms such as k1l3 or k1l1m1"
    case .optional(let inner): return "\(inner.wanted), or none"
    }
  }

  /// The words that a mistyped one may stand for.
  var words: [String] {
    switch self {
    case .flag: ["true", "false"]
    case .word(let words), .words(let words): words
    case .theta: ["random"]
    case .optional(let inner): inner.words + ["none"]
    default: []
    }
  }

  /// The value that was probably meant by text that is not of this kind.
  /// - Parameter more: words that are valid beside those of the kind.
  func suggestion(for text: String, or more: [String] = []) -> String? {
    if case .optional = self,
      ["off", "false", "inf", ".inf", "infinite", "infinity", "never", "null", "~"].contains(text)
    {
      return "none"
    }
    if self == .flag,
      let meant = ["yes": "true", "on": "true", "no": "false", "off": "false"][text.lowercased()]
    {
      return meant
    }
    return Suggestion.nearest(to: text, among: words + more)
  }

  /// True where text in quotes is a mistake.
  var isNumeric: Bool {
    switch self {
    case .integer, .number, .numbers, .option, .flag: true
    case .optional(let inner): inner.isNumeric
    default: false
    }
  }

  /// True where a single value may be a YAML list.
  var takesList: Bool {
    switch self {
    case .words, .numbers, .option, .terms: true
    case .optional(let inner): inner.takesList
    default: false
    }
  }

  /// The value one scalar stands for; nil where it is not of this kind or out of bounds.
  func value(of text: String) -> SettingValue? {
    switch self {
    case .flag:
      return text == "true" ? .flag(true) : text == "false" ? .flag(false) : nil
    case .integer(let range):
      return wholeNumber(in: text).flatMap { range.contains($0) ? .integer($0) : nil }
    case .number(let bounds):
      return decimalNumber(in: text).flatMap { bounds.contains($0) ? .number($0) : nil }
    case .word(let words): return words.contains(text) ? .word(text) : nil
    case .words(let words): return words.contains(text) ? .words([text]) : nil
    case .numbers(let count): return count == 1 ? decimalNumber(in: text).map { .numbers([$0]) } : nil
    case .option: return decimalNumber(in: text).map { .numbers([$0]) }
    case .size: return byteCount(in: text).map { .integer($0) }
    case .theta: return text == "random" ? .word(text) : nil
    case .terms: return Term(name: text).map { .words([$0.name]) }
    case .optional(let inner): return text == "none" ? SettingValue.none : inner.value(of: text)
    }
  }

  /// The value several scalars of a list stand for together.
  func value(ofList texts: [String]) -> SettingValue? {
    switch self {
    case .words(let words):
      guard !texts.isEmpty, texts.allSatisfy(words.contains), Set(texts).count == texts.count else {
        return nil
      }
      return .words(texts)
    case .numbers(let count):
      let numbers = texts.compactMap(decimalNumber)
      return numbers.count == texts.count && numbers.count == count ? .numbers(numbers) : nil
    case .option:
      let numbers = texts.compactMap(decimalNumber)
      return numbers.count == texts.count && !numbers.isEmpty ? .numbers(numbers) : nil
    case .terms:
      let terms = texts.compactMap { Term(name: $0) }
      guard !terms.isEmpty, terms.count == texts.count, Set(terms).count == terms.count else { return nil }
      return .words(terms.sorted().map(\.name))
    case .optional(let inner): return inner.value(ofList: texts)
    default: return nil
    }
  }

  /// The inverse of `SettingValue.description`.
  func value(ofCanonical text: String) -> SettingValue? {
    if text.hasPrefix("["), text.hasSuffix("]") {
      return value(ofList: text.dropFirst().dropLast().split(separator: ",").map(String.init))
    }
    guard text.hasPrefix("{"), text.hasSuffix("}"), self == .theta else { return value(of: text) }
    var entries: [ThetaEntry] = []
    for part in text.dropFirst().dropLast().split(separator: ",") {
      let sides = part.split(separator: ":").map(String.init)
      guard sides.count == 2, let term = Term(name: sides[0]),
        let value = decimalNumber(in: sides[1])
      else { return nil }
      entries.append(ThetaEntry(term, value: value))
    }
    return .theta(entries)
  }
}

/// `text` as a decimal whole number; nil for anything else, hexadecimal and digit separators included.
package func wholeNumber(in text: String) -> Int? {
  guard text.utf8.allSatisfy({ (48...57).contains($0) || $0 == 43 || $0 == 45 }) else { return nil }
  return Int(text)
}

/// `text` as a finite decimal number; nil for anything else.
package func decimalNumber(in text: String) -> Double? {
  let allowed = text.utf8.allSatisfy {
    (48...57).contains($0) || $0 == 43 || $0 == 45 || $0 == 46 || $0 == 69 || $0 == 101
  }
  guard allowed, let number = Double(text), number.isFinite else { return nil }
  return number
}

/// `512MiB` or a plain count as bytes, at least 1; nil for anything else and on overflow.
func byteCount(in text: String) -> Int? {
  let units = [("KiB", 10), ("MiB", 20), ("GiB", 30), ("TiB", 40)]
  let unit = units.first { text.hasSuffix($0.0) }
  let digits = text.dropLast(unit?.0.count ?? 0)
  guard let count = decimalNumber(in: digits.filter { $0 != " " }), count > 0 else { return nil }
  let bytes = count * Double(1 << (unit?.1 ?? 0))
  guard bytes == bytes.rounded(), bytes < 9e18 else { return nil }
  return Int(bytes)
}

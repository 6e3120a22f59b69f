import Yams

/// The text of a sweep file with settings of the command line written into its `base`, for the copy that a folder of
/// results keeps.
///
/// What can be changed by one line is; comments stay. Every text is read back and compared before it is used, and where no
/// line will do (a value over several lines, a file in braces), the whole file is written anew from what was read, without
/// its comments.
struct SweepText {
  private let bytes: [UInt8]
  private let reader: SweepReader
  /// What `base` shall say, by index of definition.
  private let base: [Assignment?]

  /// - Parameter reader: of the file as it is.
  init(_ bytes: [UInt8], reader: SweepReader, base: [Assignment?]) {
    self.bytes = bytes
    self.reader = reader
    self.base = base
  }

  /// - Throws: `SweepFileError` where no text says the same.
  func written(_ overrides: [SettingOverride]) throws -> [UInt8] {
    if let text = try? edited(overrides), says(text) { return text }
    if let text = try? rewritten(overrides), says(text) { return text }
    throw SweepFileError(
      file: reader.document.file, place: nil,
      problem: "the copy of the file cannot hold what --set gives it",
      advice: "Write these settings into `base` of the file.")
  }

  /// True where the text differs from the file in `base` alone, which is as wanted.
  private func says(_ text: [UInt8]) -> Bool {
    guard let document = try? YAMLDocument(bytes: text, file: reader.document.file) else { return false }
    let other = SweepReader(document: document, schema: reader.schema, readFile: reader.readFile)
    guard let old = try? reader.sections(), let new = try? other.sections(),
      let values = try? other.base(of: new["base"])
    else { return false }
    return values.map(\.?.value) == base.map(\.?.value)
      && old.filter { $0.key != "base" } == new.filter { $0.key != "base" }
  }

  private func edited(_ overrides: [SettingOverride]) throws -> [UInt8]? {
    var bytes = bytes
    for override in overrides {
      let document = try YAMLDocument(bytes: bytes, file: reader.document.file)
      let current = SweepReader(document: document, schema: reader.schema, readFile: reader.readFile)
      var lines = SourceLines(bytes)
      guard lines.put(override, into: try current.sections()["base"], by: current) else { return nil }
      bytes = lines.bytes
    }
    return bytes
  }

  private func rewritten(_ overrides: [SettingOverride]) throws -> [UInt8]? {
    guard case .mapping(var root) = reader.document.root else { return nil }
    var base = try reader.sections()["base"] ?? Node([(Node, Node)]())
    for override in overrides {
      guard case .mapping(let pair) = try override.document().root, let value = pair.first?.value else {
        return nil
      }
      if !Self.replace(override.path, by: value, in: &base), case .mapping(var mapping) = base {
        mapping[Node(override.path)] = value
        base = .mapping(mapping)
      }
    }
    root[Node("base")] = base
    return Array(try Yams.serialize(node: .mapping(root), allowUnicode: true).utf8)
  }

  /// - Returns: false where the mapping does not give the setting.
  private static func replace(_ path: String, by value: Node, in node: inout Node) -> Bool {
    guard case .mapping(var mapping) = node else { return false }
    for (key, old) in mapping {
      guard let word = key.scalar?.string else { continue }
      var new = old
      if word == path {
        new = value
      } else if !path.hasPrefix(word + ".")
        || !replace(String(path.dropFirst(word.count + 1)), by: value, in: &new)
      {
        continue
      }
      mapping[key] = new
      node = .mapping(mapping)
      return true
    }
    return false
  }
}

/// The lines of a file, as YAML counts lines and columns.
private struct SourceLines {
  private var lines: [[Unicode.Scalar]]

  init(_ bytes: [UInt8]) {
    lines = String(decoding: bytes, as: UTF8.self).unicodeScalars.split(
      separator: "\n", omittingEmptySubsequences: false
    ).map(Array.init)
  }

  var bytes: [UInt8] {
    Array(lines.map { String(String.UnicodeScalarView($0)) }.joined(separator: "\n").utf8)
  }

  /// Writes a setting in the place of its value, as a new line above the others of `base`, or with a `base` at the end.
  /// - Returns: false where none of these will do.
  mutating func put(_ override: SettingOverride, into base: Node?, by reader: SweepReader) -> Bool {
    let pair = Array("\(override.path): \(override.value)".unicodeScalars)
    guard let base, case .mapping(let mapping) = base else {
      while lines.last?.isEmpty == true { lines.removeLast() }
      lines += [[], Array("base:".unicodeScalars), Array("  ".unicodeScalars) + pair, []]
      return base == nil
    }
    let index = reader.schema.index(of: override.path)
    if let old = try? reader.entries(of: base, what: "base").first(where: { $0.index == index }) {
      guard let place = Place(old.value.mark), let end = end(of: old.value, at: place) else { return false }
      lines[place.line - 1].replaceSubrange(place.column - 1..<end, with: override.value.unicodeScalars)
      return true
    }
    guard let place = Place((mapping.first?.key ?? base).mark) else { return false }
    if mapping.first.map({ Place($0.key.mark) == Place(base.mark) }) == true {
      let indent = lines[place.line - 1].prefix(place.column - 1)
      guard indent.allSatisfy({ $0 == " " }) else { return false }
      lines.insert(Array(indent) + pair, at: place.line - 1)
    } else if let brace = Place(base.mark), lines[brace.line - 1][brace.column - 1] == "{" {
      let more = mapping.isEmpty ? "" : ", "
      lines[brace.line - 1].insert(contentsOf: pair + more.unicodeScalars, at: brace.column)
    } else {
      return false
    }
    return true
  }

  /// The column behind a value of one line, from 0; nil where that is not clear.
  private func end(of node: Node, at place: Place) -> Int? {
    let line = lines[place.line - 1]
    let start = place.column - 1
    guard start < line.count else { return nil }
    switch line[start] {
    case "[", "{":
      var depth = 0
      for column in start..<line.count {
        switch line[column] {
        case "[", "{": depth += 1
        case "]", "}": depth -= 1
        case "\"", "'", "#": return nil
        default: break
        }
        if depth == 0 { return column + 1 }
      }
      return nil
    case "\"", "'":
      return line[(start + 1)...].firstIndex(of: line[start]).map { $0 + 1 }
    default:
      guard let text = node.scalar?.string.unicodeScalars, line[start...].starts(with: text) else {
        return nil
      }
      return start + text.count
    }
  }
}

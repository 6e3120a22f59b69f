import Foundation
import Yams

/// One YAML document read to nodes that know their line and column, and the errors about them.
package struct YAMLDocument {
  /// As the user named it, for messages.
  package let file: String
  package let root: Node
  private let kind: Kind

  /// Longest file that is read, in bytes.
  static let sizeLimit = 4 << 20

  /// What a file is, for messages.
  package enum Kind {
    case sweep, rule, task
    /// A setting on the command line, `--set PATH=VALUE`: its messages name no line.
    case setting

    /// Advice for an empty file.
    var contents: String {
      switch self {
      case .sweep: "A sweep file has at least `base:` with a task; see sweeps/quickstart.yaml."
      case .rule: "A rule file has degree and theta; `trifactor rule miconi --to FILE` writes one."
      case .task:
        "A task file has name, inputs, outputs, periods, show, conditions, respond; see sweeps/tasks/match.yaml."
      case .setting: "Wanted: --set PATH=VALUE, such as --set rule.eta=0.1."
      }
    }

    /// Advice for a file that is far too long.
    var brevity: String {
      switch self {
      case .sweep: "A sweep file describes axes, not cells; use ranges and lists."
      case .rule: "A rule file has a few tables; is this another file?"
      case .task: "A task file has some rows; give many trials as arrays (.npz)."
      case .setting: "A setting has a short value; is this the content of a file?"
      }
    }

    /// The most bytes that are read; tasks may be arrays.
    var limit: Int { self == .task ? 1 << 30 : YAMLDocument.sizeLimit }

    /// Advice where the name is that of a folder.
    func file(in folder: String) -> String {
      switch self {
      case .sweep: "Name a YAML file, such as \(folder)/quickstart.yaml."
      case .rule: "Name a rule file; a folder of results has a sweep.json."
      case .task: "Name a task file, such as \(folder)/match.yaml."
      case .setting: contents
      }
    }

    /// Where to find examples.
    var examples: String {
      switch self {
      case .sweep: "The shipped experiments are in sweeps/."
      case .rule: "`trifactor rule DIR --cell KEY --to FILE` writes a learned rule."
      case .task: "The shipped tasks are in sweeps/tasks/."
      case .setting: "`trifactor settings` lists every setting."
      }
    }

    /// Advice for what is not YAML.
    var syntax: String {
      self == .setting
        ? "A list is [1, 2], theta {k1l1: 0.3}; put the whole of PATH=VALUE in quotes for the shell."
        : "Look at the indentation, brackets, quotes and colons here and in the line before."
    }
  }

  /// - Throws: `SweepFileError` for what is not UTF-8, empty, indented by tabs, not YAML, more than one document,
  ///   or gives a key twice.
  package init(bytes: [UInt8], file: String, kind: Kind = .sweep) throws {
    self.file = file
    self.kind = kind
    guard bytes.count <= Self.sizeLimit else {
      throw SweepFileError(
        file: file, place: nil,
        problem: "the file has \(bytes.count) bytes; at most \(Self.sizeLimit) are read", advice: kind.brevity
      )
    }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw SweepFileError(
        file: file, place: Place(line: 1, column: 1), problem: "the file is UTF-16 text, and UTF-8 is read",
        advice: "Save it as UTF-8.")
    }
    // The mark that some editors put before UTF-8.
    let bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw SweepFileError(
        file: file, place: Self.placeOfInvalidByte(in: bytes), problem: "the file is not UTF-8 text",
        advice: "Save it as UTF-8.")
    }
    if let place = Self.placeOfTabIndent(in: bytes) {
      throw SweepFileError(
        file: file, place: place, problem: "a tab indents this line, and YAML allows blanks only",
        advice: "Replace each tab by two blanks.")
    }
    do {
      guard let root = try Parser(yaml: text).singleRoot(), root.scalar?.string.isEmpty != true else {
        throw SweepFileError(
          file: file, place: nil, problem: "the file is empty", advice: kind.contents)
      }
      self.root = root
    } catch let error as YamlError {
      throw Self.translated(error, file: file, text: text, kind: kind)
    }
  }

  package func error(at node: Node, _ problem: String, advice: String) -> SweepFileError {
    SweepFileError(file: file, place: place(of: node), problem: problem, advice: advice)
  }

  /// Where a node stands; nil in a document without lines.
  func place(of node: Node) -> Place? { kind == .setting ? nil : Place(node.mark) }

  /// The pairs of a mapping whose keys are plain words.
  package func pairs(of node: Node, what: String) throws -> [(key: String, keyNode: Node, value: Node)] {
    guard case .mapping(let mapping) = node else {
      throw error(
        at: node, "\(what) should be a mapping, and is \(node.seen)",
        advice: "Write one `key: value` a line, indented below it.")
    }
    return try mapping.map { key, value in
      guard let word = key.scalar?.string, !word.isEmpty else {
        throw error(
          at: key, "a key in \(what) is \(key.seen)", advice: "Keys are plain words such as `task`.")
      }
      if word == "<<" {
        throw error(at: key, "merge keys (`<<`) are not supported", advice: "Write the settings out.")
      }
      return (word, key, value)
    }
  }

  private static func translated(_ error: YamlError, file: String, text: String, kind: Kind) -> SweepFileError
  {
    var error = problem(of: error, file: file, text: text, kind: kind)
    if kind == .setting { error.place = nil }
    return error
  }

  private static func problem(of error: YamlError, file: String, text: String, kind: Kind) -> SweepFileError {
    func syntax(_ problem: String, _ mark: Mark?, _ context: YamlError.Context? = nil) -> SweepFileError {
      let start = context.map {
        " \($0.text.trimmingCharacters(in: .whitespaces))"
          + (kind == .setting ? "" : " that starts in line \($0.mark.line)")
      }
      return SweepFileError(
        file: file, place: Place(mark), problem: "this is not YAML: \(problem)\(start ?? "")",
        advice: kind.syntax)
    }
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _):
      return syntax(problem, mark, context)
    case .composer(_, let problem, let mark, _) where problem.contains("another document"):
      return SweepFileError(
        file: file, place: Place(mark), problem: "a second document starts here",
        advice: "Write one sweep a file, and remove the line `---`.")
    case .composer(_, let problem, let mark, _): return syntax(problem, mark)
    case .duplicatedKeysInMapping(let keys, let context):
      let again = secondLine(of: keys[0], after: context.mark.line, in: text)
      return SweepFileError(
        file: file, place: again ?? Place(context.mark),
        problem: "`\(keys[0])` is given twice, first in line \(context.mark.line)",
        advice: "Keep one of them.")
    case .reader(let problem, let offset, _, _):
      let read = offset.map { text.prefix($0) } ?? ""
      let line = read.split(separator: "\n", omittingEmptySubsequences: false)
      return SweepFileError(
        file: file, place: Place(line: max(line.count, 1), column: (line.last?.count ?? 0) + 1),
        problem: "this character is not allowed in YAML (\(problem))", advice: "Remove it.")
    default: return syntax("\(error)", nil)
    }
  }

  /// Where `key:` stands as a key after line `line`.
  private static func secondLine(of key: String, after line: Int, in text: String) -> Place? {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (number, content) in lines.enumerated().dropFirst(line) {
      let bare = content.drop { $0 == " " }
      if bare.hasPrefix("\(key):") { return Place(line: number + 1, column: content.count - bare.count + 1) }
    }
    return nil
  }

  private static func placeOfTabIndent(in bytes: [UInt8]) -> Place? {
    for (number, line) in bytes.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
      guard let column = line.firstIndex(where: { $0 != 32 }), line[column] == 9 else { continue }
      guard line[column...].contains(where: { $0 != 32 && $0 != 9 && $0 != 13 }) else { continue }
      return Place(line: number + 1, column: column - line.startIndex + 1)
    }
    return nil
  }

  private static func placeOfInvalidByte(in bytes: [UInt8]) -> Place? {
    for (number, line) in bytes.split(separator: 10, omittingEmptySubsequences: false).enumerated()
    where String(validating: line, as: UTF8.self) == nil {
      return Place(line: number + 1, column: 1)
    }
    return nil
  }
}

extension Place {
  package init?(_ mark: Mark?) {
    guard let mark else { return nil }
    self.init(line: mark.line, column: mark.column)
  }
}

extension Node {
  /// How a message names the node.
  package var seen: String {
    switch self {
    case .scalar(let scalar):
      if scalar.string.isEmpty && scalar.style == .plain { return "empty" }
      let text = scalar.string.count > 40 ? "\(scalar.string.prefix(40))..." : scalar.string
      return scalar.style == .plain ? "`\(text)`" : "the text \"\(text)\""
    case .sequence(let list): return list.isEmpty ? "an empty list" : "a list"
    case .mapping: return "a mapping"
    case .alias: return "an alias"
    }
  }
}

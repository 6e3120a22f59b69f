import Foundation
import Model
import Yams

/// A sweep file: read, checked, and expanded into cells.
public struct SweepFile: Sendable {
  /// `name`, or the file's name without its ending.
  public let name: String
  /// `question`; empty where not given.
  public let question: String
  /// In the order of the file, those of `zip` last. The first axis varies slowest in `cells`.
  public let axes: [Axis]
  /// In the order of the axes; no key twice.
  public let cells: [Cell]
  public let warnings: [SweepFileWarning]
  /// The file as it was read, with the settings that were given beside it written into its `base`.
  public let bytes: [UInt8]
  /// The settings that were given beside the file.
  public let overrides: [SettingOverride]
  /// The tasks that come from files, by path.
  public let taskFiles: [String: TaskFile]

  /// Reads the file at `path`; rule and task files in it are relative to its folder.
  /// - Parameters:
  ///   - results: a folder of results whose copies of task files serve where the originals are gone.
  ///   - sent: files that another rank has read, by their paths in the sweep file.
  ///   - overrides: settings in place of those of `base`.
  /// - Throws: `SweepFileError`.
  public static func load(
    _ path: String, schema: SettingsSchema, results: String? = nil, sent: [String: [UInt8]] = [:],
    overrides: [SettingOverride] = []
  ) throws -> SweepFile {
    let folder = SweepFolder(ofSweepAt: path, results: results, sent: sent)
    return try SweepFile(
      bytes: InputFile.bytes(of: path), file: path, schema: schema, overrides: overrides,
      neighbours: folder.neighbours, readFile: folder.read)
  }

  /// - Parameters:
  ///   - file: the name for messages.
  ///   - overrides: settings in place of those of `base`, as if they were written there.
  ///   - neighbours: names of the files beside a file that is not there.
  ///   - readFile: the bytes of a rule or task file by its path in the sweep file.
  public init(
    bytes: [UInt8], file: String, schema: SettingsSchema, overrides: [SettingOverride] = [],
    neighbours: (String) -> [String] = { _ in [] }, readFile: @escaping (String) throws -> [UInt8]
  ) throws {
    let document = try YAMLDocument(bytes: bytes, file: file)
    let others = try overrides.map { try $0.document() }
    taskFiles = try SweepReader(document: document, schema: schema, readFile: readFile)
      .taskFiles(and: others, neighbours: neighbours)
    let schema = schema.adding(taskFiles)
    let reader = SweepReader(document: document, schema: schema, readFile: readFile)
    let parts = try reader.sections()
    let stem = URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent
    name = try parts["name"].map { try reader.name($0) } ?? stem
    question = try parts["question"].map { try reader.sentence($0) } ?? ""

    var assignments = try reader.base(of: parts["base"])
    let given = try reader.given(overrides, as: others)
    for (index, assignment) in given { assignments[index] = assignment }
    axes =
      try (parts["axes"].map { try reader.axes(of: $0) } ?? [])
      + (parts["zip"].map { try reader.zips(of: $0) } ?? [])
    try reader.refuseSharedSettings(of: axes)
    try reader.refuse(overrides, of: given.map(\.index), on: axes)
    var expansion = CellExpansion(
      file: file, schema: schema, base: assignments, axes: axes,
      amendments: try parts["when"].map { try reader.amendments(of: $0) } ?? [],
      exclusions: try parts["exclude"].map { try reader.exclusions(of: $0) } ?? [])
    expansion.warnAboutReplacedSettings()
    cells = try expansion.cells()
    warnings =
      reader.assumptions.warnings + expansion.warnings + expansion.warnings(about: given.map(\.index))
    self.overrides = overrides
    self.bytes =
      overrides.isEmpty ? bytes : try SweepText(bytes, reader: reader, base: assignments).written(overrides)
  }

  /// Cells that a program has made, without a sweep file.
  /// - Parameter text: what the folder of results keeps in place of the file.
  public init(name: String, question: String, cells: [Cell], text: String) {
    self.name = name
    self.question = question
    self.cells = cells
    axes = []
    warnings = []
    overrides = []
    taskFiles = Dictionary(
      cells.flatMap { $0.settings.taskFiles }.map { ($0.value.parts.first?.asked ?? $0.key, $0.value) },
      uniquingKeysWith: { first, _ in first })
    bytes = Array(text.utf8)
  }
}

extension SweepReader {
  static let sectionNames = ["name", "question", "base", "axes", "zip", "exclude", "when"]

  /// The top level of a sweep file.
  func sections() throws -> [String: Node] {
    var sections: [String: Node] = [:]
    for (key, keyNode, value) in try document.pairs(of: document.root, what: "the sweep file") {
      guard Self.sectionNames.contains(key) else {
        if schema.index(of: key) != nil || schema.isGroup(key) {
          throw document.error(
            at: keyNode, "the setting `\(key)` stands at the top level",
            advice: "Indent it under `base:` (one value) or `axes:` (several).")
        }
        throw document.error(
          at: keyNode, "unknown key `\(key)`" + Suggestion.question(for: key, among: Self.sectionNames),
          advice: "A sweep file has \(Self.sectionNames.joined(separator: ", ")).")
      }
      sections[key] = value
    }
    return sections.filter { !($0.value.scalar.map { $0.string.isEmpty && $0.style == .plain } ?? false) }
  }

  /// The values of `base` by index of definition; nil for a file without it.
  func base(of node: Node?) throws -> [Assignment?] {
    var assignments = [Assignment?](repeating: nil, count: schema.definitions.count)
    for entry in try node.map({ try entries(of: $0, what: "base") }) ?? [] {
      assignments[entry.index] = Assignment(
        value: try value(entry.value, of: entry.index), place: document.place(of: entry.value))
    }
    return assignments
  }

  func name(_ node: Node) throws -> String {
    let allowed = { (c: Character) in c.isASCII && (c.isLetter || c.isNumber || "-_.".contains(c)) }
    guard let name = node.scalar?.string, name.allSatisfy(allowed), name.first != ".", name.count <= 100
    else {
      throw document.error(
        at: node, "name should be letters, digits, -, _ and . (at most 100), and is \(node.seen)",
        advice: "It names figures and reports; put sentences into `question`.")
    }
    return name
  }

  func sentence(_ node: Node) throws -> String {
    guard let text = node.scalar?.string else {
      throw document.error(
        at: node, "question should be a sentence, and is \(node.seen)",
        advice: "Write it on one line, in quotes.")
    }
    return text
  }

  /// A setting may lie on one axis only. (One of `base` may: the axis then replaces it.)
  func refuseSharedSettings(of axes: [Axis]) throws {
    var seen: [Int: Place?] = [:]
    for axis in axes {
      for (index, place) in zip(axis.indices, axis.places) {
        if let earlier = seen.updateValue(place, forKey: index) {
          throw SweepFileError(
            file: document.file, place: place,
            problem:
              "`\(schema.definitions[index].path)` is on two axes, the other in line \(earlier?.line ?? 0)",
            advice: "Keep it in `axes` or in one group of `zip`.")
        }
      }
    }
  }
}

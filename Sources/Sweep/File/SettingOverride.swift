import Yams

/// A setting given on the command line in place of the one in `base`: `--set PATH=VALUE`, the value in YAML.
public struct SettingOverride: Sendable, Equatable {
  /// Dotted, as in a sweep file: `rule.eta`.
  public let path: String
  public let value: String

  /// - Returns: nil for text that is not PATH=VALUE.
  public init?(_ text: String) {
    guard let sign = text.firstIndex(of: "=") else { return nil }
    path = String(text[..<sign])
    value = String(text[text.index(after: sign)...])
    let allowed = { (c: Character) in c.isASCII && (c.isLetter || c.isNumber || "-_.".contains(c)) }
    guard !path.isEmpty, path.allSatisfy(allowed) else { return nil }
  }

  /// As the command line has it.
  public var text: String { "\(path)=\(value)" }

  /// How messages name it.
  var name: String { "--set \(text.count > 60 ? text.prefix(60) + "..." : text)" }

  /// One pair of a mapping, so that it is read as one of `base` is.
  func document() throws -> YAMLDocument {
    try YAMLDocument(bytes: Array("\(path): \(value)".utf8), file: name, kind: .setting)
  }

  /// True where the task given is a file.
  var namesTaskFile: Bool {
    path == "task" && value.split { "[], \"'".contains($0) }.contains { TaskFile.isPath(String($0)) }
  }
}

extension SweepReader {
  /// The values of settings given on the command line, by index of definition.
  /// - Parameter documents: those of the overrides.
  /// - Throws: `SweepFileError` for what `base` would refuse, for a group of settings, and for a setting given twice.
  func given(_ overrides: [SettingOverride], as documents: [YAMLDocument]) throws -> [(
    index: Int, assignment: Assignment
  )] {
    var found: [(index: Int, assignment: Assignment)] = []
    for (override, document) in zip(overrides, documents) {
      var reader = SweepReader(document: document, schema: schema, readFile: readFile)
      reader.assumptions = assumptions
      let entries = try reader.entries(of: document.root, what: "--set")
      guard entries.count == 1, schema.definitions[entries[0].index].path == override.path else {
        throw SweepFileError(
          file: override.name, place: nil, problem: "`\(override.path)` holds settings and is none itself",
          advice: "Name one of them: \(members(of: override.path)).")
      }
      let index = entries[0].index
      guard !found.contains(where: { $0.index == index }) else {
        throw SweepFileError(
          file: override.name, place: nil, problem: "`\(override.path)` is given twice",
          advice: "Give --set once for each setting; several values make an axis of the sweep file.")
      }
      found.append((index, Assignment(value: try reader.value(entries[0].value, of: index), place: nil)))
    }
    return found
  }

  /// - Parameter indices: those of the overrides' settings.
  /// - Throws: `SweepFileError` for a setting on an axis, whose values would replace the one given.
  func refuse(_ overrides: [SettingOverride], of indices: [Int], on axes: [Axis]) throws {
    for (override, index) in zip(overrides, indices) {
      guard let axis = axes.first(where: { $0.indices.contains(index) }),
        let place = axis.indices.firstIndex(of: index)
      else { continue }
      throw SweepFileError(
        file: override.name, place: nil,
        problem: "`\(override.path)` is an axis of \(document.file)"
          + (axis.places[place].map { " (line \($0.line))" } ?? "")
          + ", and --set replaces settings of `base`, which the values of an axis replace in turn",
        advice: "Leave this --set out, or change the axis in the file.")
    }
  }
}

extension CellExpansion {
  /// Warns about given settings that a `when` replaces in some cells.
  func warnings(about given: [Int]) -> [SweepFileWarning] {
    amendments.filter(\.condition.isMet).flatMap { amendment in
      amendment.changes.filter { given.contains($0.index) }.map { index, assignment in
        SweepFileWarning(
          file: file, place: assignment.place,
          message:
            "`\(schema.definitions[index].path)` is set here for some cells, in which --set changes nothing")
      }
    }
  }
}

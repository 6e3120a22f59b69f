import Yams

/// Reads the parts of a sweep file by the table of settings; all messages about single values come from here.
struct SweepReader {
  let document: YAMLDocument
  let schema: SettingsSchema
  /// Bytes of a file named in the sweep file, relative to it.
  let readFile: (String) throws -> [UInt8]
  /// Notes about what rule files leave open.
  var assumptions = Assumptions()

  final class Assumptions {
    fileprivate(set) var warnings: [SweepFileWarning] = []
  }

  /// One setting in a mapping: its index in the schema, where its key stands, and its value.
  struct Entry {
    var index: Int
    var key: Node
    var value: Node
  }

  /// The settings of a mapping, nested or dotted keys alike.
  /// - Throws: `SweepFileError` for an unknown name, a group without its settings, and a setting given twice.
  func entries(of node: Node, what: String) throws -> [Entry] {
    var entries: [Entry] = []
    try collect(node, prefix: "", what: what, into: &entries)
    var first: [Int: Node] = [:]
    for entry in entries {
      if let earlier = first.updateValue(entry.key, forKey: entry.index) {
        throw document.error(
          at: entry.key,
          "`\(schema.definitions[entry.index].path)` is given twice in \(what), first in line "
            + "\(earlier.mark?.line ?? 0)",
          advice: "Keep one of them; dotted and nested keys mean the same setting.")
      }
    }
    return entries
  }

  private func collect(_ node: Node, prefix: String, what: String, into entries: inout [Entry]) throws {
    for (key, keyNode, value) in try document.pairs(of: node, what: what) {
      let path = prefix + key
      if let index = schema.index(of: path) {
        entries.append(Entry(index: index, key: keyNode, value: value))
      } else if schema.isGroup(path) {
        guard case .mapping = value else {
          throw document.error(
            at: value, "`\(path)` holds settings and cannot be \(value.seen)",
            advice: "Name one of them: \(members(of: path)).")
        }
        try collect(value, prefix: path + ".", what: what, into: &entries)
      } else {
        throw unknown(path, at: keyNode)
      }
    }
  }

  func members(of group: String) -> String {
    let members = schema.definitions.map(\.path).filter { $0.hasPrefix(group + ".") }
    return members.isEmpty ? "no task has options" : members.prefix(4).joined(separator: ", ")
  }

  private func unknown(_ path: String, at node: Node) -> SweepFileError {
    if path.hasPrefix("rule.theta.") {
      return document.error(
        at: node, "rule.theta is one setting, and `\(path)` is a part of it",
        advice: "Give all its entries together: rule.theta: {k1l1: 0.3}.")
    }
    return document.error(
      at: node,
      "unknown setting `\(path)`" + Suggestion.question(for: path, among: schema.definitions.map(\.path)),
      advice: "`trifactor settings` lists every setting.")
  }

  /// One value of a setting.
  func value(_ node: Node, of index: Int) throws -> SettingValue {
    let definition = schema.definitions[index]
    let kind = definition.kind
    switch node {
    case .scalar(let scalar):
      if scalar.string.isEmpty && scalar.style == .plain {
        throw document.error(
          at: node, "`\(definition.path)` has no value",
          advice: "Wanted: \(kind.wanted). Remove the key to keep the default, \(definition.standard).")
      }
      if kind.isNumeric && scalar.style != .plain {
        throw misfit(node, definition, advice: "Remove the quotes.")
      }
      if let value = kind.value(of: schema.identities[scalar.string] ?? scalar.string) { return value }
      if kind == .theta, let rule = schema.rules.first(where: { $0.name == scalar.string }) {
        return .theta(rule.theta)
      }
      if kind == .theta, scalar.string.contains("/") || scalar.string.contains(".") {
        let file = try ruleFile(scalar.string, at: node)
        if let message = file.assumption(
          file: scalar.string, source: "the sweep file and the defaults"),
          !assumptions.warnings.contains(where: { $0.message == message })
        {
          assumptions.warnings.append(
            SweepFileWarning(file: document.file, place: document.place(of: node), message: message))
        }
        return .theta(file.entries, constants: settings(of: file))
      }
      throw misfit(node, definition)
    case .sequence(let list):
      guard kind.takesList else {
        throw misfit(
          node, definition,
          advice: list.isEmpty ? nil : "Several values make an axis: move `\(definition.path)` under `axes`.")
      }
      let texts = list.compactMap { $0.scalar.map { schema.identities[$0.string] ?? $0.string } }
      guard texts.count == list.count, let value = kind.value(ofList: texts) else {
        throw misfitList(list, node, definition)
      }
      return value
    case .mapping:
      guard kind == .theta else {
        throw misfit(
          node, definition,
          advice: kind.takesDecimals || kind.takesIntegers
            ? "A {from, to, count} mapping makes an axis: it belongs under `axes`." : nil)
      }
      return .theta(try RuleFile.entries(of: node, in: document, degree: nil))
    case .alias: throw misfit(node, definition)
    }
  }

  /// The rule file that `rule.theta` names.
  private func ruleFile(_ path: String, at node: Node) throws -> RuleFile {
    let bytes: [UInt8]
    do {
      bytes = try readFile(path)
    } catch {
      throw document.error(
        at: node, "the rule file `\(path)` cannot be read: \(error)",
        advice: "Paths are relative to the folder of the sweep file.")
    }
    return try RuleFile(bytes: bytes, file: path)
  }

  /// What a rule file says beside theta as settings, in the order of the table.
  private func settings(of file: RuleFile) -> [RuleConstant] {
    schema.definitions.compactMap { definition in
      file.value(of: definition.path).map { RuleConstant(path: definition.path, value: $0) }
    }
  }

  private func misfitList(
    _ list: Node.Sequence, _ node: Node, _ definition: SettingDefinition
  ) -> SweepFileError {
    if let wrong = list.first(where: { $0.scalar.flatMap { definition.kind.value(of: $0.string) } == nil }),
      case .words = definition.kind
    {
      return misfit(wrong, definition)
    }
    if let wrong = list.first(where: { $0.scalar.flatMap { decimalNumber(in: $0.string) } == nil }),
      definition.kind.isNumeric
    {
      return misfit(wrong, definition)
    }
    let size = list.isEmpty ? "an empty list" : "a list of \(list.count)"
    let isRepeated =
      definition.kind.words.isEmpty == false && Set(list.compactMap { $0.scalar?.string }).count < list.count
    return document.error(
      at: node,
      "`\(definition.path)` should be \(definition.kind.wanted), and is \(size)"
        + (isRepeated ? " with a value twice" : ""),
      advice: advice(on: definition))
  }

  private func misfit(_ node: Node, _ definition: SettingDefinition, advice: String? = nil) -> SweepFileError
  {
    let near = node.scalar.flatMap {
      definition.kind.suggestion(
        for: $0.string, or: definition.kind == .theta ? schema.rules.map(\.name) : [])
    }
    let problem = "`\(definition.path)` should be \(definition.kind.wanted), and is \(node.seen)"
    return document.error(
      at: node, problem + (near.map { "; did you mean `\($0)`?" } ?? ""),
      advice: advice ?? self.advice(on: definition, seen: node))
  }

  private func advice(on definition: SettingDefinition, seen node: Node? = nil) -> String {
    if let reason = definition.reason, let text = node?.scalar?.string, wholeNumber(in: text) != nil {
      return "Why: \(reason)."
    }
    return "Default: \(definition.standard). Meaning: \(definition.summary)."
  }
}

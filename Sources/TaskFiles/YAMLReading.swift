import ResultStore
import Sweep
import Tasks
import Yams

/// Reads a task described in YAML. Every mistake is an error with its line, what was seen, what was wanted and the
/// nearest name; see `sweeps/tasks/README.md` for the format.
struct YAMLReading {
  let document: YAMLDocument
  private let bytes: [UInt8]
  private let sections: [String: Node]
  private let order: [String]

  static let keys = [
    "name", "source", "inputs", "outputs", "periods", "show", "columns", "conditions", "redraw", "respond",
    "curves",
  ]
  private static let needed = ["name", "inputs", "outputs", "periods", "show", "conditions", "respond"]
  private static let minimum =
    "A task file has \(needed.joined(separator: ", ")); see sweeps/tasks/match.yaml."

  init(bytes: [UInt8], file: String) throws {
    self.bytes = bytes
    document = try YAMLDocument(bytes: bytes, file: file, kind: .task)
    var sections: [String: Node] = [:]
    var order: [String] = []
    for (key, keyNode, value) in try document.pairs(of: document.root, what: "the task file") {
      guard Self.keys.contains(key) else {
        let isSweep = ["base", "axes", "zip", "when", "exclude", "question"].contains(key)
        let near = isSweep ? nil : Suggestion.nearest(to: key, among: Self.keys)
        throw document.error(
          at: keyNode, "unknown key `\(key)`" + (near.map { "; did you mean `\($0)`?" } ?? ""),
          advice: isSweep
            ? "This is a sweep file; a task file has \(Self.keys.joined(separator: ", "))."
            : "A task file has \(Self.keys.joined(separator: ", ")).")
      }
      sections[key] = value
      order.append(key)
    }
    if let missing = Self.needed.first(where: { sections[$0] == nil }) {
      throw document.error(at: document.root, "`\(missing)` is missing", advice: Self.minimum)
    }
    self.sections = sections
    self.order = order
  }

  /// The task with what it was read from.
  /// - Parameter read: the bytes of a file that the task names.
  func taskFile(_ read: (String) throws -> [UInt8]) throws -> TaskFile {
    let name = try self.name()
    var parts = [TaskFile.Part(asked: document.file, kept: "task.yaml", bytes: bytes)]
    let curves = try sections["curves"].map { try self.curves($0, &parts, read) } ?? []
    let inputs = try names(sections["inputs"]!, "inputs", "channel")
    let outputs = try names(sections["outputs"]!, "outputs", "output")
    let periods = try self.periods(sections["periods"]!)
    let drawn = try sections["columns"].map { try drawnColumns($0) } ?? []
    let table = try RowTable(sections["conditions"]!, drawn: drawn.map { ($0.name, $0.key) }, in: document)
    var shows = ShowReading(document: document, inputs: inputs, periods: periods.map(\.name), table: table)
    let shown = try shows.read(sections["show"]!)
    let entries = EntryReading(
      document: document, inputs: inputs, outputs: outputs, curves: curves.map(\.name), table: table,
      shown: shows.uses)
    let content = try entries.read(drawn: drawn)
    try shows.refuseSilentChannels(content.channels, at: sections["inputs"]!)
    try entries.refuseUnused(curves: curves.map { ($0.curve, $0.key) })
    let respond = try shows.respond(sections["respond"]!)
    try refuseLatePeriods(periods, respond: respond, shown: shown)
    try refuseEmptyResponse(periods, respond: respond)
    let redraws = try sections["redraw"].map { try self.redraws($0, table, entries, content) } ?? []

    let spec = TaskSpec(
      name: name, source: try sections["source"].map { try text($0, "source") } ?? "", inputs: inputs,
      outputs: outputs, periods: periods.map { TaskSpec.Period($0.name, $0.duration) }, shows: shown,
      columns: table.columns + drawn.map(\.name), rowColumns: table.columns.count, draws: content.draws,
      conditions: content.rows, curves: curves.map(\.curve), redraws: redraws, targets: content.targets,
      respond: respond,
      order: order.compactMap { TaskSpec.DrawSection(rawValue: $0) })
    return TaskFile(
      name: name, digest: CanonicalForm.key(of: spec.canonical), parts: parts, content: spec
    ) { _, _, time in
      TaskShape(of: try FileTask(spec, time: TimeGrid(time)))
    }
  }

  private func name() throws -> String {
    let node = sections["name"]!
    let allowed = { (c: Character) in c.isASCII && (c.isLetter || c.isNumber || "-_.".contains(c)) }
    guard let name = node.scalar?.string, !name.isEmpty, name.allSatisfy(allowed), name.first != ".",
      name.count <= 60, !TaskFile.isPath(name)
    else {
      throw document.error(
        at: node, "name should be letters, digits, -, _ and . (at most 60), and is \(node.seen)",
        advice: "It names the task in tables and figures; the paper goes into `source`.")
    }
    return name
  }

  private func text(_ node: Node, _ what: String) throws -> String {
    guard let text = node.scalar?.string else {
      throw document.error(
        at: node, "\(what) should be a sentence, and is \(node.seen)",
        advice: "Write it on one line, in quotes.")
    }
    return text
  }

  /// A list of different plain names.
  private func names(_ node: Node, _ what: String, _ one: String) throws -> [String] {
    let items: [Node]
    if case .sequence(let list) = node { items = Array(list) } else { items = [node] }
    guard !items.isEmpty, items.count <= 1024 else {
      throw document.error(
        at: node, "\(what) should be 1 to 1024 names, and are \(items.count)",
        advice: "Write a list: \(what): [a, b].")
    }
    var seen: Set<String> = []
    return try items.map { item in
      let name = try plainName(item, one)
      guard seen.insert(name).inserted else {
        throw document.error(
          at: item, "the \(one) `\(name)` is listed twice", advice: "Give every \(one) a name of its own.")
      }
      return name
    }
  }

  private func plainName(_ node: Node, _ what: String) throws -> String {
    guard let name = node.scalar?.string, document.isPlainName(name) else {
      throw document.error(
        at: node, "the name of a \(what) should be a word, and is \(node.seen)",
        advice: "Letters, digits, - and _, beginning with a letter; `none` and `weight` mean something else.")
    }
    return name
  }
}

extension YAMLDocument {
  func isPlainName(_ name: String) -> Bool {
    guard let first = name.first, first.isASCII, first.isLetter, name.count <= 60 else { return false }
    return name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }
      && !["none", "weight"].contains(name)
  }

  /// A plain number within bounds.
  func number(_ node: Node, _ what: String, in range: ClosedRange<Double>) throws -> Double {
    guard let scalar = node.scalar, scalar.style == .plain, let value = decimalNumber(in: scalar.string),
      range.contains(value)
    else {
      let isText = node.scalar.map { $0.style != .plain } ?? false
      throw error(
        at: node,
        "\(what) should be a number from \(shortestText(of: range.lowerBound)) to "
          + "\(shortestText(of: range.upperBound)), and is \(node.seen)",
        advice: isText ? "Remove the quotes." : "Write one plain number.")
    }
    return value
  }

  /// `did you mean` for a name that is none of those known, and the list of those.
  func unknownName(_ node: Node, _ problem: String, among known: [String], what: String) -> SweepFileError {
    let near = node.scalar.flatMap { Suggestion.nearest(to: $0.string, among: known) }
    return error(
      at: node, problem + (near.map { "; did you mean `\($0)`?" } ?? ""),
      advice: known.isEmpty ? "There are no \(what)." : "The \(what) are \(known.joined(separator: ", ")).")
  }
}

import Sweep
import Tasks
import Yams

/// Reads what rows and drawn columns hold, each entry by what its column is used for.
struct EntryReading {
  let document: YAMLDocument
  let inputs: [String]
  let outputs: [String]
  let curves: [String]
  let table: RowTable
  /// By column, from `show`.
  let shown: [Int: Set<ColumnUse>]

  struct Content {
    var rows: [TaskSpec.Row]
    var draws: [TaskSpec.DrawnColumn]
    var targets: [Int]
    /// Channels that some column holds.
    var channels: Set<Int>
  }

  private static let target = -1e3...1e3

  func read(drawn: [NamedDraw]) throws -> Content {
    let all = table.all
    var uses = shown
    let targets = try outputs.map { output -> Int in
      guard let column = all.firstIndex(of: output) else {
        throw document.error(
          at: document.root,
          "no row says what the output `\(output)` should be"
            + Suggestion.question(for: output, among: all),
          advice: "Give every row of conditions a column `\(output)`: a number, or the name of a curve.")
      }
      uses[column, default: []].insert(.target)
      return column
    }
    try takeReferences(drawn, &uses)
    try check(uses, drawn, targets)
    var channels: Set<Int> = []
    let rows = try table.cells.indices.map { row in
      TaskSpec.Row(
        try table.columns.indices.map { column in
          try entry(table.cells[row][column], table.columns[column], uses[column] ?? [], &channels)
        }, weight: table.weights[row])
    }
    let draws = try drawn.enumerated().map { index, column in
      let use = uses[table.columns.count + index] ?? []
      if let (low, high) = column.interval {
        return TaskSpec.DrawnColumn(.uniform(low, high), isPerLifetime: column.isPerLifetime)
      }
      let entries = try (column.choice ?? []).map { node -> TaskSpec.Entry in
        if let text = node.scalar?.string, text.hasPrefix("$") {
          return .column(try rowColumn(node, column.name))
        }
        return try entry(node, column.name, use, &channels)
      }
      return TaskSpec.DrawnColumn(.choice(entries), isPerLifetime: column.isPerLifetime)
    }
    return Content(rows: rows, draws: draws, targets: targets, channels: channels)
  }

  /// The columns that a drawn column chooses from have its uses too.
  private func takeReferences(_ drawn: [NamedDraw], _ uses: inout [Int: Set<ColumnUse>]) throws {
    for (index, column) in drawn.enumerated() {
      for node in column.choice ?? [] where node.scalar?.string.hasPrefix("$") ?? false {
        let other = try rowColumn(node, column.name)
        uses[other, default: []].formUnion(uses[table.columns.count + index] ?? [])
      }
    }
  }

  private func rowColumn(_ node: Node, _ name: String) throws -> Int {
    let column = try table.column(node, "a choice of the column `\(name)`", in: document)
    guard column < table.columns.count else {
      throw document.error(
        at: node, "the column `\(name)` chooses from `\(table.all[column])`, which is drawn itself",
        advice: "Choose from columns that the rows give.")
    }
    return column
  }

  private func check(
    _ uses: [Int: Set<ColumnUse>], _ drawn: [NamedDraw], _ targets: [Int]
  ) throws {
    for (index, name) in table.all.enumerated() {
      let key = index < table.columns.count ? table.keys[index] : drawn[index - table.columns.count].key
      let use = uses[index] ?? []
      guard !use.isEmpty else {
        let near = Suggestion.nearest(to: name, among: outputs)
        throw document.error(
          at: key,
          "nothing uses the column `\(name)`" + (near.map { "; did you mean the output `\($0)`?" } ?? ""),
          advice: "Show it ({channel: $\(name), ...} or {value: $\(name), ...}), or remove it.")
      }
      guard !use.contains(.channel) || use.count == 1 else {
        throw document.error(
          at: key, "the column `\(name)` is used as a channel and as a number",
          advice: "Give the numbers a column of their own.")
      }
    }
    for column in targets where column >= table.columns.count {
      let draw = drawn[column - table.columns.count]
      guard draw.isPerLifetime, draw.interval == nil else {
        throw document.error(
          at: draw.key,
          "the output `\(draw.name)` is drawn \(draw.interval == nil ? "every trial" : "from an interval")",
          advice:
            "Nothing that is shown could determine it: give it in the rows, or as a choice with redraw: lifetime."
        )
      }
    }
    for draw in drawn.indices where drawn[draw].interval != nil {
      if (uses[table.columns.count + draw] ?? []).contains(.channel) {
        throw document.error(
          at: drawn[draw].key,
          "the column `\(drawn[draw].name)` is used as a channel and drawn from an interval",
          advice: "Give a choice of channels: {choice: [\(inputs.prefix(2).joined(separator: ", "))]}.")
      }
    }
  }

  /// One entry, by the use of its column.
  private func entry(_ node: Node, _ column: String, _ use: Set<ColumnUse>, _ channels: inout Set<Int>) throws
    -> TaskSpec.Entry
  {
    if use.contains(.channel) {
      let text = node.scalar?.string
      if text == "none" { return .none }
      guard let text, let channel = inputs.firstIndex(of: text) else {
        throw document.unknownName(
          node, "`\(column)` should be a channel or none, and is \(node.seen)", among: inputs,
          what: "channels")
      }
      channels.insert(channel)
      return .channel(channel)
    }
    if use.contains(.target) {
      if !use.contains(.value), let text = node.scalar?.string, let curve = curves.firstIndex(of: text) {
        return .curve(curve)
      }
      if let scalar = node.scalar, scalar.style == .plain, let value = decimalNumber(in: scalar.string),
        Self.target.contains(value)
      {
        return .number(value)
      }
      let isNumber = node.scalar.map { $0.style == .plain && decimalNumber(in: $0.string) != nil } ?? false
      let near = isNumber ? nil : node.scalar.flatMap { Suggestion.nearest(to: $0.string, among: curves) }
      throw document.error(
        at: node,
        "the target `\(column)` should be a number from -1000 to 1000"
          + (curves.isEmpty ? "" : " or a curve") + ", and is \(node.seen)"
          + (near.map { "; did you mean `\($0)`?" } ?? ""),
        advice: curves.isEmpty
          ? "Moving targets are curves: describe them in `curves` and name them here."
          : "The curves are \(curves.joined(separator: ", ")).")
    }
    return .number(try document.number(node, "`\(column)`", in: -1e6...1e6))
  }

  func refuseUnused(curves: [(curve: TaskSpec.Curve, key: Node)]) throws {
    let used = Set(
      table.cells.joined().compactMap { $0.scalar?.string }
        + (document.root.mapping?["columns"].map(Self.words) ?? []))
    for (curve, key) in curves where !used.contains(curve.name) {
      throw document.error(
        at: key, "no row asks for the curve `\(curve.name)`",
        advice: "Name it as the target of an output, or remove it.")
    }
  }

  private static func words(_ node: Node) -> [String] {
    switch node {
    case .scalar(let scalar): [scalar.string]
    case .sequence(let list): list.flatMap(words)
    case .mapping(let mapping): mapping.flatMap { words($0.value) }
    case .alias: []
    }
  }
}

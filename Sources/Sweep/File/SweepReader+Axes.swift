import Yams

extension SweepReader {
  /// The axes of the `axes` mapping, in its order.
  func axes(of node: Node) throws -> [Axis] {
    try entries(of: node, what: "axes").map { entry in
      Axis(
        paths: [schema.definitions[entry.index].path],
        points: try points(of: entry.value, for: entry.index).map { [$0] },
        indices: [entry.index], places: [Place(entry.value.mark)])
    }
  }

  /// The axes of `zip`: one for a mapping, one for each mapping of a list.
  func zips(of node: Node) throws -> [Axis] {
    let groups: [Node]
    if case .sequence(let list) = node { groups = Array(list) } else { groups = [node] }
    return try groups.map { group in
      let entries = try self.entries(of: group, what: "zip")
      guard entries.count > 1 else {
        throw document.error(
          at: group, "zip couples several settings, and this one has \(entries.count)",
          advice: "Give at least two lists of one length, or move the setting under `axes`.")
      }
      let columns = try entries.map { try points(of: $0.value, for: $0.index) }
      for (entry, column) in zip(entries, columns) where column.count != columns[0].count {
        throw document.error(
          at: entry.value,
          "zip pairs values one by one: `\(schema.definitions[entry.index].path)` has \(column.count), "
            + "`\(schema.definitions[entries[0].index].path)` has \(columns[0].count)",
          advice: "Give lists of one length.")
      }
      return Axis(
        paths: entries.map { schema.definitions[$0.index].path },
        points: columns[0].indices.map { row in columns.map { $0[row] } },
        indices: entries.map(\.index), places: entries.map { Place($0.value.mark) })
    }
  }

  /// The values of one axis: a list, a range of whole numbers, or a mapping {from, to, count | step}.
  func points(of node: Node, for index: Int) throws -> [SettingValue] {
    let path = schema.definitions[index].path
    switch node {
    case .sequence(let list):
      guard !list.isEmpty else {
        throw document.error(
          at: node, "the axis `\(path)` is empty", advice: "Give at least one value, or remove the axis.")
      }
      return try list.map { item in
        if let text = item.scalar?.string, text.contains(".."), schema.definitions[index].kind.isNumeric {
          throw document.error(
            at: item, "the range `\(text)` stands in a list",
            advice: "A range is an axis by itself: \(path): \(text).")
        }
        return try value(item, of: index)
      }
    case .scalar(let scalar):
      guard scalar.string.contains(".."), schema.definitions[index].kind.isNumeric else {
        throw document.error(
          at: node, "the axis `\(path)` should have several values, and is \(node.seen)",
          advice:
            "Write a list [a, b], a range 0..<20, or {from, to, count}; a single value belongs under `base`.")
      }
      return try range(scalar.string, at: node, for: index)
    case .mapping:
      return try spaced(node, for: index)
    case .alias:
      throw document.error(at: node, "the axis `\(path)` is an alias", advice: "Write its values out.")
    }
  }

  private func range(_ text: String, at node: Node, for index: Int) throws -> [SettingValue] {
    let definition = schema.definitions[index]
    let isHalfOpen = text.contains("..<")
    let parts = text.replacing("..<", with: " ").replacing("...", with: " ").split(separator: " ").map(
      String.init)
    guard definition.kind.takesIntegers, isHalfOpen || text.contains("..."), parts.count == 2,
      let low = wholeNumber(in: parts[0]), let high = wholeNumber(in: parts[1])
    else {
      throw document.error(
        at: node, "`\(text)` is no range for `\(definition.path)`",
        advice: definition.kind.takesDecimals
          ? "Ranges go from one whole number to another in steps of 1; otherwise write {from, to, count}."
          : "Write 0..<20 (without 20) or 0...19 (with 19).")
    }
    guard low <= high else {
      throw document.error(
        at: node, "the range `\(text)` runs backwards",
        advice: "Write the smaller number first: \(high)...\(low).")
    }
    guard !isHalfOpen || low < high else {
      throw document.error(
        at: node, "the range `\(text)` is empty", advice: "\(low)...\(low) holds \(low) alone.")
    }
    let (width, overflow) = high.subtractingReportingOverflow(low)
    guard !overflow, width <= CellExpansion.limit else { throw tooMany(definition.path, at: node) }
    return try (isHalfOpen ? Array(low..<high) : Array(low...high)).map {
      try computed(String($0), of: index, at: node)
    }
  }

  private func spaced(_ node: Node, for index: Int) throws -> [SettingValue] {
    let definition = schema.definitions[index]
    guard definition.kind.isNumeric, definition.kind != .flag else {
      throw document.error(
        at: node, "the axis `\(definition.path)` should be a list, and is a mapping",
        advice: definition.kind == .theta
          ? "Write a list of start rules: [{k1l1: 0.3}, {k3l3: -1}]." : "Write a list: [a, b].")
    }
    let spacing = try AxisSpacing(node, of: definition.path, in: document)
    guard spacing.count <= Double(CellExpansion.limit) else { throw tooMany(definition.path, at: node) }
    return try spacing.values.map { try computed(shortestText(of: $0), of: index, at: node) }
  }

  /// A value that was computed, checked like one that was written.
  private func computed(_ text: String, of index: Int, at node: Node) throws -> SettingValue {
    let definition = schema.definitions[index]
    guard let value = definition.kind.value(of: text) else {
      let advice =
        definition.kind.takesIntegers && !definition.kind.takesDecimals
        ? "Choose from, to and count so that every value is a whole number in bounds, or write a list."
        : "Choose values in bounds."
      throw document.error(
        at: node, "the axis reaches \(text), and `\(definition.path)` should be \(definition.kind.wanted)",
        advice: definition.reason.map { "Why: \($0)." } ?? advice)
    }
    return value
  }

  private func tooMany(_ path: String, at node: Node) -> SweepFileError {
    document.error(
      at: node, "the axis `\(path)` has more than \(CellExpansion.limit) values",
      advice: "Split the sweep into several files.")
  }
}

extension SettingKind {
  var takesIntegers: Bool {
    switch self {
    case .integer: true
    case .optional(let inner): inner.takesIntegers
    default: takesDecimals
    }
  }

  var takesDecimals: Bool {
    switch self {
    case .number, .option: true
    case .optional(let inner): inner.takesDecimals
    default: false
    }
  }
}

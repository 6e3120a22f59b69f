import Yams

extension SweepReader {
  /// - Parameter what: `exclude` or `if`, for messages.
  func condition(of node: Node, what: String) throws -> Condition {
    let terms = try entries(of: node, what: what).map { entry in
      Condition.Term(
        index: entry.index, values: try alternatives(entry.value, of: entry.index),
        place: Place(entry.value.mark),
        isRange: entry.value.scalar != nil && entry.value.scalar?.string.contains("..") == true)
    }
    guard !terms.isEmpty else {
      throw document.error(
        at: node, "\(what) names no setting and would meet every cell",
        advice: "Name at least one setting and value.")
    }
    return Condition(terms: terms, place: Place(node.mark))
  }

  func exclusions(of node: Node) throws -> [Condition] {
    try list(node, "exclude", example: "- {rule.degree: 5, task: delayed-nonmatch}").map {
      try condition(of: $0, what: "exclude")
    }
  }

  func amendments(of node: Node) throws -> [Amendment] {
    let example = "- {if: {task: delayed-nonmatch}, set: {network.units: 64}}"
    return try list(node, "when", example: example).map { item in
      var parts: [String: Node] = [:]
      for (key, keyNode, value) in try document.pairs(of: item, what: "an entry of when") {
        guard key == "if" || key == "set" else {
          throw document.error(at: keyNode, "unknown key `\(key)` in when", advice: "An example: \(example)")
        }
        parts[key] = value
      }
      guard let condition = parts["if"], let changes = parts["set"] else {
        throw document.error(
          at: item, "an entry of when should have if and set", advice: "An example: \(example)")
      }
      let entries = try self.entries(of: changes, what: "set")
      return Amendment(
        condition: try self.condition(of: condition, what: "if"),
        changes: try entries.map {
          ($0.index, Assignment(value: try value($0.value, of: $0.index), place: Place($0.value.mark)))
        })
    }
  }

  /// A value, or a list or range of values, any of which meets the condition.
  private func alternatives(_ node: Node, of index: Int) throws -> [SettingValue] {
    if case .sequence = node, schema.definitions[index].kind.isListOfNumbers {
      return [try value(node, of: index)]
    }
    if case .scalar(let scalar) = node,
      !scalar.string.contains("..") || !schema.definitions[index].kind.takesIntegers
    {
      return [try value(node, of: index)]
    }
    if case .mapping = node { return [try value(node, of: index)] }
    return try points(of: node, for: index)
  }

  private func list(_ node: Node, _ what: String, example: String) throws -> [Node] {
    guard case .sequence(let list) = node else {
      throw document.error(
        at: node, "\(what) should be a list, and is \(node.seen)", advice: "An example: \(example)")
    }
    return Array(list)
  }
}

extension SettingKind {
  var isListOfNumbers: Bool {
    if case .numbers = self { return true }
    return false
  }
}

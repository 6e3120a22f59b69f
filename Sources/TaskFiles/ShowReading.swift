import Sweep
import Tasks
import Yams

/// Reads `show` and `respond`, and notes what columns are used for.
struct ShowReading {
  let document: YAMLDocument
  let inputs: [String]
  let periods: [String]
  let table: RowTable
  private(set) var uses: [Int: Set<ColumnUse>] = [:]
  private var channels: Set<Int> = []

  init(document: YAMLDocument, inputs: [String], periods: [String], table: RowTable) {
    self.document = document
    self.inputs = inputs
    self.periods = periods
    self.table = table
  }

  private static let keys = ["channel", "during", "value", "noise"]

  mutating func read(_ node: Node) throws -> [TaskSpec.Show] {
    guard case .sequence(let list) = node, !list.isEmpty, list.count <= 4096 else {
      throw document.error(
        at: node, "show should be a list, and is \(node.seen)",
        advice: "Write one entry a channel: - {channel: fix, during: [sample, delay]}.")
    }
    return try list.map { try show($0) }
  }

  private mutating func show(_ node: Node) throws -> TaskSpec.Show {
    var parts: [String: Node] = [:]
    for (key, keyNode, value) in try document.pairs(of: node, what: "an entry of show") {
      guard Self.keys.contains(key) else {
        throw document.error(
          at: keyNode, "unknown key `\(key)` in show" + Suggestion.question(for: key, among: Self.keys),
          advice: "An entry has channel and during, and may have value and noise.")
      }
      parts[key] = value
    }
    guard let channel = parts["channel"], let during = parts["during"] else {
      throw document.error(
        at: node, "an entry of show has no `\(parts["channel"] == nil ? "channel" : "during")`",
        advice: "An example: {channel: fix, during: [sample, delay]}.")
    }
    return TaskSpec.Show(
      channel: try place(channel), value: try parts["value"].map { try value($0) } ?? .number(1),
      noise: try parts["noise"].map { try document.number($0, "noise", in: 0...1e6) } ?? 0,
      during: try indices(during, "during"))
  }

  private mutating func place(_ node: Node) throws -> TaskSpec.Show.Place {
    guard let text = node.scalar?.string else {
      throw document.error(
        at: node, "channel should be one channel or column, and is \(node.seen)",
        advice: "Write one entry for each channel: - {channel: $sample, during: sample}.")
    }
    if text.hasPrefix("$") {
      guard !text.dropFirst().contains(where: { "$ ,".contains($0) }) else {
        throw document.error(
          at: node, "channel should be one column, and is \(node.seen)",
          advice: "Write one entry for each column: - {channel: $sample, during: sample}.")
      }
      let column = try table.column(node, "channel", in: document)
      uses[column, default: []].insert(.channel)
      return .column(column)
    }
    guard let index = inputs.firstIndex(of: text) else {
      throw document.error(
        at: node,
        "there is no channel `\(text)`"
          + Suggestion.question(for: text, among: inputs + table.all.map { "$\($0)" }),
        advice:
          "The channels are \(inputs.joined(separator: ", ")); $name is the channel that a column holds.")
    }
    channels.insert(index)
    return .channel(index)
  }

  private mutating func value(_ node: Node) throws -> TaskSpec.Show.Value {
    guard let text = node.scalar?.string, text.hasPrefix("$") else {
      return .number(try document.number(node, "value", in: -1e6...1e6))
    }
    let column = try table.column(node, "value", in: document)
    uses[column, default: []].insert(.value)
    return .column(column)
  }

  /// Places of the periods that a name or a list of names means, rising.
  private func indices(_ node: Node, _ what: String) throws -> [Int] {
    let items: [Node]
    if case .sequence(let list) = node { items = Array(list) } else { items = [node] }
    guard !items.isEmpty else {
      throw document.error(
        at: node, "\(what) names no period", advice: "The periods are \(periods.joined(separator: ", ")).")
    }
    var found: [Int] = []
    for item in items {
      guard let name = item.scalar?.string, let index = periods.firstIndex(of: name) else {
        throw document.unknownName(
          item, "\(what) should name a period, and is \(item.seen)", among: periods, what: "periods")
      }
      guard !found.contains(index) else {
        throw document.error(
          at: item, "\(what) names the period `\(name)` twice", advice: "Keep one of them.")
      }
      found.append(index)
    }
    return found.sorted()
  }

  /// The periods of the response window.
  func respond(_ node: Node) throws -> Range<Int> {
    let found = try indices(node, "respond")
    if let gap = zip(found, found.dropFirst()).first(where: { $1 != $0 + 1 }) {
      throw document.error(
        at: node, "the response leaves out `\(periods[gap.0 + 1])`, which lies between its periods",
        advice: "The response window is one stretch of time: name all periods from its first to its last.")
    }
    return found.first!..<found.last! + 1
  }

  /// - Parameter columns: channels that columns hold.
  func refuseSilentChannels(_ columns: Set<Int>, at node: Node) throws {
    guard let silent = inputs.indices.first(where: { !channels.contains($0) && !columns.contains($0) }) else {
      return
    }
    let item = node.sequence?[silent] ?? node
    throw document.error(
      at: item, "nothing is ever shown on the channel `\(inputs[silent])`",
      advice: "Show something on it, or remove it from inputs.")
  }
}

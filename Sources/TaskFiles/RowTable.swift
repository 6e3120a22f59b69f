import Sweep
import Tasks
import Yams

/// The rows of `conditions` as a table of nodes, and the names of all columns: those of rows, then those that are drawn.
struct RowTable {
  /// In the order of their first appearance.
  let columns: [String]
  /// Where each of `columns` is first named.
  let keys: [Node]
  /// rows x columns.
  let cells: [[Node]]
  let weights: [Double]
  /// Names and places of drawn columns.
  let drawn: [(name: String, key: Node)]

  static let mostRows = 4096
  /// The largest ratio of two weights; beyond, some conditions would never come up.
  private static let widest = 1000.0

  init(_ node: Node, drawn: [(name: String, key: Node)], in document: YAMLDocument) throws {
    self.drawn = drawn
    guard case .sequence(let list) = node, !list.isEmpty, list.count <= Self.mostRows else {
      let seen = node.sequence.map { "a list of \($0.count)" } ?? node.seen
      throw document.error(
        at: node, "conditions should be a list of 1 to \(Self.mostRows) rows, and is \(seen)",
        advice: "Write one row a condition: - {sample: a, z: 1}.")
    }
    var columns: [String] = []
    var keys: [Node] = []
    var rows: [[String: Node]] = []
    var weights: [Double] = []
    for row in list {
      var cells: [String: Node] = [:]
      var weight = 1.0
      for (name, key, value) in try document.pairs(of: row, what: "a row of conditions") {
        if name == "weight" {
          weight = try document.number(value, "the weight of a row", in: 1e-6...1e6)
          continue
        }
        guard document.isPlainName(name) else {
          throw document.error(
            at: key, "the name of a column should be a word, and is \(key.seen)",
            advice: "Letters, digits, - and _, beginning with a letter.")
        }
        if !columns.contains(name) {
          if !rows.isEmpty {
            throw document.unknownName(
              key, "the first row has no column `\(name)`", among: columns, what: "columns of the first row")
          }
          if drawn.contains(where: { $0.name == name }) {
            throw document.error(
              at: key, "the column `\(name)` is given by rows and drawn in `columns`",
              advice: "Keep one of them.")
          }
          columns.append(name)
          keys.append(key)
        }
        cells[name] = value
      }
      if let missing = columns.first(where: { cells[$0] == nil }) {
        throw document.error(
          at: row, "this row has no `\(missing)`, and the first row has one",
          advice: "Every row gives every column: \(columns.joined(separator: ", ")).")
      }
      rows.append(cells)
      weights.append(weight)
    }
    if let low = weights.min(), let high = weights.max(), high > Self.widest * low {
      throw document.error(
        at: list[weights.firstIndex(of: low)!],
        "the weights of the rows go from \(shortestText(of: low)) to \(shortestText(of: high))",
        advice:
          "A lifetime shows no row that is \(Int(Self.widest)) times rarer than others; leave such rows out.")
    }
    self.columns = columns
    self.keys = keys
    self.weights = weights
    cells = rows.map { row in columns.map { row[$0]! } }
  }

  /// Every column: first those of rows, then the drawn ones.
  var all: [String] { columns + drawn.map(\.name) }

  /// The column that `$name` means.
  func column(_ node: Node, _ what: String, in document: YAMLDocument) throws -> Int {
    let name = String((node.scalar?.string ?? "$").dropFirst())
    guard let index = all.firstIndex(of: name) else {
      let near = Suggestion.nearest(to: name, among: all)
      throw document.error(
        at: node,
        "\(what) is `$\(name)`, and there is no column `\(name)`"
          + (near.map { "; did you mean `$\($0)`?" } ?? ""),
        advice: "The columns are \(all.joined(separator: ", ")).")
    }
    return index
  }
}

/// What a column is used for, which decides what it may hold.
enum ColumnUse: String { case channel, value, target }

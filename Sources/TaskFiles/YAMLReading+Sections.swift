import ResultStore
import Sweep
import Tasks
import Yams

/// The sections that stand by themselves: periods, drawn columns, curves, redraw.
extension YAMLReading {
  struct NamedPeriod {
    var name: String
    var duration: TaskSpec.Quantity
    var key: Node
    var value: Node
  }

  struct NamedCurve {
    var curve: TaskSpec.Curve
    var key: Node
    var name: String { curve.name }
  }

  func periods(_ node: Node) throws -> [NamedPeriod] {
    let pairs = try document.pairs(of: node, what: "periods")
    guard !pairs.isEmpty, pairs.count <= 64 else {
      throw document.error(
        at: node, "periods should be 1 to 64, and are \(pairs.count)",
        advice: "Write {sample: 500, delay: 500}.")
    }
    return try pairs.map { name, key, value in
      guard document.isPlainName(name) else {
        throw document.error(
          at: key, "the name of a period should be a word, and is \(key.seen)",
          advice: "Letters, digits, - and _, beginning with a letter.")
      }
      return NamedPeriod(name: name, duration: try duration(value, of: name), key: key, value: value)
    }
  }

  private func duration(_ node: Node, of name: String) throws -> TaskSpec.Quantity {
    guard case .mapping = node else {
      return .fixed(try document.number(node, "the period `\(name)` in ms", in: 0.001...1e7))
    }
    let (kind, value, _) = try draw(node, what: "the period `\(name)`", mayRepeat: false)
    if kind == "uniform" {
      let (low, high) = try interval(value, "the period `\(name)` in ms", in: 0.001...1e7)
      return .uniform(low, high)
    }
    let values = try choices(value, "the period `\(name)`").map {
      try document.number($0, "a duration of the period `\(name)` in ms", in: 0...1e7)
    }
    guard values.contains(where: { $0 > 0 }) else {
      throw document.error(
        at: value, "the period `\(name)` can only last 0 ms", advice: "Give a duration above 0, or remove it."
      )
    }
    return .choice(values)
  }

  /// `{choice: [...]}` or `{uniform: [...]}`, with `redraw` where that is allowed.
  private func draw(_ node: Node, what: String, mayRepeat: Bool) throws -> (
    kind: String, value: Node, redraw: Node?
  ) {
    var found: (String, Node)?
    var redraw: Node?
    let known = ["choice", "uniform"] + (mayRepeat ? ["redraw"] : [])
    let advice =
      "Write {choice: [a, b]} or {uniform: [low, high]}"
      + (mayRepeat ? ", with redraw: lifetime if wanted." : ".")
    for (key, keyNode, value) in try document.pairs(of: node, what: what) {
      guard known.contains(key) else {
        throw document.error(
          at: keyNode, "unknown key `\(key)` in \(what)" + Suggestion.question(for: key, among: known),
          advice: advice)
      }
      if key == "redraw" {
        redraw = value
      } else {
        guard found == nil else {
          throw document.error(
            at: keyNode, "\(what) has both choice and uniform", advice: "Keep one of them.")
        }
        found = (key, value)
      }
    }
    guard let found else {
      throw document.error(at: node, "\(what) has neither choice nor uniform", advice: advice)
    }
    return (found.0, found.1, redraw)
  }

  private func choices(_ node: Node, _ what: String) throws -> [Node] {
    guard case .sequence(let list) = node, !list.isEmpty, list.count <= 1024 else {
      throw document.error(
        at: node, "the choice of \(what) should be a list, and is \(node.seen)",
        advice: "Write {choice: [a, b]}: each is equally likely.")
    }
    return Array(list)
  }

  private func interval(_ node: Node, _ what: String, in range: ClosedRange<Double>) throws -> (
    Double, Double
  ) {
    guard case .sequence(let list) = node, list.count == 2 else {
      throw document.error(
        at: node, "\(what) should be an interval, and is \(node.seen)",
        advice: "Write two rising numbers: [low, high].")
    }
    let low = try document.number(list[0], what, in: range)
    let high = try document.number(list[1], what, in: range)
    guard low < high else {
      throw document.error(
        at: node,
        "the interval of \(what) does not rise: \(shortestText(of: low)) to \(shortestText(of: high))",
        advice: "Write the smaller number first.")
    }
    return (low, high)
  }

  func drawnColumns(_ node: Node) throws -> [NamedDraw] {
    try document.pairs(of: node, what: "columns").map { name, key, value in
      guard document.isPlainName(name) else {
        throw document.error(
          at: key, "the name of a column should be a word, and is \(key.seen)",
          advice: "Letters, digits, - and _, beginning with a letter.")
      }
      let (kind, content, redraw) = try draw(value, what: "the column `\(name)`", mayRepeat: true)
      var isPerLifetime = false
      if let redraw {
        guard let word = redraw.scalar?.string, ["trial", "lifetime"].contains(word) else {
          throw document.error(
            at: redraw, "redraw of the column `\(name)` should be trial or lifetime, and is \(redraw.seen)",
            advice: "Without it the column is drawn every trial.")
        }
        isPerLifetime = word == "lifetime"
      }
      if kind == "uniform" {
        return NamedDraw(
          name: name, key: key, interval: try interval(content, "the column `\(name)`", in: -1e3...1e3),
          isPerLifetime: isPerLifetime)
      }
      return NamedDraw(
        name: name, key: key, choice: try choices(content, "the column `\(name)`"),
        isPerLifetime: isPerLifetime)
    }
  }

  func curves(
    _ node: Node, _ parts: inout [TaskFile.Part], _ read: (String) throws -> [UInt8]
  ) throws -> [NamedCurve] {
    try document.pairs(of: node, what: "curves").map { name, key, value in
      guard document.isPlainName(name) else {
        throw document.error(
          at: key, "the name of a curve should be a word, and is \(key.seen)",
          advice: "Letters, digits, - and _, beginning with a letter.")
      }
      return NamedCurve(curve: TaskSpec.Curve(name, try shape(value, of: name, &parts, read)), key: key)
    }
  }

  private func shape(
    _ node: Node, of name: String, _ parts: inout [TaskFile.Part], _ read: (String) throws -> [UInt8]
  ) throws -> TaskSpec.Curve.Shape {
    let what = "the curve `\(name)`"
    let advice = "Write {sines: 2, cycles: [0.5, 2]}, {samples: [0, 1, 0]} or {file: curve.npy}."
    var given: [String: Node] = [:]
    let known = ["sines", "cycles", "redraw", "samples", "file"]
    for (key, keyNode, value) in try document.pairs(of: node, what: what) {
      guard known.contains(key) else {
        throw document.error(
          at: keyNode, "unknown key `\(key)` in \(what)" + Suggestion.question(for: key, among: known),
          advice: advice)
      }
      given[key] = value
    }
    guard ["sines", "samples", "file"].filter({ given[$0] != nil }).count == 1 else {
      throw document.error(at: node, "\(what) should have one of sines, samples and file", advice: advice)
    }
    if let sines = given["sines"] {
      guard let text = sines.scalar?.string, let count = wholeNumber(in: text), (1...32).contains(count)
      else {
        throw document.error(
          at: sines, "sines of \(what) should be a whole number from 1 to 32, and is \(sines.seen)",
          advice: "It is how many sinusoids the curve is the mean of.")
      }
      guard let cycles = given["cycles"] else {
        throw document.error(at: node, "\(what) has sines and no cycles", advice: advice)
      }
      if let redraw = given["redraw"], redraw.scalar?.string != "lifetime" {
        throw document.error(
          at: redraw, "redraw of \(what) should be lifetime, and is \(redraw.seen)",
          advice: "Sinusoids are drawn once a lifetime; for a curve that stays give samples or a file.")
      }
      let (low, high) = try interval(cycles, "cycles of \(what)", in: 0...100)
      return .sines(count: count, low: low, high: high)
    }
    if let other = ["cycles", "redraw"].first(where: { given[$0] != nil }) {
      throw document.error(
        at: given[other]!, "\(what) has \(other) and no sines",
        advice: "\(other) belongs to sines; remove it.")
    }
    if let file = given["file"] { return .samples(try curveFile(file, what, &parts, read)) }
    guard case .sequence(let list) = given["samples"]!, !list.isEmpty else {
      throw document.error(
        at: given["samples"]!,
        "samples of \(what) should be a list of numbers, and is \(given["samples"]!.seen)",
        advice: advice)
    }
    return .samples(try list.map { try document.number($0, "a sample of \(what)", in: -1e3...1e3) })
  }

  private func curveFile(
    _ node: Node, _ what: String, _ parts: inout [TaskFile.Part], _ read: (String) throws -> [UInt8]
  ) throws -> [Double] {
    guard let name = node.scalar?.string, name.hasSuffix(".npy"), !name.hasPrefix("/"),
      !name.split(separator: "/").contains("..")
    else {
      throw document.error(
        at: node, "the file of \(what) should be an .npy file beside the task file, and is \(node.seen)",
        advice: "Write it with numpy.save into the same folder.")
    }
    let folder = document.file.lastIndex(of: "/").map { String(document.file[...$0]) } ?? ""
    let bytes: [UInt8]
    do { bytes = try read(folder + name) } catch let error as SweepFileError {
      throw document.error(
        at: node, "the file `\(name)` of \(what) cannot be read: \(error.problem)",
        advice: "Paths are relative to the folder of the task file.")
    }
    if !parts.contains(where: { $0.kept == name }) {
      parts.append(TaskFile.Part(asked: folder + name, kept: name, bytes: bytes))
    }
    do {
      let array = try NPYContent(bytes)
      guard let values = array.numbers, !values.isEmpty, array.count == array.shape.first,
        values.count <= 1_000_000
      else {
        throw NPYError(
          "it has the shape \(array.shape) of \(array.type); wanted: T' numbers, as (T') or (T', 1)")
      }
      if let place = values.firstIndex(where: { !(abs($0) <= 1e3) }) {
        throw NPYError("its value \(place) is \(values[place]); wanted: -1000 to 1000")
      }
      return values
    } catch let error as NPYError {
      throw document.error(
        at: node, "the file `\(name)` of \(what): \(error)", advice: "Write the samples with numpy.save.")
    }
  }

  /// Columns that are shuffled among the rows together.
  func redraws(
    _ node: Node, _ table: RowTable, _ entries: EntryReading, _ content: EntryReading.Content
  ) throws -> [[Int]] {
    let items: [Node]
    if case .sequence(let list) = node { items = Array(list) } else { items = [node] }
    let group = try items.map { item -> Int in
      guard let name = item.scalar?.string, let column = table.columns.firstIndex(of: name) else {
        throw document.unknownName(
          item, "redraw should name a column of the rows, and is \(item.seen)", among: table.columns,
          what: "columns")
      }
      return column
    }
    guard !group.isEmpty, Set(group).count == group.count else {
      throw document.error(
        at: node, "redraw should name different columns, and is \(node.seen)",
        advice: "Those named together are shuffled together.")
    }
    if group.allSatisfy({ column in Set(content.rows.map { "\($0.entries[column])" }).count == 1 }) {
      throw document.error(
        at: node,
        "`\(table.columns[group[0]])` is the same in every row, so that shuffling it changes nothing",
        advice: "Remove redraw, or give the rows different values.")
    }
    return [group]
  }

  /// Refuses periods after the response, which would change nothing.
  func refuseLatePeriods(_ periods: [NamedPeriod], respond: Range<Int>, shown: [TaskSpec.Show]) throws {
    for index in periods.indices
    where index >= respond.upperBound && !shown.contains(where: { $0.during.contains(index) }) {
      throw document.error(
        at: periods[index].key,
        "the period `\(periods[index].name)` comes after the response, and nothing is shown in it",
        advice: "Remove it: every trial starts anew, so that it would change nothing.")
    }
  }

  func refuseEmptyResponse(_ periods: [NamedPeriod], respond: Range<Int>) throws {
    if let empty = periods[respond].first(where: { $0.duration.smallest <= 0 }) {
      throw document.error(
        at: empty.value, "the period `\(empty.name)` belongs to the response and may last 0 ms",
        advice: "Give it durations above 0: every trial is answered.")
    }
  }
}

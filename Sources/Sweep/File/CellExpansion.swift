import Model

/// Makes the cells of a sweep: base, then each combination of axes, then `when`, then `exclude`.
struct CellExpansion {
  /// Most cells of a sweep, and most values of an axis.
  static let limit = 1_000_000
  let file: String
  let schema: SettingsSchema
  /// By index of definition.
  let base: [Assignment?]
  let axes: [Axis]
  var amendments: [Amendment]
  var exclusions: [Condition]
  private(set) var warnings: [SweepFileWarning] = []
  private var shapes: [String: [TaskShape]] = [:]
  private var noted: Set<String> = []

  init(
    file: String, schema: SettingsSchema, base: [Assignment?], axes: [Axis], amendments: [Amendment],
    exclusions: [Condition]
  ) {
    self.file = file
    self.schema = schema
    self.base = base
    self.axes = axes
    self.amendments = amendments
    self.exclusions = exclusions
  }

  /// All cells, the first axis slowest; a configuration that comes twice is kept once, with a warning.
  mutating func cells() throws -> [Cell] {
    var total = 1
    for axis in axes {
      let (product, overflow) = total.multipliedReportingOverflow(by: axis.count)
      guard !overflow, product <= Self.limit else {
        throw SweepFileError(
          file: file, place: axis.places[0],
          problem: "the axes span \(axes.map { String($0.count) }.joined(separator: " x ")) cells; "
            + "at most \(Self.limit) are possible",
          advice: "Split the sweep into several files.")
      }
      total = product
    }
    var cells: [Cell] = []
    cells.reserveCapacity(total)
    var first: [UInt64: Int] = [:]
    var merged = 0
    for number in 0..<total {
      guard let cell = try cell(number, of: total) else { continue }
      if let earlier = first[cell.key] {
        invariant(
          cells[earlier].canonical == cell.canonical, "two configurations share the key \(cell.keyText)")
        merged += 1
        if merged == 1 {
          warn("the cells \(cells[earlier].label) and \(cell.label) are one and the same; it runs once", nil)
        }
      } else {
        first[cell.key] = cells.count
        cells.append(cell)
      }
    }
    if merged > 1 { warn("\(merged) cells in all repeat others and run once", nil) }
    guard !cells.isEmpty else {
      throw SweepFileError(
        file: file, place: exclusions.first?.place, problem: "exclude leaves no cell",
        advice: "Remove an entry of `exclude`.")
    }
    warnAboutUnusedConditions()
    return cells
  }

  /// The cell of one combination of axis points; nil where it is excluded.
  private mutating func cell(_ number: Int, of total: Int) throws -> Cell? {
    var assignments = base
    var coordinates: [Coordinate] = []
    var remaining = number
    var block = total
    for axis in axes {
      block /= axis.count
      let point = axis.points[remaining / block]
      remaining %= block
      for (place, index) in axis.indices.enumerated() {
        assignments[index] = Assignment(value: point[place], place: axis.places[place])
        coordinates.append(Coordinate(path: axis.paths[place], value: point[place].description))
      }
    }
    var draft = Draft(schema, assignments)
    for position in amendments.indices {
      guard amendments[position].condition.isMet(by: { draft.value($0) }) else { continue }
      for (index, assignment) in amendments[position].changes { draft.assignments[index] = assignment }
    }
    var isExcluded = false
    for position in exclusions.indices {
      // Every condition is evaluated, so that the warning about values that no cell has is right.
      if exclusions[position].isMet(by: { draft.value($0) }) { isExcluded = true }
    }
    if isExcluded { return nil }
    assignments = draft.assignments
    do {
      let settings = try schema.resolve(assignments)
      for note in try schema.check(settings, shapes: { try shapes(of: settings) })
      where noted.insert(note.message).inserted {
        warn(note.message, assignments[schema.place(note.path)]?.place)
      }
      return Cell(settings, coordinates: coordinates)
    } catch let problem as SettingsProblem {
      let given = problem.paths.compactMap(schema.index).compactMap { assignments[$0]?.place }
      let label = coordinates.map(\.text).joined(separator: " ")
      throw SweepFileError(
        file: file, place: given.first,
        problem: problem.problem + (coordinates.isEmpty ? "" : " (in the cell \(label))"),
        advice: problem.advice)
    }
  }

  /// The shapes of a configuration's tasks; each combination of what they depend on is asked once.
  private mutating func shapes(of settings: Settings) throws -> [TaskShape] {
    let identity =
      "\(settings.tasks) \(settings.form) \(settings.options.sorted { $0.key < $1.key }) \(settings.time)"
    if let known = shapes[identity] { return known }
    let found = try schema.shapes(of: settings)
    shapes[identity] = found
    return found
  }

  /// Warns about values in conditions that no cell has: they are more often mistyped than meant.
  private mutating func warnAboutUnusedConditions() {
    for condition in amendments.map(\.condition) + exclusions {
      let idle =
        condition.terms.first { !$0.isTaken }
        ?? condition.terms.first { !$0.isRange && $0.taken.count < $0.values.count }
      let what = idle.map { term in
        let values = term.values.indices.filter { !term.taken.contains($0) }.prefix(4).map {
          term.values[$0].description
        }
        return "`\(schema.definitions[term.index].path)` is never \(values.joined(separator: " or "))"
      }
      if !condition.isMet {
        warn("this condition meets no cell" + (what.map { ": \($0)" } ?? ""), idle?.place ?? condition.place)
      } else if let what {
        warn("in this sweep \(what)", idle?.place)
      }
    }
  }

  /// Warns about settings of `base` that are on an axis too: no cell has the value given there.
  mutating func warnAboutReplacedSettings() {
    for axis in axes {
      for (index, path) in zip(axis.indices, axis.paths) {
        guard let given = base[index] else { continue }
        warn("`\(path)` is on an axis too, whose values replace the one given here", given.place)
      }
    }
  }

  private mutating func warn(_ message: String, _ place: Place?) {
    warnings.append(SweepFileWarning(file: file, place: place, message: message))
  }
}

/// A cell on its way through `when` and `exclude`: what is given so far, and with it every default.
private struct Draft {
  let schema: SettingsSchema
  var assignments: [Assignment?] {
    didSet { completed = nil }
  }
  /// The configuration, once a condition has asked for a default.
  private var completed: Settings?

  init(_ schema: SettingsSchema, _ assignments: [Assignment?]) {
    self.schema = schema
    self.assignments = assignments
  }

  /// The value a condition compares: the one given, or the default that holds in this cell.
  mutating func value(_ index: Int) -> SettingValue? {
    if let given = assignments[index] { return given.value }
    let settings = completed ?? schema.completed(assignments)
    completed = settings
    return schema.definitions[index].read(settings)
  }
}

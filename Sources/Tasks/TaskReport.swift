/// What `trifactor tasks` prints: the catalogue as a table, and one task in full.
public enum TaskReport {
  /// One row for every task and form, made at `time`.
  /// - Throws: `TaskError` where a task does not fit the grid.
  public static func catalogue(time: TimeGrid) throws -> [String] {
    var rows = [
      ["task", "form", "M", "K", "T", "conditions", "chance", "shortcut", "ceiling", "what it asks"]
    ]
    for description in TaskCatalogue.descriptions {
      for (place, form) in description.forms.enumerated() {
        let task = try TaskCatalogue.make(name: description.name, form: form, time: time)
        rows.append([
          description.name, form + (place == 0 && description.forms.count > 1 ? " (default)" : ""),
          "\(task.inputs)", "\(task.outputs)", "\(task.steps)", "\(task.conditions)", rounded(task.chance),
          rounded(task.shortcut), rounded(task.ceiling), place == 0 ? description.summary : "",
        ])
      }
    }
    return aligned(rows)
  }

  /// Everything that a user may set for `task`, and its reference policies.
  public static func details(of task: any CatalogueTask, form: String) -> [String] {
    let listing = type(of: task).listing
    var lines = [
      "\(listing.name) (form \(form)): \(listing.summary)",
      "source: \(listing.source)",
      "forms: \(listing.forms.joined(separator: ", "))",
      "M \(task.inputs) inputs, K \(task.outputs) outputs, T \(task.steps) steps, \(task.conditions) conditions"
        + (task.hasMovingTarget ? "; the target moves, reward: binary is refused" : ""),
      "chance \(rounded(task.chance))",
      "shortcut \(rounded(task.shortcut)): \(task.shortcutPolicy.summary)",
    ]
    lines += task.shortcuts.map {
      "  without \($0.ignores) \(rounded($0.accuracy)): \($0.policy.summary)"
    }
    lines += [
      "ceiling \(rounded(task.ceiling)): \(task.idealObserver.summary)"
    ]
    if listing.options.isEmpty {
      lines.append("options: none")
    } else {
      lines.append("options:")
      lines += aligned(
        listing.options.map { ["  " + $0.name, text($0.standard), $0.summary] })
    }
    return lines
  }

  static func text(_ value: OptionValue) -> String {
    switch value {
    case .number(let number): return plain(number)
    case .numbers([]): return "by form"
    case .numbers(let numbers): return "[" + numbers.map(plain).joined(separator: ", ") + "]"
    }
  }

  static func plain(_ number: Double) -> String {
    Int(exactly: number).map(String.init) ?? "\(number)"
  }

  /// Three decimals, trailing zeros kept.
  static func rounded(_ value: Double) -> String {
    let thousandths = Int((value * 1000).rounded())
    let decimals = String(thousandths % 1000)
    return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - decimals.count) + decimals
  }

  /// Columns padded to their widest entry, two blanks apart, no blanks at line ends.
  static func aligned(_ rows: [[String]]) -> [String] {
    guard let count = rows.map(\.count).max() else { return [] }
    let widths = (0..<count).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max()!
    }
    return rows.map { row in
      var line = ""
      for (cell, width) in zip(row, widths) {
        line += cell + String(repeating: " ", count: width - cell.count + 2)
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}

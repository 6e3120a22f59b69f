/// The table by columns, as NPZ and as CSV.
extension FreshNetworks {
  enum Column {
    case text([String])
    case integers([Int])
    case reals([Double])
    /// Rows of `EvaluationRecord.curveBins` numbers.
    case curves([Double])
  }

  /// Names and contents of all columns, in order.
  ///
  /// `key` (16 hex digits), `role` (learned, start, none), `network`, the settings by path, `chance`,
  /// `shortcut` and `ceiling` of the task, then what the network did. `diverged_at` and `trials_to_criterion`
  /// are -1 where it did not diverge or did not reach the criterion. `late_incongruent_accuracy` is there where a
  /// task has incongruent trials, NaN for the others.
  var columns: [(name: String, column: Column)] {
    let records = rows.map(\.record)
    var columns: [(name: String, column: Column)] = [
      ("key", .text(rows.map { hex($0.cell.key) })),
      ("role", .text(records.map { "\($0.role)" })),
      ("network", .integers(records.map { Int($0.network) })),
    ]
    for path in paths { columns.append((path, Self.column(rows.map { $0.cell.settings[path] ?? .null }))) }
    columns += [
      ("chance", .reals(rows.map(\.cell.chance))), ("shortcut", .reals(rows.map(\.cell.shortcut))),
      ("ceiling", .reals(rows.map(\.cell.ceiling))), ("trials", .integers(records.map { Int($0.trials) })),
      ("diverged_at", .integers(records.map { Int($0.divergedAt) })),
      ("trials_to_criterion", .integers(records.map { Int($0.trialsToCriterion) })),
      ("reward", .reals(records.map(\.reward))), ("accuracy", .reals(records.map(\.accuracy))),
      ("late_reward", .reals(records.map(\.lateReward))),
      ("late_accuracy", .reals(records.map(\.lateAccuracy))),
    ]
    if records.contains(where: { $0.lateIncongruentAccuracy != nil }) {
      let values = records.map { $0.lateIncongruentAccuracy ?? .nan }
      columns.append(("late_incongruent_accuracy", .reals(values)))
    }
    columns += [
      ("reward_curve", .curves(records.flatMap(\.rewardCurve))),
      ("accuracy_curve", .curves(records.flatMap(\.accuracyCurve))),
    ]
    return columns
  }

  /// Settings as numbers where all are, else as text.
  private static func column(_ values: [ManifestValue]) -> Column {
    let integers = values.compactMap(\.integer)
    if integers.count == values.count, !values.isEmpty { return .integers(integers) }
    let numbers = values.compactMap(\.number)
    if numbers.count == values.count, !values.isEmpty { return .reals(numbers) }
    return .text(values.map(\.description))
  }

  /// An archive with one array a column, rows first; curves have shape (rows, 20).
  /// - Throws: `StoreError` (usage) beyond 4 GiB.
  public func npz() throws -> [UInt8] {
    var archive = NPZArchive()
    for (name, column) in columns {
      switch column {
      case .text(let values): try archive.add(name, NPYArray(values))
      case .integers(let values): try archive.add(name, NPYArray(values, shape: [values.count]))
      case .reals(let values): try archive.add(name, NPYArray(values, shape: [values.count]))
      case .curves(let values):
        try archive.add(name, NPYArray(values, shape: [rows.count, EvaluationRecord.curveBins]))
      }
    }
    return archive.finished()
  }

  /// One line a row after a line of names; numbers in the shortest form that reads back to the same bits,
  /// `nan` for none. Curves are left out.
  public func csv() -> String {
    var names: [String] = []
    var cells: [[String]] = []
    for (name, column) in columns {
      switch column {
      case .text(let values): cells.append(values.map(Self.quoted))
      case .integers(let values): cells.append(values.map { "\($0)" })
      case .reals(let values): cells.append(values.map { "\($0)" })
      case .curves: continue
      }
      names.append(Self.quoted(name))
    }
    var text = names.joined(separator: ",") + "\n"
    for row in rows.indices { text += cells.map { $0[row] }.joined(separator: ",") + "\n" }
    return text
  }

  /// A field as RFC 4180 has it.
  private static func quoted(_ field: String) -> String {
    guard field.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return field }
    return "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }
}

extension FreshNetworks {
  /// Writes the table, NPZ or CSV by the end of the name, whole or not at all.
  public func write(to path: String, files: any FileLayer = SystemFiles()) throws {
    let bytes = path.hasSuffix(".npz") ? try npz() : Array(csv().utf8)
    try files.replace(path, with: bytes)
  }
}

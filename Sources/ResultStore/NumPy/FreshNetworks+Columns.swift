/// The table by columns, as NPZ and as CSV.
extension FreshNetworks {
  /// All columns in order.
  ///
  /// `key` (16 hex digits), `role` (learned, start, none), `network`, the settings by path, `chance`,
  /// `shortcut` and `ceiling` of the task, then what the network did. `diverged_at` and `trials_to_criterion`
  /// are -1 where it did not diverge or did not reach the criterion. `late_incongruent_accuracy` is there where a
  /// task has incongruent trials, NaN for the others.
  var table: ColumnTable {
    let records = rows.map(\.record)
    var columns = [(name: "key", column: ColumnTable.Column.text(rows.map { hex($0.cell.key) }))]
    columns += EvaluationRecord.columns(["role", "network"], of: records)
    for path in paths {
      columns.append((path, ColumnTable.column(rows.map { $0.cell.settings[path] ?? .null })))
    }
    columns += [
      ("chance", .reals(rows.map(\.cell.chance))), ("shortcut", .reals(rows.map(\.cell.shortcut))),
      ("ceiling", .reals(rows.map(\.cell.ceiling))),
    ]
    let hasIncongruent = records.contains { $0.lateIncongruentAccuracy != nil }
    columns += EvaluationRecord.columns(
      Self.exported.filter { hasIncongruent || $0 != "late_incongruent_accuracy" }, of: records)
    return ColumnTable(columns: columns, rows: rows.count)
  }

  /// Fields of the records behind the settings, in the order of the table.
  private static let exported = [
    "trials", "diverged_at", "trials_to_criterion", "reward", "accuracy", "late_reward", "late_accuracy",
    "late_incongruent_accuracy", "reward_curve", "accuracy_curve",
  ]

  /// An archive with one array a column, rows first; curves have shape (rows, 20).
  /// - Throws: `StoreError` (usage) beyond 4 GiB.
  public func npz() throws -> [UInt8] { try table.npz() }

  /// One line a row after a line of names; curves are left out.
  public func csv() -> String { table.csv() }

  /// Writes the table, NPZ or CSV by the end of the name, whole or not at all.
  public func write(to path: String, files: any FileLayer = SystemFiles()) throws {
    try table.write(to: path, files: files)
  }
}

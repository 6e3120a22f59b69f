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
    var columns: [(name: String, column: ColumnTable.Column)] = [
      ("key", .text(rows.map { hex($0.cell.key) })),
      ("role", .text(records.map { "\($0.role)" })),
      ("network", .integers(records.map { Int($0.network) })),
    ]
    for path in paths {
      columns.append((path, ColumnTable.column(rows.map { $0.cell.settings[path] ?? .null })))
    }
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
    return ColumnTable(columns: columns, rows: rows.count)
  }

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

/// What `trifactor dynamics` has stored in one or more result folders, as the rows of a table: what
/// `export --dynamics` writes.
///
/// A row is a network of a cell at a stage under a held input; rows are sorted by key, network, stage and condition and
/// hold no times, hosts or ranks.
public struct KeptDynamics {
  private var rows: [(cell: ManifestCell, record: DynamicsRecord)] = []
  private var paths: [String] = []
  public var count: Int { rows.count }

  /// - Parameters:
  ///   - folders: a network that several hold is taken from the first.
  ///   - note: gets a line for each unfinished write that was left out.
  /// - Throws: `StoreError`: (usage) for a folder that holds no sweep, or if no folder has any dynamics; (damaged).
  public init(folders: [String], files: any FileLayer = SystemFiles(), note: (String) -> Void = { _ in })
    throws
  {
    var cells: [UInt64: ManifestCell] = [:]
    var found: [UInt64: [UInt32: [DynamicsRecord]]] = [:]
    var notes: [String] = []
    for folder in folders {
      let reader = try StoreReader(folder, files: files) { notes.append($0) }
      for cell in reader.manifest.cells { cells[cell.key] = cells[cell.key] ?? cell }
      for (key, records) in try reader.dynamics() {
        found[key, default: [:]].merge(Dictionary(grouping: records, by: \.network)) { first, _ in first }
      }
    }
    // A crash of `trifactor dynamics` can leave only a part of a network's records.
    let lacking = found.values.flatMap(\.values).count {
      $0.count < DynamicsStage.allCases.count * (Int($0[0].conditions) + 1)
    }
    notes.forEach(note)
    if lacking > 0 {
      note(
        "partial: \(lacking) network\(lacking == 1 ? "" : "s") without all stages and inputs; the same "
          + "`trifactor dynamics` makes the rest")
    }
    for key in found.keys.sorted() {
      guard let cell = cells[key] else { continue }
      rows += found[key]!.sorted { $0.key < $1.key }.flatMap(\.value).map { (cell, $0) }
    }
    guard !rows.isEmpty else {
      throw StoreError(
        .usage,
        "\(folders.joined(separator: ", ")): no dynamics are stored; run `trifactor dynamics \(folders[0])` first"
      )
    }
    let plan = SweepManifest(
      name: "", question: "", simd: "", cells: cells.keys.sorted().map { cells[$0]! })
    let standing = FreshNetworks.standing.filter { path in plan.cells.contains { $0.settings[path] != nil } }
    paths = standing + plan.varyingPaths.filter { !standing.contains($0) }
  }

  /// `key`, `network`, `stage`, `condition` (-1: no input), the settings by path, then the fields of the record.
  var table: ColumnTable {
    let records = rows.map(\.record)
    var columns = [(name: "key", column: ColumnTable.Column.text(rows.map { hex($0.cell.key) }))]
    columns += DynamicsRecord.columns(["network", "stage", "condition"], of: records)
    for path in paths {
      columns.append((path, ColumnTable.column(rows.map { $0.cell.settings[path] ?? .null })))
    }
    columns += DynamicsRecord.columns(Self.exported, of: records)
    return ColumnTable(columns: columns, rows: rows.count)
  }

  /// Fields of the records behind the settings, in the order of the table.
  private static let exported = [
    "diverged_at", "starts", "limit", "fixed_points", "analysed", "converged", "stalled", "singular",
    "exhausted",
    "overflowed", "first_hits", "first_stability", "late_accuracy", "slowest", "stable", "abscissa",
    "unstable_directions", "henrici", "non_normality", "slow_overlap", "sensitivity", "output_gain",
    "first_residual", "first_real", "first_imaginary", "first_henrici", "program",
  ]

  /// Writes the table, NPZ or CSV by the end of the name, whole or not at all.
  public func write(to path: String, files: any FileLayer = SystemFiles()) throws {
    try table.write(to: path, files: files)
  }
}

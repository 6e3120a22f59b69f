/// What an analysis has stored in one or more result folders, as the rows of a table: what `export --dynamics` and
/// `export --alignment` write.
///
/// A row is a record: one place of a network of a cell. Rows are sorted by key and place and hold no times, hosts or
/// ranks.
public struct KeptTable<Record: KeptRecord> {
  private var rows: [(cell: ManifestCell, record: Record)] = []
  private var paths: [String] = []
  public var count: Int { rows.count }

  /// - Parameters:
  ///   - folders: a network that several hold is taken from the first.
  ///   - note: gets a line for each unfinished write that was left out.
  /// - Throws: `StoreError`: (usage) for a folder that holds no sweep, or if no folder has any such records; (damaged).
  public init(folders: [String], files: any FileLayer = SystemFiles(), note: (String) -> Void = { _ in })
    throws
  {
    var cells: [UInt64: ManifestCell] = [:]
    var found: [UInt64: [UInt32: [Record]]] = [:]
    var notes: [String] = []
    for folder in folders {
      let reader = try StoreReader(folder, files: files) { notes.append($0) }
      for cell in reader.manifest.cells { cells[cell.key] = cells[cell.key] ?? cell }
      for (key, records) in try reader.kept(Record.self) {
        found[key, default: [:]].merge(Dictionary(grouping: records, by: \.network)) { first, _ in first }
      }
    }
    // A crash of the command that makes them can leave only a part of a network's records.
    let lacking = found.values.flatMap(\.values).count { $0.count < $0[0].expected }
    notes.forEach(note)
    if lacking > 0 {
      note(
        "partial: \(lacking) network\(lacking == 1 ? "" : "s") without all \(Record.parts); the same "
          + "`\(Record.command("").split(separator: " ").prefix(2).joined(separator: " "))` makes the rest")
    }
    for key in found.keys.sorted() {
      guard let cell = cells[key] else { continue }
      rows += found[key]!.sorted { $0.key < $1.key }.flatMap(\.value).map { (cell, $0) }
    }
    guard !rows.isEmpty else { throw StoreError(.usage, Record.missing(in: folders)) }
    let plan = SweepManifest(
      name: "", question: "", simd: "", cells: cells.keys.sorted().map { cells[$0]! })
    let standing = FreshNetworks.standing.filter { path in plan.cells.contains { $0.settings[path] != nil } }
    paths = standing + plan.varyingPaths.filter { !standing.contains($0) }
  }

  /// `key`, what tells the records of a cell apart, the settings by path, then the fields of the record.
  var table: ColumnTable {
    let records = rows.map(\.record)
    var columns = [(name: "key", column: ColumnTable.Column.text(rows.map { hex($0.cell.key) }))]
    columns += Record.columns(Record.leading, of: records)
    for path in paths {
      columns.append((path, ColumnTable.column(rows.map { $0.cell.settings[path] ?? .null })))
    }
    columns += Record.columns(Record.exported, of: records)
    return ColumnTable(columns: columns, rows: rows.count)
  }

  /// Writes the table, NPZ or CSV by the end of the name, whole or not at all.
  public func write(to path: String, files: any FileLayer = SystemFiles()) throws {
    try table.write(to: path, files: files)
  }
}

/// What `trifactor dynamics` has stored: a row is a network at a stage under a held input (condition -1: no input).
public typealias KeptDynamics = KeptTable<DynamicsRecord>

/// What `evaluate --alignment` has stored: a row is a point along the lifetime of a network.
public typealias KeptAlignment = KeptTable<AlignmentRecord>

extension KeptRecord {
  /// What to say where folders hold none.
  public static func missing(in folders: [String]) -> String {
    "\(folders.joined(separator: ", ")): no \(name) \(name.hasSuffix("s") ? "are" : "is") stored; run "
      + "`\(command(folders[0]))` first"
  }
}

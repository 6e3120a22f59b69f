/// Every fresh network of one or more result folders, as the rows of a table: what `export` writes.
///
/// Rows are sorted by key, role and network and hold no times, hosts or ranks: the same results give the same
/// bytes, however they were computed. Only cells with a result count; a cell that failed has no rows.
public struct FreshNetworks {
  struct Row {
    var cell: ManifestCell
    var record: EvaluationRecord
  }

  var rows: [Row] = []
  /// Paths of settings that vary between the cells of the plan; task, degree and seed are always among them.
  public private(set) var paths: [String] = []
  /// Cells of the plan that have no rows, a line for each reason; empty for a sweep that is complete.
  public private(set) var missing: [String] = []
  public var count: Int { rows.count }

  /// Settings that always have a column, where the sweep has them.
  static let standing = ["task", "rule.degree", "seed"]

  /// - Parameters:
  ///   - allPlans: true to include cells of earlier versions of the sweep file that have ended.
  ///   - note: gets a line for each unfinished write that was left out.
  /// - Throws: `StoreError`: (usage) for a folder that holds no sweep, (damaged) for a damaged one and for a
  ///   cell that two folders hold with different results.
  public init(
    folders: [String], allPlans: Bool = false, files: any FileLayer = SystemFiles(),
    note: (String) -> Void = { _ in }
  ) throws {
    var cells: [UInt64: ManifestCell] = [:]
    var found: [UInt64: (folder: String, rows: [Row])] = [:]
    var notes: [String] = []
    var unfinished: Set<UInt64> = []
    var failed: Set<UInt64> = []
    for folder in folders {
      let reader = try StoreReader(folder, files: files) { notes.append($0) }
      let index = reader.index
      var complete: [UInt64: ManifestCell] = [:]
      let earlier = allPlans ? reader.manifest.earlierCells.filter { index.cells[$0.key]?.status != nil } : []
      for cell in reader.manifest.cells + earlier {
        cells[cell.key] = cells[cell.key] ?? cell
        let history = index.cells[cell.key]
        if history?.isComplete == true, history?.status != .failed {
          complete[cell.key] = cell
        } else if history?.isComplete == true {
          failed.insert(cell.key)
        } else {
          unfinished.insert(cell.key)
        }
      }
      for (key, rows) in try Self.read(reader, complete) {
        if let other = found[key] {
          guard other.rows.map(\.record).elementsEqual(rows.map(\.record), by: Self.areSame) else {
            throw StoreError(
              .damaged,
              "cell \(hex(key)) has other results in \(folder) than in \(other.folder): they were "
                + "computed by different versions or at different SIMD levels. Export the folders one by one")
          }
        } else {
          found[key] = (folder, rows)
        }
      }
    }
    Set(notes).sorted().forEach(note)
    unfinished.subtract(found.keys)
    failed.subtract(found.keys)
    failed.subtract(unfinished)
    if !unfinished.isEmpty { missing.append("\(unfinished.count) of \(cells.count) cells are not finished") }
    if !failed.isEmpty { missing.append("\(failed.count) of \(cells.count) cells failed") }
    rows = found.keys.sorted().flatMap { found[$0]!.rows }
    let plan = SweepManifest(
      name: "", question: "", simd: "", cells: cells.keys.sorted().map { cells[$0]! })
    let standing = Self.standing.filter { path in plan.cells.contains { $0.settings[path] != nil } }
    paths = standing + plan.varyingPaths.filter { !standing.contains($0) }
  }

  private static func read(_ reader: StoreReader, _ complete: [UInt64: ManifestCell]) throws -> [UInt64:
    [Row]]
  {
    var rows: [UInt64: [Row]] = [:]
    try reader.forEachEvaluation { record in
      guard let cell = complete[record.cell] else { return }
      rows[record.cell, default: []].append(Row(cell: cell, record: record))
    }
    return rows.mapValues { rows in
      let sorted = rows.sorted { Self.order($0.record) < Self.order($1.record) }
      return zip([nil] + sorted.map(Optional.some), sorted).filter { previous, row in
        previous.map { Self.order($0.record) } != Self.order(row.record)
      }.map(\.1)
    }
  }

  private static func order(_ record: EvaluationRecord) -> UInt64 {
    UInt64(record.role.rawValue) << 32 | UInt64(record.network)
  }

  /// Equal bit for bit, so that NaN equals itself.
  private static func areSame(_ a: EvaluationRecord, _ b: EvaluationRecord) -> Bool {
    a.encoded(degree: 0) == b.encoded(degree: 0)
  }
}

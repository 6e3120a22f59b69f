import Model
import ResultStore

/// The cells of a sweep that a request is about, set out by its two settings.
package struct TableLayout: Sendable {
  package let rows: String
  package let columns: String
  package let rowValues: [ManifestValue]
  package let columnValues: [ManifestValue]
  /// Cells of the sweep that the table is of, and those of them that have ended (failed ones too).
  package let planned: Int
  package let ended: Int
  /// Row by row, the combinations that the sweep has, each with its cells.
  package let entries: [(row: ManifestValue, column: ManifestValue, cells: [CellOutcome])]
  /// Settings other than seeds that take several values inside an entry, and how many at most.
  package let pooled: [String: Int]
  /// The first messages of failed cells, by key.
  package let failures: [String]

  /// - Throws: `AblationError` for paths that no cell has, filters that nothing passes, rows equal to columns, and folders
  ///   that cannot be compared.
  package init(_ request: TableRequest, of all: OutcomeSelection) throws {
    var selection = try all.filtered(request.filters)
    if let path = request.bestOf { selection = try selection.best(of: path) }
    try selection.requirePath(request.rows)
    try selection.requirePath(request.columns)
    guard request.rows != request.columns else {
      throw AblationError(
        "rows and columns are both \(request.rows): name two settings, such as seed for one of them")
    }
    invariant(request.resamples > 0, "a bootstrap needs resamples, not \(request.resamples)")
    rows = request.rows
    columns = request.columns
    planned = selection.cells.count
    ended = selection.cells.count { $0.status != .unfinished }
    let rowValues = ManifestValue.ordered(selection.cells.lazy.map { $0[request.rows] })
    let columnValues = ManifestValue.ordered(selection.cells.lazy.map { $0[request.columns] })
    failures = selection.cells.lazy.filter { $0.status == .failed }.prefix(3).map { cell in
      let key = CellOutcome.print(key: cell.key)
      return cell.message.contains(key) ? cell.message : "\(key): \(cell.message)"
    }
    let groups = Dictionary(grouping: selection.cells) {
      Place(row: $0[request.rows], column: $0[request.columns])
    }
    entries = rowValues.flatMap { row in
      columnValues.compactMap { column in
        groups[Place(row: row, column: column)].map { (row, column, $0) }
      }
    }
    self.rowValues = rowValues
    self.columnValues = columnValues
    let hidden = selection.varyingPaths().filter {
      $0 != request.rows && $0 != request.columns && !Run.paths.contains($0)
    }
    try selection.requireComparableFolders(shown: [request.rows, request.columns], hidden: hidden)
    pooled = groups.values.reduce(into: [:]) { $0.merge($1.poolings(of: hidden), uniquingKeysWith: max) }
  }

  package var partial: Bool { ended < planned }

  /// A title with what is still to come.
  package func title(_ text: String) -> String {
    partial ? "\(text) (PARTIAL: \(ended) of \(planned) cells have ended)" : text
  }

  /// - Throws: `AblationError` where an entry mixes values of this setting, over which `what` has no mean.
  package func refusePooling(_ what: String, over path: String) throws {
    guard pooled[path] != nil, let value = entries.first?.cells.first?[path] else { return }
    throw AblationError(
      "\(what) of different \(path) have no mean: name it as --rows or --columns, or keep one value, such as "
        + "--where \(path)=\(value.label)")
  }

  private struct Place: Hashable {
    var row: ManifestValue
    var column: ManifestValue
  }
}

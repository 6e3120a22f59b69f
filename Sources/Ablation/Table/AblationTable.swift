import Model
import ResultStore

/// What a table is asked for.
public struct TableRequest: Sendable, Equatable {
  /// Paths of settings.
  public var rows: String
  public var columns: String
  public var metric: Metric
  public var filters: [SettingFilter]
  /// Path of a setting that takes several starts, of which the best on validation counts; nil for none.
  public var bestOf: String?
  public var resamples: Int

  public init(
    rows: String = "rule.degree", columns: String = "task", metric: Metric = .accuracy,
    filters: [SettingFilter] = [], bestOf: String? = nil, resamples: Int = Statistics.standardResamples
  ) {
    self.rows = rows
    self.columns = columns
    self.metric = metric
    self.filters = filters
    self.bestOf = bestOf
    self.resamples = resamples
  }
}

/// An ablation table: one metric by two settings, with intervals, reference policies, and all cells that did not end
/// well.
public struct AblationTable: Sendable, Equatable {
  public var rows: String
  public var columns: String
  public var metric: Metric
  /// True while cells of the sweep have no result yet.
  public var partial: Bool
  /// Row by row; only combinations that the sweep has.
  public var cells: [TableCell]
  public var rowValues: [ManifestValue]
  public var columnValues: [ManifestValue]
  /// Cells of the sweep that the table is of, and those of them that have ended (failed ones too).
  public var planned: Int
  public var ended: Int
  public var resamples: Int
  /// Settings other than seeds that take several values inside an entry, and how many at most: the
  /// entry averages over them.
  public var pooled: [String: Int]
  /// The first messages of failed cells, by key.
  public var failures: [String]

  /// Builds the table of the cells that pass the request's filters.
  /// - Throws: `AblationError` for paths that no cell has, filters that nothing passes, rows equal to
  ///   columns.
  public init(_ request: TableRequest, of all: OutcomeSelection) throws {
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
    metric = request.metric
    resamples = request.resamples
    planned = selection.cells.count
    ended = selection.cells.count { $0.status != .unfinished }
    partial = ended < planned
    rowValues = ManifestValue.ordered(selection.cells.lazy.map { $0[request.rows] })
    columnValues = ManifestValue.ordered(selection.cells.lazy.map { $0[request.columns] })
    failures = selection.cells.lazy.filter { $0.status == .failed }.prefix(3).map { cell in
      let key = CellOutcome.print(key: cell.key)
      return cell.message.contains(key) ? cell.message : "\(key): \(cell.message)"
    }

    let groups = Dictionary(grouping: selection.cells) {
      Place(row: $0[request.rows], column: $0[request.columns])
    }
    cells = []
    for row in rowValues {
      for column in columnValues {
        guard let group = groups[Place(row: row, column: column)] else { continue }
        cells.append(
          TableCell(row: row, column: column, of: group, metric: request.metric, resamples: request.resamples)
        )
      }
    }
    pooled = [:]
    let hidden = selection.varyingPaths().filter {
      $0 != request.rows && $0 != request.columns && !Run.paths.contains($0)
    }
    for group in groups.values { pooled.merge(group.poolings(of: hidden), uniquingKeysWith: max) }
  }

  public subscript(row: ManifestValue, column: ManifestValue) -> TableCell? {
    cells.first { $0.row == row && $0.column == column }
  }

  private struct Place: Hashable {
    var row: ManifestValue
    var column: ManifestValue
  }
}

extension CellOutcome {
  /// 16 hex digits.
  static func print(key: UInt64) -> String {
    let digits = String(key, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

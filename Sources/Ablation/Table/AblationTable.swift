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
    let layout = try TableLayout(request, of: all)
    rows = layout.rows
    columns = layout.columns
    metric = request.metric
    resamples = request.resamples
    planned = layout.planned
    ended = layout.ended
    partial = layout.partial
    rowValues = layout.rowValues
    columnValues = layout.columnValues
    failures = layout.failures
    pooled = layout.pooled
    cells = layout.entries.map { entry in
      TableCell(
        row: entry.row, column: entry.column, of: entry.cells, metric: request.metric,
        resamples: request.resamples)
    }
  }

  public subscript(row: ManifestValue, column: ManifestValue) -> TableCell? {
    cells.first { $0.row == row && $0.column == column }
  }
}

extension CellOutcome {
  /// 16 hex digits.
  static func print(key: UInt64) -> String {
    let digits = String(key, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

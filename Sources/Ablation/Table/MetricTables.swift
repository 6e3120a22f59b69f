import Model
import ResultStore

/// Several metrics of the same cells by the same two settings, as one table: a line for every row and metric.
public struct MetricTables: Sendable, Equatable {
  /// One for every metric, in the order asked for.
  public let tables: [AblationTable]

  /// - Parameter metrics: two or more, none twice; the request's own has no part in it.
  /// - Throws: `AblationError` as `AblationTable`.
  public init(_ request: TableRequest, metrics: [Metric], of all: OutcomeSelection) throws {
    invariant(!metrics.isEmpty && Set(metrics).count == metrics.count, "metrics are missing or given twice")
    tables = try metrics.map { metric in
      var one = request
      one.metric = metric
      return try AblationTable(one, of: all)
    }
  }
}

extension MetricTables: PrintedTable {
  package var csvLines: [[String]] {
    tables.enumerated().flatMap { place, table in
      let lines = table.csvLines
      return (place == 0 ? [["metric"] + lines[0]] : [])
        + lines.dropFirst().map { [table.metric.rawValue] + $0 }
    }
  }

  package var grid: Grid {
    let first = tables[0]
    let body = first.rowValues.map(\.label).indices.flatMap { row in
      tables.map { table in [table.body[row][0], table.metric.rawValue] + table.body[row].dropFirst() }
    }
    let references = tables.flatMap { table in
      table.references.filter { $0[0] != AblationTable.countsName }.map {
        [$0[0], table.metric.rawValue] + $0.dropFirst()
      }
    }
    let counts = first.references.filter { $0[0] == AblationTable.countsName }.map {
      [$0[0], ""] + $0.dropFirst()
    }
    return Grid(
      title: first.title(of: tables.map(\.metric.title).joined(separator: "; ")),
      heading: [first.grid.heading[0], "metric"] + first.grid.heading.dropFirst(),
      blocks: [body, (references + counts).map { $0 + [""] }],
      notes: Self.once(tables.flatMap(\.explanations)) + Self.once(tables.flatMap(\.warnings)))
  }

  private static func once(_ lines: [String]) -> [String] {
    var seen: Set<String> = []
    return lines.filter { seen.insert($0).inserted }
  }
}

extension MetricTables: Encodable {
  private enum CodingKeys: String, CodingKey { case rows, columns, metrics, tables, printed }

  /// `tables` holds, in the order of `metrics`, what the table of one metric is.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(tables[0].rows, forKey: .rows)
    try container.encode(tables[0].columns, forKey: .columns)
    try container.encode(tables.map(\.metric), forKey: .metrics)
    try container.encode(tables, forKey: .tables)
    try container.encode(grid, forKey: .printed)
  }
}

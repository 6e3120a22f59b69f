extension AblationTable: Encodable {
  private enum CodingKeys: String, CodingKey {
    case rows, columns, metric, partial, cells, planned, ended, resamples, pooled, failures, notes, warnings
    case printed
    case rowValues = "row_values"
    case columnValues = "column_values"
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(rows, forKey: .rows)
    try container.encode(columns, forKey: .columns)
    try container.encode(metric, forKey: .metric)
    try container.encode(partial, forKey: .partial)
    try container.encode(cells, forKey: .cells)
    try container.encode(rowValues, forKey: .rowValues)
    try container.encode(columnValues, forKey: .columnValues)
    try container.encode(planned, forKey: .planned)
    try container.encode(ended, forKey: .ended)
    try container.encode(resamples, forKey: .resamples)
    try container.encode(pooled, forKey: .pooled)
    try container.encode(failures, forKey: .failures)
    try container.encode(explanations, forKey: .notes)
    try container.encode(warnings, forKey: .warnings)
    try container.encode(grid, forKey: .printed)
  }
}

import Ablation

/// A table of a folder's records as JSON: what it is of, its entries, and how to read them.
struct TableDocument<Entry: Encodable>: Encodable {
  let layout: TableLayout
  let resamples: Int
  let entries: [Entry]
  let notes: [String]
  let warnings: [String]

  private enum CodingKeys: String, CodingKey {
    case rows, columns, partial, planned, ended, resamples, pooled, entries, notes, warnings
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(layout.rows, forKey: .rows)
    try container.encode(layout.columns, forKey: .columns)
    try container.encode(layout.partial, forKey: .partial)
    try container.encode(layout.planned, forKey: .planned)
    try container.encode(layout.ended, forKey: .ended)
    try container.encode(resamples, forKey: .resamples)
    try container.encode(layout.pooled, forKey: .pooled)
    try container.encode(entries, forKey: .entries)
    try container.encode(notes, forKey: .notes)
    try container.encode(warnings, forKey: .warnings)
  }
}

import Ablation
import Dynamics
import Model

extension DynamicsTable: PrintedTable {
  package var csvLines: [[String]] { [Self.fields] + entries.flatMap(Self.lines) }

  package var grid: Grid {
    let names = DynamicsSummary.names
    let blocks = entries.map { entry in
      entry.stages.map { stage in
        [entry.row.label, entry.column.label, stage.stage, "\(stage.networks)", "\(stage.diverged)"]
          + names.map { stage.numbers[$0]?.text ?? "-" }
      }
    }
    return Grid(
      title: layout.title("fixed points and their linear dynamics"),
      heading: [layout.rows, layout.columns, "stage", "networks", "diverged"] + names, blocks: blocks,
      notes: explanations + warnings)
  }

  private static let fields = [
    "row", "column", "stage", "number", "networks", "diverged", "mean", "low", "high",
  ]

  private static func lines(of entry: Entry) -> [[String]] {
    entry.stages.flatMap { stage in
      DynamicsSummary.names.compactMap { name in
        stage.numbers[name].map { number in
          [
            entry.row.label, entry.column.label, stage.stage, name, "\(number.networks.count)",
            "\(stage.diverged)",
          ]
            + number.csv
        }
      }
    }
  }

  private var explanations: [String] {
    [
      "Entries: means over networks [95 % bootstrap interval over networks, \(resamples) resamples]; a network is the "
        + "mean over its conditions and their analysed fixed points. Time in units of tau."
    ]
  }

  private var warnings: [String] {
    [Caveat.pooled(layout.pooled, by: "Entries")].compactMap { $0 }
  }
}

extension DynamicsTable: Encodable {
  private enum CodingKeys: String, CodingKey {
    case rows, columns, partial, planned, ended, resamples, pooled, entries, notes, warnings
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(layout.rows, forKey: .rows)
    try container.encode(layout.columns, forKey: .columns)
    try container.encode(layout.partial, forKey: .partial)
    try container.encode(layout.planned, forKey: .planned)
    try container.encode(layout.ended, forKey: .ended)
    try container.encode(resamples, forKey: .resamples)
    try container.encode(layout.pooled, forKey: .pooled)
    try container.encode(entries, forKey: .entries)
    try container.encode(explanations, forKey: .notes)
    try container.encode(warnings, forKey: .warnings)
  }
}

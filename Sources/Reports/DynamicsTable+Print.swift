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
  public func encode(to encoder: any Encoder) throws {
    try TableDocument(
      layout: layout, resamples: resamples, entries: entries, notes: explanations, warnings: warnings
    ).encode(to: encoder)
  }
}

import Ablation
import Experiment

extension AlignmentTable: PrintedTable {
  package var csvLines: [[String]] { [Self.fields] + entries.flatMap(Self.lines) }

  package var grid: Grid {
    let names = AlignmentSummary.names
    let lines = entries.map { entry in
      [entry.row.label, entry.column.label, "\(entry.networks)", "\(entry.diverged)"]
        + names.map { entry.numbers[$0]?.text ?? "-" }
    }
    return Grid(
      title: layout.title("alignment with the gradient of the expected reward"),
      heading: [layout.rows, layout.columns, "networks", "diverged"] + names, blocks: [lines],
      notes: AlignmentNotes.lines(resamples: resamples) + warnings)
  }

  private static let fields = [
    "row", "column", "trial", "number", "networks", "diverged", "mean", "low", "high",
  ]

  /// Trial `all` is the whole lifetime.
  private static func lines(of entry: Entry) -> [[String]] {
    func line(_ trial: String, _ name: String, _ number: NetworkMean) -> [String] {
      [
        entry.row.label, entry.column.label, trial, name, "\(number.networks.count)", "\(entry.diverged)",
      ] + number.csv
    }
    let whole = AlignmentSummary.names.compactMap { name in
      entry.numbers[name].map { line("all", name, $0) }
    }
    return whole
      + entry.points.flatMap { point in
        pointNumbers.compactMap { name in point.numbers[name].map { line("\(point.trial)", name, $0) } }
      }
  }

  private var warnings: [String] {
    [Caveat.pooled(layout.pooled, by: "Entries")].compactMap { $0 }
  }
}

extension AlignmentTable: Encodable {
  public func encode(to encoder: any Encoder) throws {
    try TableDocument(
      layout: layout, resamples: resamples, entries: entries,
      notes: AlignmentNotes.lines(resamples: resamples), warnings: warnings
    ).encode(to: encoder)
  }
}

/// How to read alignment.
enum AlignmentNotes {
  static func lines(resamples: Int) -> [String] {
    [
      "Entries: means over networks [95 % bootstrap interval over networks, \(resamples) resamples].",
      "Cosine: between the mean change of W that one trial makes and the mean gradient of its reward, both over the "
        + "same draws of trial, kicks and weight noise at the W of that moment; mean over the points of the lifetime.",
      "Noise-free cosine: the same for infinitely many draws, from products of different draws. Signal/noise: size of "
        + "the mean change over the standard deviation of one.",
    ]
  }
}

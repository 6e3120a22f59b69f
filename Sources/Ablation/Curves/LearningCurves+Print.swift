extension LearningCurves: PrintedTable {
  package var csvLines: [[String]] { [Self.fields] + curves.flatMap(Self.lines) }

  package var grid: Grid {
    let numerals = Numerals(decimals: 3)
    let blocks = curves.map { curve in
      curve.trials.indices.map { part in
        [curve.row.label, curve.column.label, Ablation.printed(curve.trials[part], decimals: 1)]
          + [numerals.number(curve.iqm[part]), Self.interval(curve.low[part], curve.high[part], numerals)]
      }
    }
    return Grid(
      title: layout.title("\(metric == .reward ? "reward" : "accuracy") over a lifetime"),
      heading: [layout.rows, layout.columns, "trial", "mean", "95 %"], blocks: blocks,
      notes: explanations + warnings)
  }

  private static func interval(_ low: Double?, _ high: Double?, _ numerals: Numerals) -> String {
    guard let low, let high else { return "-" }
    return "[\(numerals.number(low)), \(numerals.number(high))]"
  }

  private static let fields = [
    "row", "column", "runs", "networks", "resampled", "trial", "iqm", "low", "high",
  ]

  private static func lines(of curve: LearningCurve) -> [[String]] {
    func text(_ value: Double?) -> String { value.map { String($0) } ?? "" }
    return curve.trials.indices.map { part in
      [
        curve.row.label, curve.column.label, "\(curve.runs)", "\(curve.networks)", curve.resampled.rawValue,
        text(curve.trials[part]), text(curve.iqm[part]), text(curve.low[part]), text(curve.high[part]),
      ]
    }
  }

  /// How to read the curves.
  var explanations: [String] {
    [
      "Curves: interquartile mean over runs in equal parts of the lifetime [95 % bootstrap interval, runs resampled "
        + "within task, \(resamples) resamples]; trial: the middle of the part."
    ]
  }

  /// Every caveat that applies.
  var warnings: [String] {
    var lines: [String] = []
    if curves.contains(where: { $0.runs == 1 }) {
      lines.append("Curves of one run: intervals are over its networks; they say nothing about other seeds.")
    }
    if let few = Caveat.fewRuns(curves.map(\.runs)) { lines.append(few) }
    if let pools = Caveat.pooled(layout.pooled, by: "Curves") { lines.append(pools) }
    if layout.entries.contains(where: { $0.cells.contains { $0.status == .diverged && $0.learned.isEmpty } })
    {
      lines.append("Runs that diverged before any network was tested have no curve.")
    }
    if layout.partial { lines.append("PARTIAL: curves will change when the other cells have ended.") }
    return lines
  }
}

extension LearningCurves: Encodable {
  private enum CodingKeys: String, CodingKey {
    case rows, columns, metric, partial, planned, ended, resamples, pooled, curves, unlearned, notes, warnings
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(layout.rows, forKey: .rows)
    try container.encode(layout.columns, forKey: .columns)
    try container.encode(metric, forKey: .metric)
    try container.encode(layout.partial, forKey: .partial)
    try container.encode(layout.planned, forKey: .planned)
    try container.encode(layout.ended, forKey: .ended)
    try container.encode(resamples, forKey: .resamples)
    try container.encode(layout.pooled, forKey: .pooled)
    try container.encode(curves, forKey: .curves)
    try container.encode(unlearned, forKey: .unlearned)
    try container.encode(explanations, forKey: .notes)
    try container.encode(warnings, forKey: .warnings)
  }
}

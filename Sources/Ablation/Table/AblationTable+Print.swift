import ResultStore

extension AblationTable: PrintedTable {
  package var csvLines: [[String]] {
    [cells.first.map { $0.fields.map(\.name) } ?? []] + cells.map { $0.fields.map(\.value) }
  }

  private var decimals: Int { metric == .trialsToCriterion ? 0 : 3 }

  /// A line a row: its value, its entries, and the lifetimes that found its rules.
  var body: [[String]] {
    rowValues.map { row in
      [row.label] + columnValues.map { column in self[row, column].map(entry) ?? "" } + [lifetimes(row)]
    }
  }

  func title(of what: String) -> String {
    partial ? "\(what) (PARTIAL: \(ended) of \(planned) cells have ended)" : what
  }

  package var grid: Grid {
    Grid(
      title: title(of: metric.title),
      heading: ["\(rows) \\ \(columns)"] + columnValues.map(\.label) + ["lifetimes"],
      blocks: [body, references.map { $0 + [""] }],
      notes: explanations + warnings)
  }

  /// The lifetimes that found the rules of a row; a range where columns differ.
  private func lifetimes(_ row: ManifestValue) -> String {
    range(
      cells.filter { $0.row == row }.compactMap {
        $0.searchLifetimes.map { Ablation.printed($0, decimals: 0) }
      })
  }

  /// `0.917 [0.901, 0.932]`, and in brackets what the reader must know beside it.
  func entry(_ cell: TableCell) -> String {
    var text: String
    if metric == .trialsToCriterion {
      let quartiles = [cell.q25, cell.q75].map { $0.map { number($0) } ?? "not reached" }
      switch (cell.networks, cell.median) {
      case (0, _): text = "-"
      case (_, let median?): text = "\(number(median)) [\(quartiles.joined(separator: ", "))]"
      case (_, nil): text = cell.q25.map { "not reached [\(number($0)), -]" } ?? "not reached"
      }
    } else {
      text = cell.iqm.map { number($0) } ?? "-"
      if let low = cell.low, let high = cell.high { text += " [\(number(low)), \(number(high))]" }
    }
    var remarks: [String] = []
    if let censored = cell.censored, censored > 0 { remarks.append("\(censored)/\(cell.networks) censored") }
    if cell.diverged > 0 { remarks.append("\(cell.diverged) diverged") }
    if cell.divergedNetworks > 0 {
      remarks.append("\(cell.divergedNetworks)/\(cell.networks) networks diverged")
    }
    if cell.failed > 0 { remarks.append("\(cell.failed) failed") }
    if cell.unfinished > 0 { remarks.append("\(cell.unfinished) to come") }
    return remarks.isEmpty ? text : text + " (\(remarks.joined(separator: "; ")))"
  }

  private func number(_ value: Double) -> String { Ablation.printed(value, decimals: decimals) }

  /// The policies to compare entries with, one line each; a range where rows differ.
  var references: [[String]] {
    let policies: [(String, KeyPath<TableCell, Double?>)] = [
      ("no plasticity", \.none), ("start rule", \.start), ("shortcut", \.shortcut), ("chance", \.chance),
      ("ceiling", \.ceiling),
    ]
    var lines = policies.compactMap { name, path -> [String]? in
      let texts = columnValues.map { column in
        range(cells.filter { $0.column == column }.compactMap { $0[keyPath: path] }.map { number($0) })
      }
      return texts.allSatisfy { $0 == "-" } ? nil : [name] + texts
    }
    lines.append(
      [Self.countsName]
        + columnValues.map { column in
          let column = cells.filter { $0.column == column }
          let perRun = column.filter { $0.runs > 0 }.map { cell in
            cell.networks.isMultiple(of: cell.runs)
              ? String(cell.networks / cell.runs)
              : Ablation.printed(Double(cell.networks) / Double(cell.runs), decimals: 1)
          }
          return "\(range(column.map { String($0.runs) })) x \(range(perRun))"
        })
    return lines
  }

  /// The line of `references` that counts runs and networks.
  static let countsName = "runs x networks"

  private func range(_ texts: [String]) -> String {
    let distinct = Set(texts)
    guard distinct.count > 1 else { return distinct.first ?? "-" }
    let sorted = distinct.sorted { (Double($0) ?? 0) < (Double($1) ?? 0) }
    return "\(sorted[0]) to \(sorted[sorted.count - 1])"
  }

  /// How to read the entries.
  var explanations: [String] {
    [
      metric == .trialsToCriterion
        ? "Entries: median [quartiles] over fresh networks, Kaplan-Meier where some never met the criterion."
        : "Entries: interquartile mean over runs [95 % bootstrap interval, runs resampled within task, "
          + "\(resamples) resamples]; a run is one seed, the mean of its fresh networks.",
      "Lifetimes: training and validation that found a run's rule, median over the runs of an entry.",
    ]
  }

  /// Every caveat that applies.
  var warnings: [String] {
    var lines: [String] = []
    if cells.contains(where: { $0.runs == 1 }) {
      lines.append("Entries of one run are over its networks and say nothing about other seeds.")
    }
    if let few = Caveat.fewRuns(cells.map(\.runs)) { lines.append(few) }
    if let pools = Caveat.pooled(pooled, by: "Entries") { lines.append(pools) }
    if cells.contains(where: { $0.diverged + $0.divergedNetworks > 0 }) {
      lines.append(
        "Diverged networks count: accuracy 0, reward -2 (0 where it is binary), criterion never met.")
    }
    if cells.contains(where: { $0.failed > 0 }) {
      lines.append("Failed runs do not count. \(failures.joined(separator: "; "))")
    }
    if partial { lines.append("PARTIAL: entries will change when the other cells have ended.") }
    return lines
  }
}

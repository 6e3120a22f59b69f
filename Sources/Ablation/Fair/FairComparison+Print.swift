import ResultStore

extension FairComparison: PrintedTable {
  package var csvLines: [[String]] {
    [rows.first.map { $0.fields.map(\.name) } ?? []] + rows.map { $0.fields.map(\.value.printed) }
  }

  package var grid: Grid {
    let body = rows.map { row in
      let numbers = row.numbers
      return [
        row.label, row.budget, numerals.number(numbers.score), numerals.number(numbers.baselineScore),
        numerals.signed(numbers.difference),
        numbers.unit == .runs ? numerals.interval(numbers.low, numbers.high) : "one seed",
        numerals.interval(numbers.networkLow, numbers.networkHigh), numerals.probability(numbers.p),
        numerals.probability(numbers.adjusted),
        "\(numbers.seeds) x \(numbers.seeds > 0 ? numbers.networks / numbers.seeds : 0)",
        numbers.lifetimesText, row.verdict.rawValue,
      ]
    }
    return Grid(
      title: "\(metric.title): learned rules against \(rival), tuned at equal and at doubled budget",
      heading: [
        "learned", "budget", "mean", rival, "difference", "95 % over seeds", "95 % over networks", "p",
        "p Holm",
        "seeds x networks", "lifetimes", "verdict",
      ],
      blocks: [body], notes: rows.map { sentence($0) } + explanations + warnings)
  }

  private var numerals: Numerals { Numerals(decimals: 3) }

  /// One row in words.
  func sentence(_ row: Row) -> String {
    let numbers = row.numbers
    let seen =
      "\(numerals.signed(numbers.difference)) \(numerals.interval(numbers.networkLow, numbers.networkHigh))"
    let at = "\(row.label), \(row.budget) budget:"
    switch row.verdict {
    case .survives: return "\(at) the gap survives; learned rules are ahead of \(rival) by \(seen)."
    case .closes: return "\(at) the gap closes; learned minus \(rival) is \(seen), which may be 0."
    case .rivalAhead: return "\(at) \(rival) is ahead; learned minus rival is \(seen)."
    case .undecided: return "\(at) undecided; too few networks for an interval."
    }
  }

  /// How to read the columns.
  private var explanations: [String] {
    let tests = rows.count { $0.numbers.p != nil }
    return [
      "Equal: \(rival) was tuned from every start with at least the lifetimes of the learned rule; doubled: with at "
        + "least twice as many. The start that did best on validation networks counts.",
      "Mean paired differences, paired bootstrap (\(resamples) resamples) over meta-seeds and over fresh networks; p: "
        + "Wilcoxon signed-rank over \(rows.contains { $0.numbers.unit == .networks } ? "networks" : "meta-seeds"), "
        + "Holm over the \(tests) tests of this table.",
      "A gap survives where both intervals lie above 0; the rival is ahead where both lie below.",
      "Lifetimes: training and validation, median over the seeds, as learned rule / rival (all its starts together).",
    ]
  }

  /// Every caveat that applies.
  private var warnings: [String] {
    var lines: [String] = []
    if rows.contains(where: { $0.numbers.unit == .networks }) {
      lines.append("One seed: intervals and tests are over its networks and say nothing about other seeds.")
    }
    let runs = rows.map(\.numbers).filter { $0.unit == .runs }.map(\.seeds)
    if let few = Caveat.fewRuns(runs, called: "seeds") { lines.append(few) }
    for row in rows where row.numbers.divergedNetworks + row.numbers.baselineDivergedNetworks > 0 {
      lines.append(
        "\(row.label), \(row.budget): \(row.numbers.divergedNetworks) networks diverged, and "
          + "\(row.numbers.baselineDivergedNetworks) of the rival; they count.")
    }
    return lines
  }
}

extension FairComparison.Row {
  /// Names and values in one order, for JSON and CSV.
  var fields: [(name: String, value: ComparisonRow.Field)] {
    [
      ("learned", .text(label)), ("budget", .text(budget)), ("verdict", .text(verdict.rawValue)),
      ("best_starts", .text(starts)),
    ]
      + numbers.fields.filter {
        !["group", "value", "entangled", "censored", "baseline_censored"].contains($0.name)
      }
  }
}

extension FairComparison.Row: Encodable {
  public func encode(to encoder: any Encoder) throws { try encoder.encode(fields) }
}

extension FairComparison: Encodable {
  private enum CodingKeys: String, CodingKey {
    case rival, metric, resamples, rows, sentences, notes, warnings, printed
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(rival, forKey: .rival)
    try container.encode(metric, forKey: .metric)
    try container.encode(resamples, forKey: .resamples)
    try container.encode(rows, forKey: .rows)
    try container.encode(rows.map { sentence($0) }, forKey: .sentences)
    try container.encode(explanations, forKey: .notes)
    try container.encode(warnings, forKey: .warnings)
    try container.encode(grid, forKey: .printed)
  }
}

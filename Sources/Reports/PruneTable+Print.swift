import Ablation

extension PruneTable: PrintedTable {
  package var grid: Grid {
    let body = rows.map { row in
      [
        row.name, "\(row.terms.count)", row.dropped ?? "-",
        row.validationReward.map { Ablation.printed($0, decimals: 3) } ?? "-", row.lateReward?.text ?? "-",
        row.difference?.text ?? "-", row.lateAccuracy?.text ?? "-",
        "\(row.diverged)/\(networks)", "\(row.lifetimes)",
        row.step == nil ? "" : row.isNotWorse ? "not worse" : "worse or open",
      ]
    }
    return Grid(
      title: "terms against late reward, \(networks) fresh networks",
      heading: [
        "step", "terms", "dropped", "validation J", "late reward", "minus all terms", "late accuracy",
        "diverged",
        "lifetimes", "margin \(margin)",
      ], blocks: [body], notes: notes)
  }

  var notes: [String] {
    [
      "Means over fresh networks [95 % bootstrap interval over networks, \(resamples) resamples]; differences are taken "
        + "network by network.",
      "Step 0 has every term. At each step evolution tuned the constants, theta stayed, and then the term went whose loss "
        + "cost least on validation networks; the next step goes on from there.",
      "All terms: the rule with every term, tuned in one search with as many lifetimes as all steps together. Lifetimes "
        + "of a step: its own and those before it.",
      "Not worse: the interval of the difference to all terms lies above -\(margin) of late reward.",
      smallest.map {
        "The smallest rule that is not worse is step \($0): \(chosen.terms.joined(separator: ", "))."
      } ?? "No step is shown to be no worse: the rule with all terms stands.",
    ]
  }

  package var csvLines: [[String]] {
    let numbers = ["late_reward", "difference", "late_accuracy"].flatMap { [$0, $0 + "_low", $0 + "_high"] }
    let heading =
      ["step", "terms", "names", "dropped", "validation_reward"] + numbers
      + ["networks", "diverged", "lifetimes", "not_worse"]
    return [heading] + rows.map(line(of:))
  }

  private func line(of row: Row) -> [String] {
    let validation: String = row.validationReward.map { String($0) } ?? ""
    var line = [
      row.name, String(row.terms.count), row.terms.joined(separator: " "), row.dropped ?? "", validation,
    ]
    for number in [row.lateReward, row.difference, row.lateAccuracy] {
      line += number?.csv ?? ["", "", ""]
    }
    return line + [String(networks), String(row.diverged), String(row.lifetimes), row.isNotWorse ? "1" : "0"]
  }
}

extension PruneTable: Encodable {
  private enum CodingKeys: String, CodingKey { case margin, networks, resamples, rows, smallest, notes }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(margin, forKey: .margin)
    try container.encode(networks, forKey: .networks)
    try container.encode(resamples, forKey: .resamples)
    try container.encode(rows, forKey: .rows)
    try container.encode(smallest, forKey: .smallest)
    try container.encode(notes, forKey: .notes)
  }
}

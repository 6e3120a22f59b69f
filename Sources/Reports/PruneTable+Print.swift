import Ablation

extension PruneTable: PrintedTable {
  package var grid: Grid {
    let body = rows.map { row in
      [
        row.step.map { "\($0)" } ?? "as learned", "\(row.terms.count)", row.dropped ?? "-",
        row.validationReward.map { Ablation.printed($0, decimals: 3) } ?? "-", row.lateReward?.text ?? "-",
        row.step == 0 ? "-" : row.difference?.text ?? "-", row.lateAccuracy?.text ?? "-",
        "\(row.diverged)/\(networks)", "\(row.lifetimes)",
        row.step == nil ? "" : row.isNotWorse ? "not worse" : "worse or open",
      ]
    }
    return Grid(
      title: "terms against late reward, \(networks) fresh networks",
      heading: [
        "step", "terms", "dropped", "validation J", "late reward", "minus step 0", "late accuracy",
        "diverged",
        "lifetimes", "margin \(margin)",
      ], blocks: [body], notes: notes)
  }

  var notes: [String] {
    let chosen = rows.first { $0.step == smallest }!
    return [
      "Means over fresh networks [95 % bootstrap interval over networks, \(resamples) resamples]; differences are taken "
        + "network by network.",
      "Step 0 has every term. At each step evolution tuned the constants with the lifetimes of the row, theta stayed, and "
        + "then the term went whose loss cost least on validation networks.",
      "Not worse: the interval of the difference lies above -\(margin) of late reward.",
      "The smallest rule that is not worse is step \(smallest): \(chosen.terms.joined(separator: ", ")).",
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
    let step: String = row.step.map(String.init) ?? ""
    let validation: String = row.validationReward.map { String($0) } ?? ""
    var line = [
      step, String(row.terms.count), row.terms.joined(separator: " "), row.dropped ?? "", validation,
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

import Ablation
import Experiment
import Foundation
import Kernels
import Launch
import Model
import Plasticity

/// What an evaluation found, as text or JSON.
public struct EvaluationReport {
  let request: EvaluationRequest
  let level: SIMDLevel
  let against: String
  var entries: [EvaluationEntry] = []
  /// Lines about pairs that were not run.
  var refusals: [String] = []

  /// - Parameter alignment: nil where it was not measured.
  public init(
    _ request: EvaluationRequest, results: EvaluationResults, alignment: AlignmentResults? = nil,
    level: SIMDLevel, against: String
  ) {
    self.request = request
    self.level = level
    self.against = against
    for (number, (pair, found)) in zip(request.plan.pairs, results).enumerated() {
      let aligned = alignment?[number] ?? []
      let contender = pair.contender
      guard let found else {
        let target = request.plan.targets[pair.target].label
        refusals.append("\(contender.name) was not run on \(target): it \(request.plan.refusal(pair) ?? "")")
        continue
      }
      if let place = entries.firstIndex(where: { $0.target == pair.target && $0.group == contender.group }) {
        entries[place].runs.append(found)
        entries[place].found.append(contender.lifetimes)
        entries[place].alignment += aligned
      } else {
        entries.append(
          EvaluationEntry(
            target: pair.target, group: contender.group, isAtHome: contender.source == pair.target,
            feedback: contender.feedback, isRival: contender.isRival, runs: [found],
            found: [contender.lifetimes], alignment: aligned))
      }
    }
  }

  private var targets: [EvaluationTarget] { request.plan.targets }

  public func text(curves: Bool) -> String {
    var parts = targets.indices.map { targetTable($0) }
    parts += targets.indices.compactMap { alignmentTable($0) }
    if curves { parts += targets.indices.map { curveTable($0) } }
    if request.transfer { parts.append(transferMatrix) }
    parts.append(notes.joined(separator: "\n"))
    return parts.joined(separator: "\n\n")
  }

  /// Contenders down, figures across, for one target.
  private func targetTable(_ target: Int) -> String {
    let configuration = targets[target].configuration
    let method = configuration.method
    let marks = configuration.yardsticks
    let own = entries.filter { $0.target == target }
    let base = own.first { $0.group == against }
    let hasIncongruent = own.contains { $0.incongruent != nil }
    let title =
      "\(targets[target].label): N \(method.units), \(method.trials) trials, \(request.plan.networks) fresh networks of "
      + "seed \(request.seed); chance \(figure(marks.chance)), shortcut \(figure(marks.shortcut)), ceiling "
      + figure(marks.ceiling)
    var rows = [
      [
        "", "told", "late accuracy", "minus \(against)", "late reward", "trials to criterion", "diverged",
        "rules", "lifetimes",
      ] + (hasIncongruent ? ["incongruent"] : [])
    ]
    for entry in own {
      let accuracy = entry.score(\.lateAccuracy)
      let reward = entry.score(\.lateReward)
      let difference = base.map { entry.difference(to: $0) }
      let (quartiles, censored) = entry.criterion(trials: method.trials)
      rows.append(
        [
          entry.group, entry.feedback?.rawValue ?? "-", figures(accuracy),
          entry.group == against ? "-" : difference.map(figures) ?? "-", figures(reward),
          Self.criterion(quartiles, censored: censored, of: entry.networks.count),
          "\(entry.diverged)/\(entry.networks.count)", "\(entry.runs.count)",
          Ablation.printed(entry.lifetimes, decimals: 0),
        ] + (hasIncongruent ? [entry.incongruent.map(figures) ?? "-"] : []))
    }
    return title + "\n\n" + Self.columns(rows)
  }

  private static func criterion(_ quartiles: Quartiles, censored: Int, of count: Int) -> String {
    func trial(_ value: Double) -> String { value.isFinite ? "\(Int(value))" : "-" }
    let remark = censored > 0 ? " (\(censored)/\(count) censored)" : ""
    guard quartiles.q25.isFinite else { return "not reached" + remark }
    return "\(trial(quartiles.median)) [\(trial(quartiles.q25)), \(trial(quartiles.q75))]" + remark
  }

  private func curveTable(_ target: Int) -> String {
    let bins = NetworkEvaluation.bins
    var rows = [
      ["accuracy in parts of \(100 / bins) % of the trials"] + (1...bins).map { "\($0 * 100 / bins)" }
    ]
    for entry in entries where entry.target == target {
      rows.append(
        [entry.group] + entry.curve(\.accuracyCurve).map { Ablation.printed($0, decimals: 2) })
    }
    return targets[target].label + "\n\n" + Self.columns(rows)
  }

  /// Learned rules down, configurations across; the other contenders below.
  private var transferMatrix: String {
    var rows = [["late accuracy; * learned there"] + targets.map(\.label)]
    var groups: [String] = []
    for entry in entries where !groups.contains(entry.group) { groups.append(entry.group) }
    for group in groups {
      rows.append(
        [group]
          + targets.indices.map { target in
            guard let entry = entries.first(where: { $0.target == target && $0.group == group }) else {
              return ""
            }
            return figures(entry.score(\.lateAccuracy)) + (entry.isAtHome ? " *" : "")
          })
    }
    let marks = targets.map(\.configuration.yardsticks)
    rows.append(["shortcut"] + marks.map { figure($0.shortcut) })
    rows.append(["chance"] + marks.map { figure($0.chance) })
    return "transfer\n\n" + Self.columns(rows)
  }

  /// How to read the rows, every caveat that applies, and what was not run.
  var notes: [String] {
    var lines = [
      "Means over fresh networks [95 % bootstrap interval: rules resampled where a row has several, networks "
        + "otherwise].",
      "Late: the last fifth of the trials. A diverged network counts as accuracy 0 and reward -2 (binary: 0).",
      "Lifetimes: training and validation that found a rule, median over the rules of a row; 0: nothing was tuned.",
      "Trials to criterion: Kaplan-Meier median [quartiles]; censored networks never met it.",
    ]
    if entries.contains(where: { (2...4).contains($0.runs.count) }) {
      lines.append("Intervals of 2 to 4 rules are too narrow: 5 to 10 to screen, 20 for a claim.")
    }
    if entries.contains(where: { $0.runs.count == 1 && $0.found[0] > 0 }) {
      lines.append("Rows of one rule say nothing about rules learned with other seeds.")
    }
    if entries.contains(where: { $0.incongruent != nil }) {
      lines.append(
        "Incongruent: late accuracy on the trials on which the shortcut is of no help; the shortcut has 0.5 there."
      )
    }
    if entries.contains(where: { $0.feedback != nil && $0.isRival }) {
      lines.append(
        "Learners run at the eta that suited cue-association: one that loses elsewhere may want another "
          + "(NAME:gain=G).")
    }
    if entries.contains(where: { $0.feedback == .denseError }) {
      lines.append(
        "'dense error' sees the signed error at every step: a reference, no rival of a scalar reward.")
    }
    if request.alignment != nil {
      lines += AlignmentNotes.lines(resamples: Statistics.standardResamples).dropFirst()
    }
    return lines + refusals
  }

  private func figures(_ value: (mean: Double, interval: Interval)) -> String {
    guard value.interval.low.isFinite else { return figure(value.mean) }
    return "\(figure(value.mean)) [\(figure(value.interval.low)), \(figure(value.interval.high))]"
  }

  private func figure(_ value: Double) -> String { Ablation.printed(value, decimals: 3) }

  /// Columns padded to their widest text.
  static func columns(_ rows: [[String]]) -> String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let padded = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
      return String(padded.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
    }.joined(separator: "\n")
  }
}

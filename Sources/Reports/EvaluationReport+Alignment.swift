import Ablation
import Experiment
import Foundation

/// The part of a report that `evaluate --alignment` adds.
extension EvaluationReport {
  /// Contenders down, alignment across, for one target; nil where nothing was measured.
  func alignmentTable(_ target: Int) -> String? {
    let own = entries.filter { $0.target == target && !$0.alignment.isEmpty }
    guard !own.isEmpty else { return nil }
    let names = Array(AlignmentSummary.names.prefix(3))
    let rows = own.map { entry in
      [entry.group] + names.map { entry.alignmentNumbers[$0]?.text ?? "-" }
    }
    return request.plan.targets[target].label + ": alignment with the gradient of the expected reward\n\n"
      + Self.columns([[""] + names] + rows)
  }
}

extension EvaluationEntry {
  /// By the names of `AlignmentSummary`, over networks; empty where nothing was measured.
  var alignmentNumbers: [String: NetworkMean] {
    let summaries = alignment.map { AlignmentSummary($0).values }
    var numbers: [String: NetworkMean] = [:]
    for (place, name) in AlignmentSummary.names.enumerated() {
      numbers[name] = NetworkMean(summaries.map { $0[place] }, resamples: Statistics.standardResamples)
    }
    return numbers
  }
}

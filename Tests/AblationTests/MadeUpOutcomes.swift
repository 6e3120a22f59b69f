import Model
import ResultStore

@testable import Ablation

/// Hand-made outcomes whose statistics can be worked out with pencil and paper.
enum MadeUp {
  /// A network whose four scores are one number (reward: minus the rest to 1).
  static func network(
    _ index: Int, _ accuracy: Double, diverged: Bool = false, criterion: Int? = nil, trials: Int = 200
  ) -> NetworkScores {
    var evaluation = NetworkEvaluation()
    evaluation.divergedAt = diverged ? 0 : nil
    evaluation.trialsToCriterion = criterion
    (evaluation.accuracy, evaluation.lateAccuracy) = (accuracy, accuracy)
    (evaluation.reward, evaluation.lateReward) = (accuracy - 1, accuracy - 1)
    return NetworkScores(network: index, trials: trials, evaluation: evaluation)
  }

  /// A finished cell with one network per accuracy.
  static func cell(
    degree: Int, task: String = "cue-association", seed: Int = 0, _ accuracies: [Double],
    status: CellOutcome.Status = .done, more: [String: ManifestValue] = [:]
  ) -> CellOutcome {
    var settings: [String: ManifestValue] = [
      "rule.degree": .number(Double(degree)), "task": .string(task), "seed": .number(Double(seed)),
      "reward": .string("absolute"), "network.units": .number(32),
    ]
    settings.merge(more) { $1 }
    var hasher = Hasher()
    for (path, value) in settings.sorted(by: { $0.key < $1.key }) {
      hasher.combine(path)
      hasher.combine(value)
    }
    return CellOutcome(
      key: UInt64(bitPattern: Int64(hasher.finalize())), settings: CellSettings(settings), status: status,
      learned: accuracies.enumerated().map { network($0.offset, $0.element) },
      start: accuracies.indices.map { network($0, 0.6) }, none: accuracies.indices.map { network($0, 0.48) },
      chance: 0.5, shortcut: 0.5, ceiling: 0.9, lifetimes: 10, gigaflop: 2)
  }

  /// Degrees 1 and 3 on two tasks with five seeds; degree 3 is better by 0.1 on the first task and by 0 on
  /// the second.
  static func ablation() -> [CellOutcome] {
    var cells: [CellOutcome] = []
    for (task, gain) in [("cue-association", 0.1), ("perceptual-decision", 0.0)] {
      for degree in [3, 1] {
        for seed in 0..<5 {
          let base = 0.6 + 0.02 * Double(seed) + (degree == 3 ? gain : 0)
          cells.append(cell(degree: degree, task: task, seed: seed, [base - 0.05, base, base + 0.05]))
        }
      }
    }
    return cells
  }
}

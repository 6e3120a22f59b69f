import Kernels
import Model

extension LearningTask {
  /// The input of each condition as a constant, C x M, under which the dynamics of a network are analysed.
  ///
  /// It is the mean over all steps at which any input is on, and over `trials` drawn trials of that condition, so that
  /// input noise and whatever else is random within a condition average out (in `context-integration` the unattended stream
  /// becomes 0). All 0 for a condition whose inputs are never on.
  /// - Precondition: at least one trial.
  public func heldInputs(trials: Int = 64, seed: UInt64 = 0) -> [[Double]] {
    invariant(trials >= 1, "\(trials) trials hold no input")
    var stream = RandomStream(seed: seed, purpose: 1, lifetime: 0)
    let lifetime = drawLifetime(&stream)
    var sums = [[Double]](repeating: Array(repeating: 0, count: inputs), count: conditions)
    var steps = [Int](repeating: 0, count: conditions)
    var drawn = [Int](repeating: 0, count: conditions)
    var trial = Trial(for: self)
    var number: UInt32 = 0
    while drawn.contains(where: { $0 < trials }) {
      var stream = RandomStream(seed: seed, purpose: 2, lifetime: 0, trial: number)
      drawTrial(&trial, lifetime: lifetime, stream: &stream)
      number += 1
      let c = trial.condition
      if drawn[c] == trials { continue }
      drawn[c] += 1
      for t in 0..<self.steps {
        let row = trial.inputs[t * inputs..<(t + 1) * inputs]
        if row.allSatisfy({ $0 == 0 }) { continue }
        steps[c] += 1
        for (m, value) in row.enumerated() { sums[c][m] += Double(value) }
      }
    }
    return (0..<conditions).map { c in sums[c].map { $0 / Double(max(1, steps[c])) } }
  }
}

import Model
import Tasks

/// What one trial earns, and how the reward depends on the read-out.
struct Reward {
  var kind: RewardKind
  var outputs: Int

  /// R of a read-out (T x K, valid inside the window).
  func value(_ readout: [Double], _ trial: Trial) -> Double {
    let count = Double(trial.window.count * outputs)
    switch kind {
    case .absolute:
      var sum = 0.0
      for index in entries(trial) { sum += abs(readout[index] - Double(trial.target[index])) }
      return -sum / count
    case .squared:
      var sum = 0.0
      for index in entries(trial) {
        let error = readout[index] - Double(trial.target[index])
        sum += error * error
      }
      return -sum / count
    case .binary:
      var right = 0
      for k in 0..<outputs where sign(of: readout, trial, k) == targetSign(trial, k) { right += 1 }
      return Double(right) / Double(outputs)
    }
  }

  /// R of a silent read-out, z = 0: the baseline of `tangent` at a first visit.
  func silent(_ trial: Trial) -> Double {
    let count = Double(trial.window.count * outputs)
    switch kind {
    case .absolute:
      var sum = 0.0
      for index in entries(trial) { sum += abs(Double(trial.target[index])) }
      return -sum / count
    case .squared:
      var sum = 0.0
      for index in entries(trial) { sum += Double(trial.target[index]) * Double(trial.target[index]) }
      return -sum / count
    case .binary:
      var right = 0
      for k in 0..<outputs where targetSign(trial, k) == 0 { right += 1 }
      return Double(right) / Double(outputs)
    }
  }

  /// dR/dz at every (step, output) of the window; 0 for binary reward and where z = y.
  func slope(_ readout: [Double], _ trial: Trial, into slopes: inout [Double]) {
    let count = Double(trial.window.count * outputs)
    for index in entries(trial) {
      let error = readout[index] - Double(trial.target[index])
      switch kind {
      case .absolute: slopes[index] = error > 0 ? -1 / count : error < 0 ? 1 / count : 0
      case .squared: slopes[index] = -2 * error / count
      case .binary: slopes[index] = 0
      }
    }
  }

  private func entries(_ trial: Trial) -> Range<Int> {
    trial.window.lowerBound * outputs..<trial.window.upperBound * outputs
  }

  private func sign(of readout: [Double], _ trial: Trial, _ k: Int) -> Int {
    var sum = 0.0
    for t in trial.window { sum += readout[t * outputs + k] }
    return sum > 0 ? 1 : sum < 0 ? -1 : 0
  }

  private func targetSign(_ trial: Trial, _ k: Int) -> Int {
    var sum = 0.0
    for t in trial.window { sum += Double(trial.target[t * outputs + k]) }
    return sum > 0 ? 1 : sum < 0 ? -1 : 0
  }
}

/// Rbar_c and its tangents: one running baseline a condition.
///
/// At the first visit of a condition Rbar_c = R, so the success m is 0; afterwards Rbar_c follows R at rate a_R, after
/// it has been used.
struct Baselines {
  private(set) var values: [Double]
  private(set) var visited: [Bool]
  /// Rbardot, conditions x directions.
  private var tangents: [Double]
  private let directions: Int

  init(conditions: Int, directions: Int) {
    values = Array(repeating: 0, count: conditions)
    visited = Array(repeating: false, count: conditions)
    tangents = Array(repeating: 0, count: conditions * directions)
    self.directions = directions
  }

  mutating func reset() {
    for c in values.indices {
      values[c] = 0
      visited[c] = false
    }
    for index in tangents.indices { tangents[index] = 0 }
  }

  /// Rbar_c before this trial, nil before the first visit.
  func current(_ condition: Int) -> Double? { visited[condition] ? values[condition] : nil }

  /// Rbardot_c before this trial; 0 before the first visit.
  func currentTangent(_ condition: Int, _ q: Int) -> Double { tangents[condition * directions + q] }

  /// Rbar_c as the update of this trial uses it: R at a first visit.
  func used(_ condition: Int, reward: Double) -> Double { visited[condition] ? values[condition] : reward }

  /// Turns Rdot into mdot = Rdot - Rbardot_c in place and lets Rbardot_c follow.
  mutating func successTangents(_ condition: Int, _ rewardTangents: inout [Double], rate: Double) {
    let base = condition * directions
    for q in 0..<directions {
      let rdot = rewardTangents[q]
      if visited[condition] {
        rewardTangents[q] = rdot - tangents[base + q]
        tangents[base + q] += rate * (rdot - tangents[base + q])
      } else {
        rewardTangents[q] = 0
        tangents[base + q] = rdot
      }
    }
  }

  /// Rbar_c follows R; call it last in a trial.
  mutating func follow(_ condition: Int, reward: Double, rate: Double) {
    let before = used(condition, reward: reward)
    values[condition] = before + rate * (reward - before)
    visited[condition] = true
  }
}

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
    slopes.withUnsafeMutableBufferPointer { slope(readout, trial, to: $0.baseAddress!) }
  }

  /// The same to T x K numbers in memory.
  func slope(_ readout: [Double], _ trial: Trial, to slopes: UnsafeMutablePointer<Double>) {
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

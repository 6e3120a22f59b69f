import Model
import Plasticity

/// What comes out of a lifetime, trial by trial; NaN until a trial has run.
struct LifetimeRecorder {
  private(set) var rewards: [Double]
  private(set) var baselines: [Double]
  private(set) var twins: [Double]
  private(set) var weights: [Double]
  private(set) var rewardTangents: [Double]
  /// U^H.
  private(set) var tangents: [Double]

  init(trials: Int, units: Int, directions: Int) {
    rewards = Array(repeating: .nan, count: trials)
    baselines = rewards
    twins = rewards
    weights = Array(repeating: .nan, count: trials * units * units)
    rewardTangents = Array(repeating: .nan, count: trials * directions)
    tangents = Array(repeating: .nan, count: directions * units * units)
  }

  mutating func take(_ h: Int, _ record: TrialRecord) {
    rewards[h] = record.reward
    baselines[h] = record.baseline
    twins[h] = record.twinReward
    put(record.weights, h, &weights)
    put(record.rewardTangents, h, &rewardTangents)
    if !record.tangents.isEmpty { tangents = record.tangents }
  }

  private func put(_ values: [Double], _ h: Int, _ target: inout [Double]) {
    target.replaceSubrange(h * values.count..<(h + 1) * values.count, with: values)
  }

  /// Factor of the kicks in trial `h`, by the rewards of the trials before it.
  func kickFactor(
    before h: Int, _ trials: [TrialInputs], _ constants: LocalConstants, _ method: Method
  ) -> Double {
    var baseline: Double?
    for earlier in 0..<h where trials[earlier].condition == trials[h].condition {
      let used = baseline ?? rewards[earlier]
      baseline = used + constants[.baselineRate] * (rewards[earlier] - used)
    }
    return Mechanisms(constants, traceMeanBy: method.traceMeanBy).kickFactor(baseline: baseline)
  }
}

extension TrialInputs {
  /// As a Float engine sees it.
  var roundedToFloat: TrialInputs {
    var result = self
    result.initial = initial.map { Double(Float($0)) }
    result.noise = noise.map { Double(Float($0)) }
    result.kicks = kicks.map { Double(Float($0)) }
    return result
  }
}

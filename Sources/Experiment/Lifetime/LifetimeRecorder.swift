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

  /// - Parameter synapses: those that may learn, as many as `TrialRecord.weights` has.
  init(trials: Int, synapses: Int, directions: Int) {
    rewards = Array(repeating: .nan, count: trials)
    baselines = rewards
    twins = rewards
    weights = Array(repeating: .nan, count: trials * synapses)
    rewardTangents = Array(repeating: .nan, count: trials * directions)
    tangents = Array(repeating: .nan, count: directions * synapses)
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

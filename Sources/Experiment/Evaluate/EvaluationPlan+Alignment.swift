import Kernels
import Model
import Plasticity
import ResultStore
import Sweep

extension EvaluationPlan {
  /// Why alignment cannot be measured on a target; nil where it can.
  public func alignmentRefusal(_ plan: AlignmentPlan) -> String? {
    targets.lazy.compactMap { target in
      target.configuration.method.reward == .binary
        ? "the reward of \(target.label) is binary and has no derivative, so there is no gradient to be aligned with; "
          + "wanted: reward absolute or squared" : nil
    }.first
  }

  /// Measures alignment of one pair on some networks; all members of the team must call it, and all get every result.
  ///
  /// Every lifetime is that of the pair's own test, bit for bit.
  /// - Returns: by place in `networks`; nil for a rival that has nothing to learn from on the target.
  public func align(
    _ pair: EvaluationPair, _ plan: AlignmentPlan, networks: [Int], level: SIMDLevel, team: any Team
  ) throws -> [NetworkAlignment]? {
    guard refusal(pair) == nil else { return nil }
    let target = targets[pair.target]
    let learner = try target.learner(pair.contender, level: level)
    return try team.spread(networks.count) { place in
      let address = LifetimeAddress(
        seed: target.cell.settings.seed, domain: .evaluation, index: UInt32(networks[place]))
      let outcome = learner.run(address, request: LifetimeRequest(alignment: plan))
      return NetworkAlignment(outcome, plan, method: learner.method)
    }
  }
}

extension EvaluationPair {
  /// A record a point of one network.
  public func records(
    _ alignment: NetworkAlignment, network: Int, plan: AlignmentPlan, level: SIMDLevel
  ) -> [AlignmentRecord] {
    alignment.points.enumerated().map { place, point in
      AlignmentRecord(cell: key) {
        $0.network = UInt32(network)
        $0.point = UInt32(place)
        $0.points = UInt32(alignment.points.count)
        $0.trial = UInt32(point.trial)
        $0.wanted = UInt32(plan.draws)
        $0.draws = UInt32(point.draws)
        $0.divergedAt = Int32(alignment.divergedAt ?? -1)
        $0.simd = UInt8(level.code)
        $0.reward = point.reward
        $0.lateReward = alignment.lateReward
        $0.lateAccuracy = alignment.lateAccuracy
        $0.cosine = point.cosine
        $0.product = point.product
        $0.updateSquare = point.updateSquare
        $0.updateVariance = point.updateVariance
        $0.gradientSquare = point.gradientSquare
        $0.gradientVariance = point.gradientVariance
      }
    }
  }
}

import Model
import Tasks

/// A whole lifetime as the method writes it: slow, obvious, in Double. The fast engines are tested against it and
/// `audit` differences it.
public struct ReferenceLifetime {
  public var inputs: LifetimeInputs
  public var method: Method
  public var rule: Rule

  public init(inputs: LifetimeInputs, method: Method, rule: Rule) {
    self.inputs = inputs
    self.method = method
    self.rule = rule
  }

  /// What every trial left behind.
  public struct Step: Sendable {
    public var reward: Double
    public var baseline: Double
    /// Reward of a run from W - 2 sigma xi of the trial before; R^0 in the first trial, NaN where not asked for.
    public var twin: Double
    /// W^{h+1}, in the order of `TrialRecord.weights`.
    public var weights: [Double]
    /// U^{h+1}_p; empty without tangents.
    public var tangents: [[Double]]
    /// Rdot^h.
    public var rewardTangents: [Double]
    /// <xi^h, U_p^{h+1}>, U before what a sign to keep cuts: what `tangent` and `antithetic` credit.
    public var noiseProducts: [Double]
    /// <xi^h, S_p^h> with S = dmu/dtheta at fixed W, R and Rbar.
    public var scores: [Double]
    /// Tells on which side of its kinks the trial ran: the signs of z - y in the window, which rectified rates were not 0,
    /// which mu were cut and which W. Two runs of one process with equal values lie on the same smooth piece.
    public var branch: Int
  }

  /// Runs until the end or the first diverged trial.
  /// - Parameters:
  ///   - tangents: false for a primal lifetime.
  ///   - coordinates: what tangents are taken by; nil: all coefficients.
  ///   - twins: true for the rewards of the antithetic twins.
  ///   - carried: W^h of another run by trial: at a horizon the weights go on from these instead of their own. A run
  ///     at a shifted theta that carries the weights of the unshifted one differs by exactly what U keeps.
  public func run(
    tangents wantsTangents: Bool = true, coordinates: [RuleCoordinate]? = nil, twins: Bool = false,
    carried: [[Double]]? = nil
  ) -> (steps: [Step], divergedAt: Int?) {
    let mechanisms = Mechanisms(rule.constants, traceMeanBy: method.traceMeanBy)
    let unknown = wantsTangents ? mechanisms.withoutDerivatives : nil
    invariant(unknown == nil, "there are no tangents of \(unknown ?? "a mechanism")")
    let filters = mechanisms.referenceFilters()
    let n = inputs.units
    let directions = wantsTangents ? coordinates ?? rule.thetaCoordinates : []
    let constants = rule.constants
    var weights = inputs.start(method: method)
    let count = weights.count
    let recurrentLearns = method.plastic.contains(.recurrent)
    var u = Array(repeating: Array(repeating: 0.0, count: count), count: directions.count)
    var critic = ReferenceCritic(method.critic)
    var previousNoise: [Double] = []
    /// W^h before it was cut to keep its sign.
    var uncut = weights
    func exists(_ s: Int) -> Bool { s >= n * n || recurrentLearns && inputs.mask.map { $0[s] == 1 } ?? true }
    func keepsSign(_ weight: Double, _ s: Int) -> Bool {
      s >= n * n || inputs.signs.map { $0[s % n] * weight > 0 } ?? true
    }
    var steps: [Step] = []
    /// d constant by the coordinate of a direction; 0 where the direction is another.
    func change(_ constant: LocalConstant, _ direction: RuleCoordinate) -> Double {
      direction == .constant(constant) ? constant.chain(at: constants[constant]) : 0
    }
    for (h, trial) in inputs.trials.enumerated() {
      let before = critic.expected(trial.condition)
      let gate = mechanisms.kickFactor(baseline: before?.value)
      let kickTangents = directions.enumerated().map { p, direction in
        var own = direction == .constant(.amplitude) ? 1.0 : 0
        if let constant = direction.constant {
          own +=
            change(constant, direction) * mechanisms.kickTangent(by: constant, baseline: before?.value)
        }
        return own + mechanisms.kickSlope(baseline: before?.value) * (before?.tangents[p] ?? 0)
      }
      let result = ReferenceTrial(
        inputs, trial, method: method, rule: rule, weights: weights, gateFactor: gate, directions: directions,
        tangents: u, kickTangents: kickTangents)
      let earned = result.earned
      let isFinite = (0..<count).allSatisfy { !exists($0) || result.trace[$0].isFinite }
      guard result.staysWithinBound, earned.isFinite, isFinite else {
        return (steps, h)
      }
      var twin = twins ? earned : Double.nan
      if twins, h > 0 {
        let mirrored = (0..<count).map { s in
          if !exists(s) { return uncut[s] }
          let weight = uncut[s] - 2 * method.weightNoise * previousNoise[s]
          return keepsSign(weight, s) ? weight : 0
        }
        twin =
          ReferenceTrial(inputs, trial, method: method, rule: rule, weights: mirrored, gateFactor: gate)
          .earned
      }
      var trace = result.trace
      var traceTangents = result.traceTangents
      for (filter, own) in filters {
        let slopes = directions.map { direction in own.map { change($0, direction) } ?? 0 }
        (trace, traceTangents) = filter(trace, traceTangents, slopes, trial.condition)
      }
      let judged = critic.judged(result, trial.condition)
      let m = earned - judged.value
      let mdot = zip(result.rewardTangents, judged.tangents).map { $0 - $1 }
      let growth = mechanisms.decay(success: m)
      let growthTangents = directions.enumerated().map { p, direction in
        let own = direction.constant.map {
          change($0, direction) * mechanisms.decayTangent(by: $0, success: m)
        }
        return (own ?? 0) + mechanisms.decaySlope(success: m) * mdot[p]
      }
      let start = method.dropsTangents(after: h) ? carried?[h] ?? weights : weights
      var next = weights
      var nextTangents = u
      if method.dropsTangents(after: h) {
        for p in directions.indices { nextTangents[p] = Array(repeating: 0, count: count) }
      }
      var noiseProducts = Array(repeating: 0.0, count: directions.count)
      var scores = Array(repeating: 0.0, count: rule.theta.count)
      var branch = Hasher()
      branch.combine(result.errorSigns)
      branch.combine(result.activeUnits)
      for s in 0..<count where exists(s) {
        let raw = constants.eta * trace[s] * m - growth * weights[s]
        let open = !(abs(raw) > constants.clip)
        branch.combine(open)
        let mu = open ? raw : raw > 0 ? constants.clip : -constants.clip
        next[s] = start[s] + mu + method.weightNoise * trial.noise[s]
        for (p, direction) in directions.enumerated() {
          nextTangents[p][s] +=
            open
            ? constants.eta * (traceTangents[p][s] * m + trace[s] * mdot[p])
              + change(.eta, direction) * trace[s] * m - growth * u[p][s] - growthTangents[p] * weights[s]
            : (raw > 0 ? 1 : -1) * change(.clip, direction)
        }
        guard open else { continue }
        for p in scores.indices { scores[p] += trial.noise[s] * constants.eta * m * result.direct[p][s] }
      }
      guard next.allSatisfy(\.isFinite) else { return (steps, h) }
      uncut = next
      for s in 0..<count where exists(s) {
        for p in directions.indices { noiseProducts[p] += trial.noise[s] * nextTangents[p][s] }
        let isKept = keepsSign(next[s], s)
        branch.combine(isKept)
        if isKept { continue }
        next[s] = 0
        for p in directions.indices { nextTangents[p][s] = 0 }
      }
      guard next.allSatisfy({ abs($0) <= method.bound }) else { return (steps, h) }
      critic.follow(
        result, trial.condition, judged: judged, rate: constants.baselineRate,
        rateTangents: directions.map { change(.baselineRate, $0) })
      weights = next
      u = nextTangents
      previousNoise = trial.noise
      steps.append(
        Step(
          reward: earned, baseline: judged.value, twin: twin, weights: weights, tangents: u,
          rewardTangents: result.rewardTangents, noiseProducts: noiseProducts, scores: scores,
          branch: branch.finalize()))
    }
    return (steps, nil)
  }
}

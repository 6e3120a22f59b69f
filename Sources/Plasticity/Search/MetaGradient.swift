import Model

/// Runs the lifetimes of one meta-iteration over a team and gathers them.
///
/// Lifetimes are shared out first; if there are more members than lifetimes, those that share one each take a contiguous
/// slice of its tangent directions and run the same primal. Everything is assembled in the order of
/// lifetimes and directions, so bits do not depend on the size of the team.
struct MetaGradient {
  var runner: any LifetimeRunner
  var estimator: Estimator
  var learned: LearnedSet
  var lifetimes: Int
  var seed: UInt64

  func batch(iteration: Int, rule: Rule, team: any Team) throws -> Batch {
    let coordinates = rule.coordinates(learned)
    let shares = try assignments(team.size, directions: coordinates.count)
    var own: [BatchLifetime] = []
    let width = runner.width(of: LifetimeRequest(estimators: [estimator]))
    for group in shares.filter({ $0.member == team.member }).parts(of: width) {
      let jobs = group.map { job($0, iteration: iteration, rule: rule, coordinates) }
      own += runner.run(jobs).map(result)
      try team.pulse()
    }
    let whole = assemble(try team.gather(own, owners: shares.map(\.member)), shares)
    let gradients = estimator == .score ? scoreGradients(whole) : whole.map(\.gradient)
    return Batch(whole, gradients: gradients.map { $0.map { spread($0, coordinates, rule) } })
  }

  /// A gradient by the places of `Parameters`: 0 where a place is not learned.
  private func spread(_ gradient: [Double], _ coordinates: [RuleCoordinate], _ rule: Rule) -> [Double] {
    var result = Array(repeating: 0.0, count: rule.theta.count + LocalConstant.allCases.count)
    for (index, coordinate) in coordinates.enumerated() {
      // That of `score` has all coefficients and no constants.
      let place = rule.place(of: coordinate)
      result[place] = gradient[estimator == .score ? place : index]
    }
    return result
  }

  /// One lifetime, or one slice of its directions, for one member.
  struct Share: Equatable {
    var lifetime: Int
    var member: Int
    var directions: Range<Int>
  }

  /// Who runs what, ordered by lifetime, then by direction.
  func assignments(_ size: Int, directions: Int) throws -> [Share] {
    var shares: [Share] = []
    for lifetime in 0..<lifetimes {
      let members =
        size <= lifetimes || !estimator.needsTangents
        ? [lifetime % size] : Array(stride(from: lifetime, to: size, by: lifetimes))
      let slices = min(members.count, directions)
      for slice in 0..<slices {
        shares.append(
          Share(
            lifetime: lifetime, member: members[slice],
            directions: directions * slice / slices..<directions * (slice + 1) / slices))
      }
    }
    return shares
  }

  private func address(_ iteration: Int, _ lifetime: Int) -> LifetimeAddress {
    LifetimeAddress(seed: seed, domain: .training, index: UInt32(iteration * lifetimes + lifetime))
  }

  private func job(
    _ share: Share, iteration: Int, rule: Rule, _ coordinates: [RuleCoordinate]
  ) -> LifetimeJob {
    LifetimeJob(
      address(iteration, share.lifetime), rule,
      LifetimeRequest(estimators: [estimator], coordinates: coordinates, directions: share.directions))
  }

  private func result(_ outcome: LifetimeOutcome) -> BatchLifetime {
    var result = BatchLifetime(outcome, runner.method)
    if estimator == .score {
      result.rewards = outcome.rewards
      result.scoreProducts = outcome.scoreProducts
    } else if !result.diverged {
      result.gradient = outcome.gradients[estimator]
    }
    return result
  }

  /// Puts the slices of every lifetime together; a lifetime has no gradient if one of its slices has none.
  private func assemble(_ slices: [BatchLifetime], _ shares: [Share]) -> [BatchLifetime] {
    var whole: [BatchLifetime] = []
    for (slice, share) in zip(slices, shares) {
      if share.lifetime == whole.count {
        whole.append(slice)
      } else if let start = whole[share.lifetime].gradient, let rest = slice.gradient {
        whole[share.lifetime].gradient = start + rest
      } else {
        whole[share.lifetime].gradient = nil
      }
    }
    return whole
  }

  private func scoreGradients(_ lifetimes: [BatchLifetime]) -> [[Double]?] {
    let baselines = ScoreEstimate.leaveOneOut(lifetimes.map { $0.diverged ? nil : $0.rewards })
    return zip(lifetimes, baselines).map { own, baseline in
      guard !own.diverged else { return nil }
      let gradient = ScoreEstimate.gradient(
        rewards: own.rewards, baselines: baseline, products: own.scoreProducts)
      return gradient.allSatisfy(\.isFinite) ? gradient : nil
    }
  }
}

import Model

/// What a meta-iteration's batch says about theta: per-lifetime rewards and gradients, in the order of the lifetimes.
struct Batch {
  /// J of each lifetime, diverged ones at their score.
  var scores: [Double]
  var lateRewards: [Double]
  var lateAccuracies: [Double]
  var diverged: [Bool]
  /// Gradient of each lifetime; nil where it diverged or is not finite.
  var gradients: [[Double]?]
  /// What the clip bounds, by gradient: |J+ - J-| of a pair for `evolution`; nil for the norms of the gradients.
  var sizes: [Double]?
  /// Lifetimes run, twins and perturbed runs included as they are one each.
  var lifetimes: Int

  /// Lifetimes whose gradient was lost though they did not diverge.
  var dropped: Int {
    diverged.count == gradients.count ? zip(diverged, gradients).count { !$0 && $1 == nil } : 0
  }

  /// The gradients there are, each with its size.
  var sized: [(gradient: [Double], size: Double)] {
    gradients.indices.compactMap { index in
      guard let gradient = gradients[index] else { return nil }
      return (gradient, sizes?[index] ?? gradient.reduce(0) { $0 + $1 * $1 }.squareRoot())
    }
  }
}

/// Runs the lifetimes of one meta-iteration over a team and gathers them.
///
/// Lifetimes go over the members first; where there are more members than lifetimes, those that share one take a
/// contiguous slice of its tangent directions each and run the same primal. Everything is assembled in the order of
/// lifetimes and directions, so bits do not depend on the size of the team.
struct MetaGradient {
  var runner: any LifetimeRunner
  var estimator: GradientEstimator
  var lifetimes: Int
  var seed: UInt64

  func batch(iteration: Int, rule: Rule, team: any Team) throws -> Batch {
    let shares = try assignments(team.size, directions: rule.theta.count)
    var own: [Double] = []
    for share in shares where share.member == team.member {
      own += encode(run(share, iteration: iteration, rule: rule), share)
      try team.pulse()
    }
    return assemble(try team.gather(own), shares, directions: rule.theta.count)
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

  private func run(_ share: Share, iteration: Int, rule: Rule) -> LifetimeOutcome {
    runner.run(
      address(iteration, share.lifetime), rule: rule,
      request: LifetimeRequest(estimators: [estimator], directions: share.directions))
  }

  /// J, late reward, late accuracy, diverged, has a gradient; then the gradient, or for `score` R and the products.
  private func encode(_ outcome: LifetimeOutcome, _ share: Share) -> [Double] {
    let method = runner.method
    let diverged = outcome.divergedAt != nil
    var numbers = [
      outcome.score(method.reward), outcome.lateReward(method), outcome.lateAccuracy(method),
      diverged ? 1 : 0,
    ]
    if estimator == .score {
      return numbers + outcome.rewards + outcome.scoreProducts
    }
    let gradient = diverged ? nil : outcome.gradients[estimator]
    numbers.append(gradient == nil ? 0 : 1)
    return numbers + (gradient ?? Array(repeating: 0, count: share.directions.count))
  }

  private func assemble(_ gathered: [[Double]], _ shares: [Share], directions: Int) -> Batch {
    var batch = Batch(
      scores: [], lateRewards: [], lateAccuracies: [], diverged: [], gradients: [], lifetimes: lifetimes)
    var places = Array(repeating: 0, count: gathered.count)
    var rewards: [[Double]?] = []
    var products: [[Double]] = []
    let trials = runner.method.trials
    for share in shares {
      let width =
        estimator == .score ? 4 + trials + trials * directions : 5 + share.directions.count
      let start = places[share.member]
      let numbers = Array(gathered[share.member][start..<start + width])
      places[share.member] += width
      let isFirstSlice = share.lifetime == batch.scores.count
      if isFirstSlice {
        batch.scores.append(numbers[0])
        batch.lateRewards.append(numbers[1])
        batch.lateAccuracies.append(numbers[2])
        batch.diverged.append(numbers[3] == 1)
      }
      if estimator == .score {
        rewards.append(numbers[3] == 1 ? nil : Array(numbers[4..<4 + trials]))
        products.append(Array(numbers[(4 + trials)...]))
      } else {
        let slice = numbers[4] == 1 ? Array(numbers[5...]) : nil
        if isFirstSlice {
          batch.gradients.append(slice)
        } else if let so_far = batch.gradients[share.lifetime], let slice {
          batch.gradients[share.lifetime] = so_far + slice
        } else {
          batch.gradients[share.lifetime] = nil
        }
      }
    }
    if estimator == .score { batch.gradients = scoreGradients(rewards, products) }
    return batch
  }

  private func scoreGradients(_ rewards: [[Double]?], _ products: [[Double]]) -> [[Double]?] {
    let baselines = ScoreEstimate.leaveOneOut(rewards)
    return rewards.indices.map { index in
      guard let own = rewards[index] else { return nil }
      let gradient = ScoreEstimate.gradient(
        rewards: own, baselines: baselines[index], products: products[index])
      return gradient.allSatisfy(\.isFinite) ? gradient : nil
    }
  }
}

import Model

/// The black-box yardstick: mean over pairs of eps (J(theta + 0.1 eps) - J(theta - 0.1 eps)) / 0.2, both lifetimes of a
/// pair on the same network and noise. A diverged lifetime counts with its score, and no J counts for less. The clip
/// bounds |J+ - J-|, so it limits the effect of a lucky network, and not that of a long eps.
struct Evolution {
  static let spread = 0.1
  var runner: any LifetimeRunner
  var learned: LearnedSet
  /// B; B/2 pairs.
  var lifetimes: Int
  var seed: UInt64

  func batch(iteration: Int, rule: Rule, parameters: Parameters, team: any Team) throws -> Batch {
    let method = runner.method
    let width = runner.width(of: LifetimeRequest())
    let results = try team.spread(lifetimes, groupsOf: width) { group in
      let jobs = group.map { index in
        let direction = self.direction(iteration, index / 2, rule)
        let sign = index % 2 == 0 ? Self.spread : -Self.spread
        let shifted = Parameters(values: zip(parameters.values, direction).map { $0 + sign * $1 })
        return LifetimeJob(address(iteration, index / 2), shifted.applied(to: rule, learned: learned))
      }
      return runner.run(jobs).map { outcome in
        var result = BatchLifetime(outcome, method)
        result.score = max(result.score, method.reward.divergedScore)
        return result
      }
    }
    let differences = (0..<lifetimes / 2).map { results[2 * $0].score - results[2 * $0 + 1].score }
    let gradients = differences.indices.map { pair in
      direction(iteration, pair, rule).map { $0 * (differences[pair] / (2 * Self.spread)) }
    }
    return Batch(results, gradients: gradients, sizes: differences.map { abs($0) })
  }

  private func address(_ iteration: Int, _ pair: Int) -> LifetimeAddress {
    LifetimeAddress(seed: seed, domain: .training, index: UInt32(iteration * (lifetimes / 2) + pair))
  }

  /// eps of a pair: N(0, 1) at the learned coordinates, 0 elsewhere.
  private func direction(_ iteration: Int, _ pair: Int, _ rule: Rule) -> [Double] {
    var stream = address(iteration, pair).stream(.parameterNoise)
    return learned.mask(count: rule.theta.count).map { $0 ? Double(stream.normal()) : 0 }
  }
}

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

  init(_ lifetimes: [BatchLifetime], gradients: [[Double]?], sizes: [Double]? = nil) {
    scores = lifetimes.map(\.score)
    lateRewards = lifetimes.map(\.lateReward)
    lateAccuracies = lifetimes.map(\.lateAccuracy)
    diverged = lifetimes.map(\.diverged)
    self.gradients = gradients
    self.sizes = sizes
    self.lifetimes = lifetimes.count
  }

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

/// What one lifetime of a batch, or one slice of its directions, gave: sent from member to member.
struct BatchLifetime: TeamRow {
  /// J, a diverged lifetime at its score.
  var score = 0.0
  var lateReward = 0.0
  var lateAccuracy = 0.0
  var diverged = false
  /// By the directions of the slice; nil where the lifetime diverged, the gradient is not finite or none is made of one
  /// lifetime alone.
  var gradient: [Double]?
  /// R^h and <xi^h, S_p^h> / sigma, for `score` alone.
  var rewards: [Double] = []
  var scoreProducts: [Double] = []

  static var fields: [TeamField<Self>] {
    [
      .number(\.score), .number(\.lateReward), .number(\.lateAccuracy), .flag(\.diverged),
      .optionalNumbers(\.gradient), .numbers(\.rewards), .numbers(\.scoreProducts),
    ]
  }

  init() {}

  /// Without a gradient.
  init(_ outcome: LifetimeOutcome, _ method: Method) {
    score = outcome.score(method.reward)
    lateReward = outcome.lateReward(method)
    lateAccuracy = outcome.lateAccuracy(method)
    diverged = outcome.divergedAt != nil
  }
}

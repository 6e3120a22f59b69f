import Model

/// The batch of a meta-iteration: rewards and gradients of every lifetime, in the order of the lifetimes.
struct Batch {
  /// J of each lifetime; for diverged ones their score.
  var scores: [Double]
  var lateRewards: [Double]
  var lateAccuracies: [Double]
  var diverged: [Bool]
  /// Gradient of each lifetime; nil where it diverged or is not finite.
  var gradients: [[Double]?]
  /// What the clip bounds, by gradient: |J+ - J-| of a pair for `evolution`; nil for the norms of the gradients.
  var sizes: [Double]?
  /// Lifetimes that were run; a perturbed run counts as one.
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

  /// The gradients that exist, each with its size.
  var sized: [(gradient: [Double], size: Double)] {
    gradients.indices.compactMap { index in
      guard let gradient = gradients[index] else { return nil }
      return (gradient, sizes?[index] ?? gradient.reduce(0) { $0 + $1 * $1 }.squareRoot())
    }
  }
}

/// The results of one lifetime of a batch, or of one slice of its directions; members send them to each other.
struct BatchLifetime: TeamRow {
  /// J; for a diverged lifetime its score.
  var score = 0.0
  var lateReward = 0.0
  var lateAccuracy = 0.0
  var diverged = false
  /// By the directions of the slice; nil if the lifetime diverged, if the gradient is not finite, and for estimators that
  /// need several lifetimes for one gradient.
  var gradient: [Double]?
  /// R^h and <xi^h, S_p^h> / sigma, only for `score`.
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

import Model

/// What one lifetime gave.
public struct LifetimeOutcome: Sendable, Equatable {
  /// R^h, H of them; NaN from `divergedAt` on.
  public var rewards: [Double]
  /// Accuracy of every trial; 0 from `divergedAt` on.
  public var accuracies: [Double]
  /// Whether the shortcut is of no help, for every trial that was run; nil where the task has no such trials.
  public var incongruent: [Bool]?
  /// First trial that was not finite or left the bound; nil for a lifetime that did not diverge.
  public var divergedAt: Int?
  /// What the kicks of the last trial that began were multiplied by.
  public var lastKickFactor = 1.0
  /// The estimates asked for, by the directions asked for; empty for a primal or a diverged lifetime. An estimate that
  /// is not finite is left out.
  public var gradients: [Estimator: [Double]]
  /// For `score`: <xi^h, S_p^h> / sigma, H x P. Empty otherwise.
  public var scoreProducts: [Double]
  /// Where it was asked for, at every point that came before a divergence.
  public var alignment: [AlignmentPoint] = []

  public init(trials: Int) {
    rewards = Array(repeating: .nan, count: trials)
    accuracies = Array(repeating: 0, count: trials)
    gradients = [:]
    scoreProducts = []
  }

  /// J: the mean reward, or the score of a diverged lifetime.
  public func score(_ kind: RewardKind) -> Double {
    divergedAt == nil ? rewards.mean() : kind.divergedScore
  }

  /// Mean reward of the late trials, or the score of a diverged lifetime.
  public func lateReward(_ method: Method) -> Double {
    divergedAt == nil ? rewards[method.firstLateTrial...].mean() : method.reward.divergedScore
  }

  /// Mean accuracy of the late trials; 0 for a diverged lifetime.
  public func lateAccuracy(_ method: Method) -> Double {
    divergedAt == nil ? accuracies[method.firstLateTrial...].mean() : 0
  }

  /// Mean accuracy of the late trials on which the shortcut is of no help; 0 for a diverged lifetime, nil where there
  /// are none.
  public func lateIncongruentAccuracy(_ method: Method) -> Double? {
    guard let incongruent else { return nil }
    guard divergedAt == nil else { return 0 }
    let trials = (method.firstLateTrial..<accuracies.count).filter { incongruent[$0] }
    guard !trials.isEmpty else { return nil }
    return trials.reduce(0) { $0 + accuracies[$1] } / Double(trials.count)
  }
}

/// Everything that went in and came out of one trial, widened to Double and in the method's own (untransposed) order.
public struct TrialRecord: Sendable {
  public var initial: [Double]  // x_0, N
  public var trial: [Double]  // u, T x M
  public var target: [Double]  // y, T x K
  public var window: Range<Int>
  public var condition: Int
  public var noise: [Double]  // xi^h, in the order of `weights`
  public var kicks: [Double]  // T x N
  public var reward: Double
  public var baseline: Double  // Rbar_c as used
  public var weights: [Double]  // W^{h+1}, N x N; then Win, N x M, and Wout, K x N, where they learn
  public var tangents: [Double]  // U^{h+1}, directions x as many; see `LifetimeRequest.recordsAllTangents`
  public var rewardTangents: [Double]  // Rdot^h
  public var twinReward: Double  // reward of the antithetic twin; R^0 in the first trial, NaN without twins
}

/// What a lifetime is asked for beyond its rewards.
public struct LifetimeRequest: Sendable, Equatable {
  /// Estimates to make; empty for a primal lifetime.
  public var estimators: Set<Estimator>
  /// What is differentiated by; nil: all coefficients of the rule.
  public var coordinates: [RuleCoordinate]?
  /// Those of the coordinates that U is propagated for.
  public var directions: Range<Int>
  /// True: every `TrialRecord` holds U; false: only that of the last trial does.
  public var recordsAllTangents: Bool
  /// True: every trial is run a second time for its antithetic twin, also where no estimator needs it.
  public var twins: Bool
  /// Weights to take over from another run of the same lifetime; nil for those of its own.
  public var path: WeightPath?
  /// Where and how often to measure alignment, in a primal lifetime without twins; nil for never.
  public var alignment: AlignmentPlan?

  public init(
    estimators: Set<Estimator> = [], coordinates: [RuleCoordinate]? = nil,
    directions: Range<Int> = 0..<0, recordsAllTangents: Bool = false, path: WeightPath? = nil,
    twins: Bool = false, alignment: AlignmentPlan? = nil
  ) {
    self.estimators = estimators
    self.coordinates = coordinates
    self.directions = directions
    self.recordsAllTangents = recordsAllTangents
    self.path = path
    self.twins = twins
    self.alignment = alignment
  }

  /// The directions asked for.
  func coordinates(of rule: Rule) -> [RuleCoordinate] {
    Array((coordinates ?? rule.thetaCoordinates)[directions])
  }

  /// The same without gradients, records of them and a path.
  var primal: LifetimeRequest { LifetimeRequest(twins: twins, alignment: alignment) }

  var needsTangents: Bool { estimators.contains { $0.needsTangents } }
  var needsTwin: Bool { twins || estimators.contains(.antithetic) }
}

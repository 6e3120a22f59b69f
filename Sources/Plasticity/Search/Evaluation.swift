import Model

/// How one fresh network fared under one rule.
public struct NetworkEvaluation: Sendable, Equatable {
  public static let bins = 20
  public var divergedAt: Int?
  /// Trials, counted from 1, up to the first that ends a stretch which meets the criterion; nil where none does.
  public var trialsToCriterion: Int?
  /// J, and mean accuracy over all trials.
  public var reward: Double
  public var accuracy: Double
  public var lateReward: Double
  public var lateAccuracy: Double
  /// Means over `bins` equal parts of the lifetime; NaN for an empty part.
  public var rewardCurve: [Double]
  public var accuracyCurve: [Double]
  /// Late accuracy over the trials on which the shortcut is of no help; nil where there are none.
  public var lateIncongruentAccuracy: Double?

  public init(
    divergedAt: Int?, trialsToCriterion: Int?, reward: Double, accuracy: Double, lateReward: Double,
    lateAccuracy: Double, rewardCurve: [Double], accuracyCurve: [Double],
    lateIncongruentAccuracy: Double? = nil
  ) {
    self.divergedAt = divergedAt
    self.trialsToCriterion = trialsToCriterion
    self.reward = reward
    self.accuracy = accuracy
    self.lateReward = lateReward
    self.lateAccuracy = lateAccuracy
    self.rewardCurve = rewardCurve
    self.accuracyCurve = accuracyCurve
    self.lateIncongruentAccuracy = lateIncongruentAccuracy
  }

  /// - Parameter criterion: `correct` of the last `of` trials.
  public init(_ outcome: LifetimeOutcome, method: Method, criterion: (correct: Int, of: Int)) {
    divergedAt = outcome.divergedAt
    reward = outcome.score(method.reward)
    let worst = method.reward.divergedScore
    accuracy = outcome.divergedAt == nil ? average(outcome.accuracies) : 0
    lateReward = outcome.lateReward(method)
    lateAccuracy = outcome.lateAccuracy(method)
    rewardCurve = Self.curve(outcome.rewards.map { $0.isNaN ? worst : $0 })
    accuracyCurve = Self.curve(outcome.accuracies)
    lateIncongruentAccuracy = outcome.lateIncongruentAccuracy(method)
    trialsToCriterion = Self.criterion(outcome, criterion.correct, criterion.of)
  }

  private static func curve(_ values: [Double]) -> [Double] {
    (0..<bins).map { bin in
      let part = values[values.count * bin / bins..<values.count * (bin + 1) / bins]
      return part.isEmpty ? .nan : part.reduce(0, +) / Double(part.count)
    }
  }

  /// The number of trials up to the first that ends `length` trials whose accuracies sum to at least `correct`.
  private static func criterion(_ outcome: LifetimeOutcome, _ correct: Int, _ length: Int) -> Int? {
    var sum = 0.0
    for h in 0..<(outcome.divergedAt ?? outcome.accuracies.count) {
      sum += outcome.accuracies[h]
      if h >= length { sum -= outcome.accuracies[h - length] }
      // Accuracies are shares of small counts: a sum can miss a whole number by rounding.
      if h + 1 >= length, sum >= Double(correct) - 1e-9 { return h + 1 }
    }
    return nil
  }
}

/// Tests rules on networks that neither training nor validation has met.
public struct Evaluation {
  public var runner: any LifetimeRunner
  public var seed: UInt64
  public var criterion: (correct: Int, of: Int)

  public init(runner: any LifetimeRunner, seed: UInt64, criterion: (correct: Int, of: Int)) {
    self.runner = runner
    self.seed = seed
    self.criterion = criterion
  }

  /// The evaluation of `rule` on networks `range`, spread over the team.
  public func evaluate(_ rule: Rule, networks range: Range<Int>, team: any Team) throws -> [NetworkEvaluation]
  {
    try Self.evaluate(
      RuleLearner(runner, rule: rule), seed: seed, criterion: criterion, networks: range, team: team)
  }

  /// The evaluation of any learner on evaluation networks `range` of `seed`, spread over the team.
  public static func evaluate(
    _ learner: any Learner, seed: UInt64, criterion: (correct: Int, of: Int), networks range: Range<Int>,
    team: any Team
  ) throws -> [NetworkEvaluation] {
    try team.spread(range.count) { index in
      let address = LifetimeAddress(
        seed: seed, domain: .evaluation, index: UInt32(range.lowerBound + index))
      return NetworkEvaluation(learner.run(address), method: learner.method, criterion: criterion)
    }
  }
}

extension NetworkEvaluation: TeamRow {
  public init() {
    self.init(
      divergedAt: nil, trialsToCriterion: nil, reward: 0, accuracy: 0, lateReward: 0, lateAccuracy: 0,
      rewardCurve: [], accuracyCurve: [])
  }

  public static var fields: [TeamField<Self>] {
    [
      .optionalCount(\.divergedAt), .optionalCount(\.trialsToCriterion), .number(\.reward),
      .number(\.accuracy), .number(\.lateReward), .number(\.lateAccuracy), .numbers(\.rewardCurve),
      .numbers(\.accuracyCurve), .optionalNumber(\.lateIncongruentAccuracy),
    ]
  }
}

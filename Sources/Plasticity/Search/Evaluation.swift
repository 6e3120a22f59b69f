import Model

extension NetworkEvaluation {
  /// - Parameter criterion: `correct` of the last `of` trials.
  public init(_ outcome: LifetimeOutcome, method: Method, criterion: (correct: Int, of: Int)) {
    self.init()
    divergedAt = outcome.divergedAt
    reward = outcome.score(method.reward)
    let worst = method.reward.divergedScore
    accuracy = outcome.divergedAt == nil ? outcome.accuracies.mean() : 0
    lateReward = outcome.lateReward(method)
    lateAccuracy = outcome.lateAccuracy(method)
    rewardCurve = Self.curve(outcome.rewards.map { $0.isNaN ? worst : $0 })
    accuracyCurve = Self.curve(outcome.accuracies)
    lateIncongruentAccuracy = outcome.lateIncongruentAccuracy(method)
    trialsToCriterion = Self.criterion(outcome, criterion.correct, criterion.of)
  }

  private static func curve(_ values: [Double]) -> [Double] {
    (0..<bins).map { bin in
      values[values.count * bin / bins..<values.count * (bin + 1) / bins].mean()
    }
  }

  /// The number of trials up to the first that ends `length` trials whose accuracies sum to at least `correct`.
  private static func criterion(_ outcome: LifetimeOutcome, _ correct: Int, _ length: Int) -> Int? {
    var sum = 0.0
    for h in 0..<(outcome.divergedAt ?? outcome.accuracies.count) {
      sum += outcome.accuracies[h]
      if h >= length { sum -= outcome.accuracies[h - length] }
      // Accuracies are fractions of small counts, so rounding can make a sum miss a whole number.
      if h + 1 >= length, sum >= Double(correct) - 1e-9 { return h + 1 }
    }
    return nil
  }
}

/// Tests rules on networks that neither training nor validation uses.
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
    let request = LifetimeRequest()
    return try team.spread(range.count, groupsOf: learner.width(of: request)) { group in
      let addresses = group.map {
        LifetimeAddress(seed: seed, domain: .evaluation, index: UInt32(range.lowerBound + $0))
      }
      return learner.run(addresses, request: request).map {
        NetworkEvaluation($0, method: learner.method, criterion: criterion)
      }
    }
  }
}

extension NetworkEvaluation: TeamRow {
  public static var fields: [TeamField<Self>] {
    [
      .optionalCount(\.divergedAt), .optionalCount(\.trialsToCriterion), .number(\.reward),
      .number(\.accuracy), .number(\.lateReward), .number(\.lateAccuracy), .numbers(\.rewardCurve),
      .numbers(\.accuracyCurve), .optionalNumber(\.lateIncongruentAccuracy),
    ]
  }
}

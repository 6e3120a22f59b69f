import Model
import Tasks
import Testing

@testable import Plasticity

/// How a lifetime's trials become the numbers of a table.
@Suite struct EvaluationTests {
  private func evaluate(
    _ accuracies: [Double], rewards: [Double]? = nil, divergedAt: Int? = nil, criterion: (Int, Int) = (4, 5),
    reward: RewardKind = .absolute
  ) -> NetworkEvaluation {
    let method = Method(trials: accuracies.count, reward: reward)
    var outcome = LifetimeOutcome(trials: accuracies.count)
    outcome.accuracies = accuracies
    outcome.rewards = rewards ?? accuracies.map { $0 - 1 }
    outcome.divergedAt = divergedAt
    return NetworkEvaluation(outcome, method: method, criterion: criterion)
  }

  /// The first trial, counted from 1, that ends 5 trials with at least 4 right.
  @Test(
    arguments: [
      ([1, 1, 1, 1, 1, 1], 5), ([0, 1, 1, 1, 1, 0], 5), ([1, 1, 0, 1, 1], 5), ([0, 0, 1, 1, 1, 1], 6),
      ([1, 1, 1, 0, 0, 1, 1, 1, 0, 1], 10), ([1, 1, 1, 1], nil), ([0, 1, 0, 1, 0, 1, 0, 1], nil),
      ([0, 0, 0, 0, 0], nil),
    ] as [([Double], Int?)])
  func criterion(accuracies: [Double], expected: Int?) {
    #expect(evaluate(accuracies).trialsToCriterion == expected)
  }

  @Test func criterionEdges() {
    #expect(evaluate([1], criterion: (1, 1)).trialsToCriterion == 1)
    #expect(evaluate([0, 1], criterion: (1, 1)).trialsToCriterion == 2)
    #expect(evaluate([0, 0], criterion: (0, 2)).trialsToCriterion == 2)
    #expect(evaluate([1, 1, 1], criterion: (4, 3)).trialsToCriterion == nil)
    // Shares add up: ten thirds and a bit of rounding are 10/3, and 12 of 0.1 + ... still meet a whole number.
    #expect(evaluate(Array(repeating: 0.1, count: 20), criterion: (1, 10)).trialsToCriterion == 10)
    #expect(evaluate(Array(repeating: 1.0 / 3, count: 9), criterion: (3, 9)).trialsToCriterion == 9)
    #expect(evaluate(Array(repeating: 0.3333, count: 9), criterion: (3, 9)).trialsToCriterion == nil)
  }

  /// Trials from the divergence on do not count, and there may be none before it.
  @Test func divergence() {
    let rewards = [-0.5, -0.5, .nan, .nan, .nan]
    let late = evaluate([1, 1, 0, 0, 0], rewards: rewards, divergedAt: 2, criterion: (2, 2))
    #expect(late.trialsToCriterion == 2 && late.divergedAt == 2)
    #expect(late.reward == -2 && late.lateReward == -2 && late.accuracy == 0 && late.lateAccuracy == 0)
    #expect(
      evaluate([1, 1, 0, 0, 0], rewards: rewards, divergedAt: 2, criterion: (3, 3)).trialsToCriterion == nil)
    let atOnce = evaluate([0, 0], rewards: [.nan, .nan], divergedAt: 0, criterion: (0, 1))
    #expect(atOnce.trialsToCriterion == nil && atOnce.reward == -2)
    #expect(evaluate([0, 0], rewards: [.nan, .nan], divergedAt: 0, reward: .binary).reward == 0)
    #expect(late.rewardCurve.filter { !$0.isNaN } == [-0.5, -0.5, -2, -2, -2])
  }

  /// Late trials alone count, of them those on which the shortcut is of no help; a divergence loses them all.
  @Test func incongruentTrials() {
    let method = Method(trials: 20)
    var outcome = LifetimeOutcome(trials: 20)
    outcome.rewards = Array(repeating: -1, count: 20)
    outcome.accuracies = Array(repeating: 1, count: 16) + [0, 1, 1, 0]
    func found() -> Double? {
      NetworkEvaluation(outcome, method: method, criterion: (1, 1)).lateIncongruentAccuracy
    }
    #expect(found() == nil)
    outcome.incongruent = Array(repeating: true, count: 16) + [true, false, true, true]
    #expect(found() == 1.0 / 3)
    outcome.incongruent = Array(repeating: true, count: 16) + Array(repeating: false, count: 4)
    #expect(found() == nil, "no late trial is one")
    outcome.incongruent = [true]
    outcome.divergedAt = 1
    #expect(found() == 0)
  }

  /// Every lifetime of a task with such trials says which they were, whatever learns; the others say nothing.
  @Test func lifetimesSayWhichTrialsAreIncongruent() throws {
    let task = try TaskCatalogue.make(
      name: "context-integration", form: "full", time: TimeGrid(step: 15, trial: 360))
    let method = Method(units: 8, trials: 200)
    let address = LifetimeAddress(seed: 1, domain: .evaluation, index: 0)
    let rule = Rule(degree: 1, theta: [0, 0, 0, -0.1])
    let ours = task.runner(method, double: true, level: .highest).run(address, rule: rule)
    let rival = RivalRule.nodePerturbation
    let constants = LocalConstants()
    let theirs = try task.runner(rival, method, constants: constants, double: true, level: .highest)
      .run(address, rule: rival.rule(gain: rival.standardGain, scale: 1, constants: constants))
    let count = try #require(ours.incongruent?.count { $0 })
    #expect(ours.incongruent?.count == 200)
    // A fair coin: 100 +- 7.
    #expect((65...135).contains(count))
    #expect(theirs.incongruent == ours.incongruent)
    let other = try TaskCatalogue.make(
      name: "cue-association", form: "full", time: TimeGrid(step: 15, trial: 360))
    #expect(
      other.runner(method, double: true, level: .highest).run(address, rule: rule).incongruent == nil)
  }

  /// Late is the last fifth, rounded down, at least one trial.
  @Test(arguments: [(1, 1), (4, 1), (5, 1), (9, 1), (10, 2), (14, 2), (200, 40)])
  func lateTrials(trials: Int, late: Int) {
    let accuracies = (0..<trials).map { $0 >= trials - late ? 1.0 : 0 }
    let result = evaluate(accuracies)
    #expect(result.lateAccuracy == 1 && result.lateReward == 0)
    #expect(abs(result.accuracy - Double(late) / Double(trials)) < 1e-15)
  }

  /// Twenty means over equal parts; with fewer trials some parts are empty.
  @Test func curves() {
    let even = evaluate((0..<40).map { Double($0) })
    #expect(even.accuracyCurve == (0..<20).map { 2 * Double($0) + 0.5 })
    let few = evaluate([1, 0, 1])
    #expect(few.accuracyCurve.count == 20 && few.accuracyCurve.filter { !$0.isNaN } == [1, 0, 1])
  }

  /// What a member sends of an evaluation comes back whole.
  @Test func travelsThroughATeam() throws {
    let runner = ScriptedRunner(reward: { _, address in address.index == 1 ? nil : -0.25 })
    let results = try Evaluation(runner: runner, seed: 1, criterion: (1, 2)).evaluate(
      Rule(degree: 0, theta: [0]), networks: 0..<3, team: Solo())
    #expect(results.map(\.divergedAt) == [nil, 1, nil])
    #expect(results.map(\.trialsToCriterion) == [2, nil, 2])
    #expect(results.map(\.reward) == [-0.25, -2, -0.25])
  }
}

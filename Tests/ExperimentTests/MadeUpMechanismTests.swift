import Model
import Plasticity
import ResultStore
import Sweep
import Testing

@testable import Experiment

/// A mechanism that nobody has: W decays by the size of the success. All there is to it is said here.
private struct Fatigue: Mechanism {
  static let name = "fatigue"
  static let constants = [
    LocalConstant.Declaration(
      "fatigue", in: "rule", standard: 0, .notNegative, learners: .threeFactor, recordVersion: 2,
      "made up: share of W lost per unit of |R - Rbar|")
  ]

  private let rate: Double

  init?(_ constants: LocalConstants, traceMeanBy: TraceMeanGroup) {
    rate = constants[LocalConstant(declared: "fatigue")]
    if rate == 0 { return nil }
  }

  func decay(success m: Double) -> Double { rate * m.magnitude }
  func decaySlope(success m: Double) -> Double { m < 0 ? -rate : rate }
}

/// What one file says about a mechanism is all that the rest of the program needs. Each test is a process of its own,
/// which has the made-up mechanism from its first line on.
@Suite struct MadeUpMechanismTests {
  /// Settings, sweep files, what a search may learn, records, rule files, contenders, rivals of a comparison.
  @Test
  func oneFileIsAll() async {
    await #expect(processExitsWith: .success) {
      Mechanisms.add(Fatigue.self)
      let fatigue = LocalConstant(declared: "fatigue")
      let schema = SettingsSchema.trifactor
      #expect(schema.reference(containing: "rule.fatigue").contains("made up: share of W lost"))

      // A sweep file sets it, an axis runs over it, and a search learns it.
      let text = """
        base:
          trials: 6
          network: {units: 6}
          rule: {degree: 1}
          meta: {estimator: evolution, learn: [theta, fatigue], iterations: 2, lifetimes: 2, validation-networks: 1}
          evaluation: {networks: 1, criterion: {correct: 2, of: 3}}
        axes:
          rule.fatigue: [0.05, 0.1]
        """
      let file = try SweepFile(bytes: Array(text.utf8), file: "made-up.yaml", schema: schema) { _ in [] }
      #expect(file.cells.map(\.settings.constants[fatigue]) == [0.05, 0.1])
      #expect(Set(file.cells.map(\.key)).count == 2)
      #expect(file.cells[1].coordinates == [Coordinate(path: "rule.fatigue", value: "0.1")])

      // What was learned comes back out of the records.
      var parts = [IterationRecord]()
      var ends = [ResultRecord]()
      let work = try Workshop(level: .baseline, launch: 0, rank: 0).begin(file.cells[1], from: nil)
      var progress = try work.advance(in: Solo())
      while true {
        for record in progress.records {
          if record.kind == .iteration { parts.append(try IterationRecord(record)) }
          if record.kind == .result { ends.append(try ResultRecord(record)) }
        }
        if progress.finished { break }
        progress = try work.advance(in: Solo())
      }
      #expect(progress.status == .done && parts.count == 2)
      #expect(parts.allSatisfy { $0.constants.count == LocalConstant.allCases.count })
      let last = try #require(parts.last)
      let end = try #require(ends.first)
      let learned = last.constants[fatigue.rawValue]
      #expect(learned > 0 && learned != 0.1)
      #expect(end.constants.count == LocalConstant.allCases.count)

      // A rule file has it, a contender takes it, and the search of a comparison tunes it.
      let rule = RuleFile(degree: 1, theta: [0, 0, 0, 0.3], constants: [fatigue: learned])
      #expect(rule.text.contains("fatigue: "))
      let back = try RuleFile(bytes: Array(rule.text.utf8), file: "made-up-rule.yaml")
      #expect(back.constants == [fatigue: learned])
      let rival = RivalSearch(
        name: "made-up-rule.yaml", kind: .rule(degree: 1, theta: back.theta), constants: back.constants)
      let search = try rival.settings(against: Settings(), start: 1, lifetimes: 100)
      #expect(search.constants[fatigue] == learned && search.meta.learn.contains("fatigue"))
      // A learner without it does not get it from the configuration.
      let other = RivalSearch(name: "bptt", kind: .rival(.bptt))
      #expect(
        try other.settings(against: file.cells[0].settings, start: 1, lifetimes: 100).constants[fatigue] == 0)
    }
  }

  /// The lifetimes of both engines have it, and it moves W.
  @Test
  func lifetimesHaveIt() async {
    await #expect(processExitsWith: .success) {
      Mechanisms.add(Fatigue.self)
      let task = try CellConfiguration(Settings()).tasks[0]
      let method = Method(units: 8, trials: 12, horizon: nil)
      var rule = Rule(degree: 1, theta: [0.1, 0.2, -0.1, 0.3])
      let address = LifetimeAddress(seed: 3, domain: .training, index: 0)
      let request = LifetimeRequest(estimators: [.pathwise, .antithetic], directions: 0..<4)
      func run(_ engine: GradientEngine) -> LifetimeOutcome {
        task.runner(method, double: true, level: .baseline, engine: engine).run(
          address, rule: rule, request: request)
      }
      let without = run(.forward)
      rule.constants[LocalConstant(declared: "fatigue")] = 0.2
      let forward = run(.forward)
      let adjoint = run(.adjoint(tapeLength: 4))
      #expect(forward.rewards != without.rewards && forward.rewards == adjoint.rewards)
      for estimator in [GradientEstimator.pathwise, .antithetic] {
        let a = try #require(forward.gradients[estimator])
        let b = try #require(adjoint.gradients[estimator])
        let size = a.map(abs).max()!
        // Two exact ways to one number: 1e-10 of the largest entry, as for the engines' own mechanisms.
        #expect(zip(a, b).allSatisfy { abs($0 - $1) <= 1e-10 * size })
      }
    }
  }

  /// The constants have been looked at: another would change what was read.
  @Test func comesFirstOrNotAtAll() async {
    await #expect(processExitsWith: .failure) {
      _ = LocalConstant.allCases
      Mechanisms.add(Fatigue.self)
    }
  }
}

import Kernels
import Model
import Tasks
import Testing

@testable import Plasticity

/// The same bits for any number of members and any point of restart.
@Suite struct TeamTests {
  /// What a run leaves: every report, the state between iterations, the rule kept and its evaluation.
  struct Trace: Sendable, Equatable {
    var reports: [String]
    var states: [MetaState]
    var rule: Rule
    var evaluations: [NetworkEvaluation]
  }

  @Test(arguments: Estimator.allCases)
  func anyTeamGivesTheSameBits(estimator: Estimator) throws {
    let alone = try #require(ThreadTeam.run(1) { try Self.learn(estimator, $0) }.first)
    #expect(alone.reports.count == 4)
    for size in [2, 3, 4, 6] {
      let traces = try ThreadTeam.run(size) { try Self.learn(estimator, $0) }
      for (member, trace) in traces.enumerated() {
        #expect(Self.same(trace, alone), "member \(member) of \(size) differs from a team of one")
      }
    }
  }

  @Test(arguments: Estimator.allCases)
  func anyRestartGivesTheSameBits(estimator: Estimator) throws {
    let whole = try Self.learn(estimator, Solo())
    for (done, state) in whole.states.enumerated() {
      let rest = try Self.learn(estimator, Solo(), from: state)
      #expect(rest.reports.count == 4 - done)
      #expect(rest.reports == Array(whole.reports[done...]))
      #expect(
        "\(rest.rule) \(rest.evaluations)" == "\(whole.rule) \(whole.evaluations)",
        "restarted after \(done) iterations"
      )
    }
  }

  /// Two lifetimes of nine directions: three and more members share a lifetime's directions.
  static func learn(_ estimator: Estimator, _ team: any Team, from state: MetaState? = nil) throws
    -> Trace
  {
    let task = NoiseTask(inputs: 2, outputs: 1, steps: 9, conditions: 3)
    let method = Method(
      units: 18, trials: 7, reward: estimator == .score ? .binary : .absolute, weightNoise: 0.01, horizon: 3)
    let configuration = MetaConfiguration(
      estimator: estimator, lifetimes: 2, iterations: 4,
      learned: estimator == .evolution
        ? LearnedSet(theta: true, constants: [.eta, .amplitude, .growth0, .traceMean])
        : LearnedSet(),
      validationNetworks: 5, validationEvery: 2, seed: 99)
    var theta = Array(repeating: 0.1, count: 9)
    theta[4] = 0.3
    var start = Rule(degree: 2, theta: theta, scale: Array(repeating: 0.02, count: 9))
    start.constants[.gate] = -0.5
    if estimator == .evolution { start.constants[.traceMean] = 0.2 }
    let runner = task.runner(method, double: false, level: .highest)
    let learner = MetaLearner(configuration, runner: runner, start: start, state: state)
    var trace = Trace(reports: [], states: [learner.state], rule: start, evaluations: [])
    while !learner.isFinished {
      trace.reports.append("\(try learner.iterate(team))")
      trace.states.append(learner.state)
    }
    trace.rule = try learner.finish(team).rule
    trace.evaluations = try Evaluation(runner: runner, seed: 99, criterion: (4, 5)).evaluate(
      trace.rule, networks: 3..<10, team: team)
    return trace
  }

  /// Equal to the bit, NaN with NaN: numbers are compared as the shortest text that tells them from all others.
  private static func same(_ a: Trace, _ b: Trace) -> Bool {
    a.reports == b.reports && "\(a.states)" == "\(b.states)" && "\(a.rule)" == "\(b.rule)"
      && "\(a.evaluations)" == "\(b.evaluations)"
  }

  /// A row of every kind of field.
  struct Parcel: TeamRow, Equatable {
    var number = 0.0
    var flag = false
    var list: [Double] = []
    var maybeList: [Double]?
    var maybeNumber: Double?
    var maybeCount: Int?

    static var fields: [TeamField<Self>] {
      [
        .number(\.number), .flag(\.flag), .numbers(\.list), .optionalNumbers(\.maybeList),
        .optionalNumber(\.maybeNumber), .optionalCount(\.maybeCount),
      ]
    }

    /// One that differs in every field, and in what is there, from its neighbours.
    static func number(_ index: Int) -> Self {
      var row = Parcel()
      row.number = index == 3 ? -.infinity : Double(index) / 3
      row.flag = index % 2 == 1
      row.list = (0..<index % 4).map { Double($0 * index) }
      row.maybeList = [nil, [], [0], [-1, Double(index)]][index % 4]
      row.maybeNumber = index % 3 == 0 ? nil : -Double(index)
      row.maybeCount = index % 5 == 0 ? nil : index - 1
      return row
    }
  }

  /// Whoever made a row, all members get all of them as they were, by index.
  @Test(arguments: [1, 2, 3, 7])
  func rowsArriveWhole(size: Int) throws {
    let expected = (0..<11).map(Parcel.number)
    for rows in try ThreadTeam.run(size, { team in try team.spread(11) { Parcel.number($0) } }) {
      #expect(rows == expected)
    }
  }

  /// Every lifetime and every direction is given away once, in order.
  @Test(arguments: [1, 2, 3, 4, 5, 8, 13, 40], [1, 4, 9])
  func assignmentsCoverEverything(size: Int, directions: Int) throws {
    for lifetimes in [1, 2, 4, 7] {
      let runner = ScriptedRunner(reward: { _, _ in 0 })
      let shares = try MetaGradient(
        runner: runner, estimator: .antithetic, learned: LearnedSet(), lifetimes: lifetimes, seed: 0
      ).assignments(size, directions: directions)
      for lifetime in 0..<lifetimes {
        let own = shares.filter { $0.lifetime == lifetime }
        #expect(own.flatMap { Array($0.directions) } == Array(0..<directions))
        #expect(Set(own.map(\.member)).count == own.count)
      }
      #expect(shares.allSatisfy { $0.member < size })
      #expect(Set(shares.map(\.member)).count == min(size, max(min(size, lifetimes), shares.count)))
    }
  }
}

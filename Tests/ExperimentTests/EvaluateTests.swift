import Kernels
import Model
import Plasticity
import ResultStore
import Sweep
import Testing

@testable import Experiment

@Suite struct EvaluateTests {
  /// Small and quick: learning is not the matter here.
  private func settings(_ change: (inout Settings) -> Void = { _ in }) -> Settings {
    var settings = Settings()
    settings.network.units = 8
    settings.trials = 20
    settings.options = ["cues": [4]]
    change(&settings)
    return settings
  }

  private func target(_ change: (inout Settings) -> Void = { _ in }) throws -> EvaluationTarget {
    try EvaluationTarget(settings(change), seed: 3, label: "small")
  }

  private func contender(_ text: String, rivals: Bool = false) throws -> Contender {
    try Contender(parsing: text, rivals: rivals) { name in
      HandMadeRule.named(name).map { RuleFile(degree: $0.degree, theta: $0.theta) }
    }
  }

  @Test func cellsThatDifferInTheSearchAloneAreOneTarget() throws {
    var cells: [Cell] = []
    for (degree, seed, units) in [(1, 0, 8), (3, 0, 8), (3, 1, 8), (1, 0, 12)] {
      let cell = Cell(
        settings {
          $0.rule.degree = degree
          $0.rule.theta = .standard(degree: degree)
          $0.seed = UInt64(seed)
          $0.network.units = units
          $0.meta.iterations = 10 * degree
        },
        coordinates: [
          Coordinate(path: "rule.degree", value: "\(degree)"),
          Coordinate(path: "network.units", value: "\(units)"),
        ])
      cells.append(cell)
    }
    let (targets, places) = try EvaluationTarget.targets(of: cells, seed: 7)
    #expect(places == [0, 0, 0, 1])
    #expect(targets.map(\.label) == ["cue-association network.units=8", "cue-association network.units=12"])
    #expect(targets.allSatisfy { $0.cell.settings.seed == 7 })
    #expect(targets[0].start == .rule(degree: 1, theta: [0, 0, 0, 0.3]))
  }

  @Test func contendersAreReadWithTheirSettings() throws {
    let miconi = try contender("miconi:gain=3,clip=none,gate=-1.4")
    #expect(miconi.gain == 3)
    #expect(miconi.constants == [.clip: .infinity, .gate: -1.4])
    #expect(miconi.name == "miconi:gain=3,clip=none,gate=-1.4")
    let constants = miconi.constants(in: try target().configuration)
    #expect(constants[.clip] == .infinity && constants[.gate] == -1.4 && constants[.eta] == 0.02)
    #expect(try contender("rflo", rivals: true).gain == RivalRule.rflo.standardGain)
  }

  /// What a learned rule brings along: nothing new where it is at home, so that results keep their keys; another rule,
  /// with another key, where it would lack it.
  @Test func aRuleIsTestedWithWhatItBrings() throws {
    let home = settings {
      $0.constants[.tauE] = .infinity
      $0.exploration.kind = .gaussian
    }
    var learned = Contender(
      .rule(degree: 1, theta: [0, 0, 0, -1]), name: "learned", constants: [.eta: 0.3])
    func key(_ change: (inout Settings) -> Void) throws -> UInt64 {
      try EvaluationPlan([learned], on: [target(change)], networks: 2, transfer: false).pairs[0].key
    }
    func own(_ settings: inout Settings) { settings = home }
    let before = (try key(own), try key { _ in })
    learned.frame = RuleFrame(home)
    #expect(try key(own) == before.0)
    #expect(try key { _ in } != before.1)

    func rewards(_ target: EvaluationTarget) throws -> [Double] {
      let plan = try EvaluationPlan([learned], on: [target], networks: 2, transfer: false)
      return try #require(try plan.run(plan.pairs[0], level: .highest, team: Solo())).map(\.reward)
    }
    #expect(try rewards(target { _ in }) == rewards(target(own)))
    #expect(try learned.constants(in: target().configuration)[.tauE] == .infinity)
    for (text, rivals, problem) in [
      ("mikoni", false, "neither a rule file nor a hand-made rule"),
      ("miconi", true, "there is no learner 'miconi'"),
      ("miconi:gian=3", false, "'gian=3' in 'miconi:gian=3' changes nothing"),
      ("miconi:gain", false, "wanted: KEY=NUMBER"),
    ] {
      let error = #expect(throws: ContenderError.self) { try contender(text, rivals: rivals) }
      #expect(error?.description.contains(problem) == true, "\(text): \(error?.description ?? "")")
    }
  }

  /// The evaluation of a sweep's own start rule is that of `evaluate`: same networks, same numbers.
  @Test func resultsAreThoseOfTheEngine() throws {
    let target = try target()
    let plan = try EvaluationPlan(
      [try contender("none"), try contender("start"), try contender("miconi")], on: [target], networks: 4,
      transfer: false)
    let configuration = target.configuration
    let scales = configuration.scales(level: .highest)
    let evaluation = Evaluation(
      runner: try configuration.runner(level: .highest, scales: scales), seed: 3,
      criterion: configuration.criterion)
    let start = configuration.startRule(scales: scales)
    var miconi = start
    miconi.theta = HandMadeRule.named("miconi")!.theta
    for (pair, rule) in zip(plan.pairs, [start.silent, start, miconi]) {
      let seen = try #require(try plan.run(pair, level: .highest, team: Solo()))
      let expected = try evaluation.evaluate(rule, networks: 0..<4, team: Solo())
      // Short lifetimes leave parts of a curve empty, and an empty mean is NaN: compared as text.
      #expect("\(seen)" == "\(expected)", "\(pair.contender.name)")
    }
  }

  /// In steps, from any network on and on any number of members: the same networks with the same results.
  @Test func aTestCanBeCutAnywhere() throws {
    // 2 MFLOP a network, so 64 a step and member.
    let target = try target {
      $0.tasks = ["context-integration"]
      $0.options = [:]
    }
    let plan = try EvaluationPlan([try contender("miconi")], on: [target], networks: 150, transfer: false)
    var firsts: [Int] = []
    let whole = try #require(
      try plan.run(plan.pairs[0], level: .highest, team: Solo()) { first, some in
        firsts.append(first)
        #expect(some.count == min(64, 150 - first))
        return true
      })
    #expect(firsts == [0, 64, 128] && whole.count == 150)
    let part = try plan.run(plan.pairs[0], level: .highest, team: Solo()) { first, _ in first < 64 }
    #expect(part?.count == 128)
    let rest = try plan.run(plan.pairs[0], from: 128, level: .highest, team: Solo())
    #expect("\(part! + rest!)" == "\(whole)")
    // Half of the trials are incongruent, and no plasticity is a guess on them.
    let shares = whole.compactMap(\.lateIncongruentAccuracy)
    #expect(shares.count > 130 && shares.allSatisfy { (0...1).contains($0) })
    #expect(shares != whole.map(\.lateAccuracy))
  }

  @Test func everyRivalRunsAndIsStored() throws {
    let target = try target()
    let contenders = try RivalRule.allCases.map { try contender($0.rawValue, rivals: true) }
    let plan = try EvaluationPlan(contenders, on: [target], networks: 3, transfer: false)
    #expect(plan.pairs.count == 6)
    #expect(Set(plan.pairs.map(\.key)).count == 6)
    for pair in plan.pairs {
      let results = try #require(try plan.run(pair, level: .highest, team: Solo()))
      #expect(results.count == 3)
      let records = pair.records(results, from: 0, target: target)
      #expect(records.map(\.kind) == [.evaluation, .evaluation, .evaluation])
      let end = pair.result(results, target: target, level: .highest, launch: 0)
      #expect(try ResultRecord(end).evaluations == 3)
      let read = try records.map { try EvaluationRecord($0).evaluation }
      #expect(read.map(\.rewardCurve.description) == results.map(\.rewardCurve.description))
      #expect(read.map(\.lateAccuracy) == results.map(\.lateAccuracy))
      let cell = pair.manifestCell(target)
      #expect(cell.settings["evaluate.contender"] == .string(pair.contender.name))
      #expect(cell.settings["network.units"] == .number(8))
    }
  }

  /// A rival without anything to learn from is left out with its reason, not an error.
  @Test func refusalsHaveReasons() throws {
    let silent = try target { $0.exploration.weightNoise = 0 }
    let moving = try target {
      $0.tasks = ["cue-trajectory"]
      $0.options = [:]
    }
    let plan = try EvaluationPlan(
      [
        try contender("weight-perturbation", rivals: true), try contender("reward-e-prop", rivals: true),
      ], on: [silent, moving], networks: 2, transfer: false)
    let refused = try plan.pairs.map { try plan.run($0, level: .highest, team: Solo()) == nil }
    #expect(refused == [true, false, false, true])
    #expect(plan.refusal(plan.pairs[0])?.contains("exploration.weight-noise") == true)
    #expect(plan.refusal(plan.pairs[3])?.contains("moving target") == true)
  }

  @Test func learnedRulesStayAtHomeUnlessTransferred() throws {
    let targets = [try target(), try target { $0.network.units = 12 }]
    let learned = Contender(.rule(degree: 0, theta: [1]), name: "learned seed=0", group: "learned", source: 1)
    let fixed = try contender("none")
    let home = try EvaluationPlan([fixed, learned], on: targets, networks: 2, transfer: false)
    #expect(home.pairs.map { "\($0.target) \($0.contender.group)" } == ["0 none", "1 none", "1 learned"])
    let matrix = try EvaluationPlan([fixed, learned], on: targets, networks: 2, transfer: true)
    #expect(matrix.pairs.count == 4)
    #expect(throws: ContenderError.self) {
      try EvaluationPlan([fixed, fixed], on: targets, networks: 2, transfer: false)
    }
  }

  @Test func aTaskCanBeAddedToAConfiguration() throws {
    let other = try target().with(task: "perceptual-decision")
    #expect(other.label == "perceptual-decision")
    #expect(other.cell.settings.network.units == 8)
    #expect(other.cell.settings.form == "short")
    #expect(throws: (any Error).self) { try target().with(task: "perception") }
  }
}

import Kernels
import Model
import Plasticity
import ResultStore
import Sweep
import Testing

@testable import Experiment

/// The searches that a fair comparison derives from learned cells: budgets, starts, and which of them are shared.
@Suite struct FairPlanTests {
  private func rule(degree: Int, seed: UInt64 = 0, lifetimes: Int = 816) -> FairRule {
    var settings = Settings()
    settings.rule.degree = degree
    settings.rule.theta = .standard(degree: degree)
    settings.seed = seed
    let cell = Cell(settings, coordinates: [Coordinate(path: "rule.degree", value: "\(degree)")])
    return FairRule(
      cell: cell, group: "rule.degree=\(degree)", lifetimes: lifetimes,
      contender: Contender(.start, name: "learned"))
  }

  private var miconi: RivalSearch {
    RivalSearch(name: "miconi", kind: .rule(degree: 3, theta: HandMadeRule.named("miconi")!.theta))
  }

  /// The count is the learner's own: what a search stores is what the plan promised.
  @Test(arguments: [(1, 1), (5, 2), (6, 3), (7, 3), (4, 10)])
  func lifetimesAreThoseOfTheLearner(iterations: Int, every: Int) throws {
    var settings = Settings()
    settings.trials = 5
    settings.network.units = 8
    settings.evaluation.networks = 1
    settings.meta.iterations = iterations
    settings.meta.validationEvery = every
    settings.meta.validationNetworks = 3
    let work = try Workshop(level: .highest, launch: 0, rank: 0).begin(Cell(settings), from: nil)
    var result: ResultRecord?
    while result == nil {
      for record in try work.advance(in: Solo()).records where record.kind == .result {
        result = try ResultRecord(record)
      }
    }
    let searched = Int(result!.lifetimes) - Int(result!.evaluations)
    #expect(searched == settings.meta.searchLifetimes)
  }

  /// At least as many, and one iteration fewer would be too few.
  @Test(arguments: [1, 100, 816, 817, 5000, 123_457])
  func budgetsAreMetTightly(lifetimes: Int) {
    var search = MetaSettings().taking(lifetimes: lifetimes)
    #expect(search.searchLifetimes >= lifetimes)
    search.iterations -= 1
    #expect(search.iterations == 0 || search.searchLifetimes < lifetimes)
  }

  @Test func everyStartAndBudgetIsASearch() throws {
    let plan = try FairPlan([rule(degree: 1), rule(degree: 3, seed: 1)], rival: miconi, starts: [0.5, 1, 2])
    #expect(plan.cells.count == 12)
    for (place, budget) in FairBudget.allCases.enumerated() {
      let searches = plan.searches(of: 0, budget).map { plan.cells[$0].settings }
      #expect(searches.map(\.constants[.eta]) == [0.01, 0.02, 0.04])
      for settings in searches {
        #expect(settings.meta.searchLifetimes >= (place + 1) * 816)
        #expect(settings.meta.estimator == .evolution && settings.meta.lifetimes == 4)
        #expect(
          settings.meta.learn == [
            "eta", "clip", "tau-e", "tau-bar", "baseline-rate", "probability", "amplitude",
          ])
        #expect(settings.rule.theta == .entries(HandMadeRule.named("miconi")!.theta) && settings.seed == 0)
      }
    }
    #expect(plan.cells[0].label.contains("meta.iterations="))
  }

  /// Learned rules of one configuration, seed and budget are compared with one search.
  @Test func equalSearchesAreShared() throws {
    let one = try FairPlan([rule(degree: 1), rule(degree: 3)], rival: miconi, starts: [1])
    #expect(one.cells.count == 2 && one.searches(of: 0, .doubled) == one.searches(of: 1, .doubled))
    let other = try FairPlan(
      [rule(degree: 1), rule(degree: 3, lifetimes: 900)], rival: miconi, starts: [1])
    #expect(other.cells.count == 4)
  }

  /// A rule that is the best of several starts: the rival's starts get as much together, and no less each.
  @Test func theBestOfSeveralStartsCountsThemAll() throws {
    var best = rule(degree: 3)
    best.spent = 4 * 816
    let two = try FairPlan([best], rival: miconi, starts: [1, 2])
    let together = two.searches(of: 0, .equal).reduce(0) { $0 + two.cells[$1].settings.meta.searchLifetimes }
    #expect(together >= 4 * 816 && together < 4 * 816 + 2 * 28)
    let many = try FairPlan([best], rival: miconi, starts: [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(many.cells[many.searches(of: 0, .equal)[0]].settings.meta.searchLifetimes >= 816)
  }

  @Test func aRivalTunesWhatItHas() throws {
    var off = rule(degree: 3)
    off.cell.settings.exploration.kind = .gaussian
    off.cell.settings.constants[.clip] = .infinity
    off.cell.settings.constants[.growth0] = 0.1
    let rival = RivalSearch(name: "node-perturbation", kind: .rival(.nodePerturbation))
    let settings = try rival.settings(against: off.cell.settings, start: 1, lifetimes: 500)
    #expect(settings.meta.learn == ["eta", "baseline-rate", "amplitude"])
    #expect(settings.constants[.growth0] == 0 && settings.rule.degree == 0)
    var wrong = miconi
    wrong.tuned = ["clip"]
    let error = #expect(throws: SettingsProblem.self) {
      try wrong.settings(against: off.cell.settings, start: 1, lifetimes: 500)
    }
    #expect(error?.description.contains("rule.clip starts at none") == true)
  }

  /// A rule file's constants are the start, and those it brings beyond the ordinary are tuned too.
  @Test func constantsOfARuleFileAreTheStart() throws {
    var file = miconi
    file.constants = [.gate: -1.2, .eta: 0.1, .clip: .infinity, .growth0: 0.2]
    let settings = try file.settings(against: rule(degree: 3).cell.settings, start: 2, lifetimes: 500)
    #expect(
      settings.constants
        == LocalConstants([.gate: -1.2, .eta: 0.2, .clip: .infinity, .growth0: 0.2]))
    #expect(settings.meta.learn.contains("gate") && settings.meta.learn.contains("growth"))
    #expect(!settings.meta.learn.contains("clip"))
  }

  /// No constant of a rule file is forgotten: each is where its search starts, and is tuned where it is on.
  @Test(arguments: LocalConstant.allCases)
  func everyConstantOfARuleFileIsTheStart(constant: LocalConstant) throws {
    var file = miconi
    let standard = constant.declaration.standard
    let value = constant.bounds == .share ? 0.25 : standard > 0 ? 2 * standard : 3
    file.constants = [constant: value]
    if constant.layer != nil { file.frame.plastic = Layer.allCases }
    let settings = try file.settings(against: rule(degree: 3).cell.settings, start: 1, lifetimes: 500)
    #expect(settings.constants == LocalConstants().replacing([constant: value]))
    let setting = try #require(ConstantSetting.all.first { $0.path == constant.path })
    #expect(settings.meta.learn.contains(setting.name))
  }

  /// What a rule file says of exploration and normalisation goes before the cell's; a mechanism that it has off is not
  /// tuned.
  @Test func aWholeRuleFileIsTheStart() throws {
    var whole = RuleFile(degree: 3, theta: miconiTheta)
    for constant in LocalConstant.allCases { whole.constants[constant] = constant.declaration.standard }
    whole.exploration = .gaussian
    whole.normalise = false
    let rival = RivalSearch(
      name: "whole", kind: .rule(degree: 3, theta: miconiTheta), constants: whole.constants,
      frame: RuleFrame(whole))
    let settings = try rival.settings(against: rule(degree: 3).cell.settings, start: 1, lifetimes: 500)
    #expect(settings.exploration.kind == .gaussian && !settings.rule.normalise)
    #expect(settings.meta.learn == ["eta", "clip", "tau-e", "tau-bar", "baseline-rate", "amplitude"])
  }

  private var miconiTheta: [Double] { HandMadeRule.named("miconi")!.theta }

  @Test func theBestStartIsTested() throws {
    let fair = try FairPlan([rule(degree: 3)], rival: miconi, starts: [0.5, 1, 2])
    let findings = fair.cells.indices.map { place in
      FairFinding(
        validationReward: [-0.9, -0.7, -0.8, -0.6, -0.6, -0.65][place], lifetimes: 900,
        theta: HandMadeRule.named("miconi")!.theta, constants: LocalConstants([.eta: Double(place)]))
    }
    let tests = try FairTests(fair, findings: findings, networks: 3)
    #expect(tests.best == [[1, 3]])
    #expect(tests.plan.pairs.count == 3 && tests.plan.networks == 3)
    #expect(Set(tests.plan.pairs.map(\.key)).count == 3)
    let constants = tests.plan.pairs.compactMap { $0.contender.constants[.eta] }
    #expect(constants == [1, 3])
  }
}

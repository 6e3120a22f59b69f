import Kernels
import Model
import Plasticity
import Sweep
import Testing

@testable import Experiment

/// The pieces of `rule --prune`, beside what they should equal.
@Suite struct PruningTests {
  private func cell(_ change: (inout Settings) -> Void = { _ in }) -> Cell {
    var settings = Settings()
    settings.network.units = 8
    settings.trials = 20
    settings.options = ["cues": [4]]
    settings.rule.degree = 2
    settings.meta.validationNetworks = 4
    change(&settings)
    return Cell(settings)
  }

  private let theta: [Double] = [0, 0, 0.1, 0, -0.8, 0, 0, 0.2, 0]

  /// What a synapse computes stays when constants, and with them the scales, have moved: to rounding of log and exp.
  @Test func aRuleKeepsItsMeaning() throws {
    let pruning = Pruning(cell(), lifetimes: 60)
    var rule = try pruning.start(theta: theta, constants: LocalConstants(), level: .highest)
    #expect(rule.termNames == ["k0l2", "k1l1", "k2l1"])
    #expect(rule.theta(inUnitsOf: rule.scales) == theta)
    rule.constants[.tauE] = 120
    rule.constants[.amplitude] = 1.5
    let search = try pruning.search(rule, level: .highest)
    let scales = try CellConfiguration(search.settings).scales(level: .highest)
    guard case .entries(let moved) = search.settings.rule.theta else {
      Issue.record("the search starts elsewhere")
      return
    }
    #expect(scales[0] != rule.scales[0] && moved != theta)
    for p in theta.indices {
      let (before, after) = (theta[p] * rule.scales[0][p], moved[p] * scales[0][p])
      #expect(abs(after - before) <= 1e-14 * abs(before), "\(rule.name(of: p))")
    }
    // Only constants are tuned, and zeros stay.
    #expect(!search.settings.meta.learn.contains("theta") && search.settings.meta.learn.contains("eta"))
    #expect(search.settings.meta.searchLifetimes >= 60)
    #expect(zip(moved, theta).allSatisfy { ($0 == 0) == ($1 == 0) })
  }

  /// A loss is the mean J of the rule without the term on the validation networks of the cell.
  @Test(arguments: [["cue-association"], ["cue-association", "delayed-xor"]])
  func lossesAreThoseOfTheEngine(_ tasks: [String]) throws {
    let learned = cell {
      $0.tasks = tasks
      if tasks.count > 1 { $0.options = [:] }
    }
    let pruning = Pruning(learned, lifetimes: 60)
    let rule = try pruning.start(theta: theta, constants: LocalConstants(), level: .highest)
    let search = try pruning.search(rule, level: .highest)
    let step = PruneStep(cell: search, rule: rule, validationReward: 0, lifetimes: 0, dropped: nil)
    let losses = try pruning.losses(of: step, level: .highest, team: Solo())
    let configuration = try CellConfiguration(search.settings)
    let runner = try configuration.runner(level: .highest, scales: rule.scales)
    let expected = rule.terms.map { term in
      let without = Rule(
        degree: 2, theta: rule.without(term).theta, scale: rule.scales[0], constants: rule.constants)
      return (0..<4).map { index in
        runner.run(
          LifetimeAddress(seed: search.settings.seed, domain: .validation, index: UInt32(index)),
          rule: without
        ).score(.absolute)
      }.mean()
    }
    #expect(losses == expected && Set(losses).count == 3)
  }
}

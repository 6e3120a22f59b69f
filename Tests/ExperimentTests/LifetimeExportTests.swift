import Kernels
import Model
import Plasticity
import Sweep
import Testing

@testable import Experiment

/// What `lifetime --export` has of each kind of cell. That the numbers are right is for `analysis/recompute` to say.
@Suite struct LifetimeExportTests {
  private let gradients = ["U", "Rdot", "g_tangent", "g_antithetic", "g_pathwise", "g_score"]
  private let inputs = [
    "W0", "Win", "Wout", "x0", "u", "y", "window", "condition", "xi", "kicks", "theta", "scale",
  ]

  private func settings(_ change: (inout Settings) -> Void = { _ in }) -> Settings {
    var settings = Settings()
    settings.trials = 14
    settings.network.units = 9
    settings.rule.degree = 1
    settings.rule.theta = .entries([0, -0.2, 0, 0.4])
    settings.precision = .double
    change(&settings)
    return settings
  }

  private func values(_ export: LifetimeExport, _ name: String) throws -> [Double] {
    try #require(export.arrays.first { $0.name == name }, "\(name) is missing").values
  }

  private func expectBits(_ names: [String], of a: LifetimeExport, _ b: LifetimeExport) throws {
    for name in names {
      let pair = (try values(a, name), try values(b, name))
      #expect(pair.0.map(\.bitPattern) == pair.1.map(\.bitPattern), "\(name)")
    }
  }

  @Test func theForwardEngineHasAll() throws {
    let export = try LifetimeExport(Cell(settings()), level: .highest)
    #expect(export.leftOut == nil)
    #expect(
      export.arrays.map(\.name)
        == inputs + ["R", "Rbar", "W", "U", "Rdot", "R_antithetic"] + gradients.dropFirst(2))
    #expect(export.constants["left_out"] == .reasons([:]) && export.constants["engine"] == .text("forward"))
    #expect(export.constants["directions"] == .texts(["k0l0", "k0l1", "k1l0", "k1l1"]))
  }

  /// Two exact ways to one number: 1e-10 of the largest entry. Trials have the same bits. A tape shorter than the
  /// lifetime runs trials again, which leaves no record a second time.
  @Test(arguments: [nil, 20_000] as [Int?])
  func theAdjointEngineHasItsOwnGradients(memory: Int?) throws {
    let forward = try LifetimeExport(Cell(settings { $0.meta.horizon = 5 }), level: .highest)
    let cell = Cell(
      settings {
        $0.meta.horizon = 5
        $0.engine = .adjoint
        $0.memory = memory
      })
    let adjoint = try LifetimeExport(cell, level: .highest)
    let leftOut = try #require(adjoint.leftOut)
    #expect(leftOut.names == ["U", "Rdot"])
    #expect(
      leftOut.reason
        == "engine adjoint goes back over the lifetime once and carries no tangents; engine forward does")
    #expect(
      adjoint.constants["left_out"] == .reasons(["U": leftOut.reason, "Rdot": leftOut.reason])
        && adjoint.constants["engine"] == .text("adjoint"))
    #expect(adjoint.arrays.map(\.name) == forward.arrays.map(\.name).filter { !leftOut.names.contains($0) })
    try expectBits(inputs + ["R", "Rbar", "W", "R_antithetic", "g_score"], of: forward, adjoint)
    for name in ["g_tangent", "g_antithetic", "g_pathwise"] {
      let (a, b) = (try values(forward, name), try values(adjoint, name))
      let size = a.map(abs).max()!
      #expect(size > 0 && zip(a, b).allSatisfy { abs($0 - $1) <= 1e-10 * size }, "\(name): \(a), \(b)")
      #expect(a.map(\.bitPattern) != b.map(\.bitPattern), "\(name) is the forward engine's")
    }
  }

  /// The trials are those of a run without gradients, and of the rule without the mean they are not.
  @Test(arguments: TraceMeanGroup.allCases)
  func aRuleWithASlowMeanHasItsTrialsAndGradients(group: TraceMeanGroup) throws {
    let cell = Cell(
      settings {
        $0.constants[.traceMean] = 0.2
        $0.rule.traceMeanBy = group
        $0.meta.estimator = .evolution
      })
    let export = try LifetimeExport(cell, level: .highest)
    #expect(export.leftOut == nil)
    #expect(
      Set(export.arrays.map(\.name)).isSuperset(of: inputs + ["R", "Rbar", "W", "R_antithetic"] + gradients))
    #expect(export.constants["trace_mean"] == .number(0.2))
    #expect(export.constants["trace_mean_by"] == .text(group.rawValue))

    let configuration = try CellConfiguration(cell.settings)
    let scales = configuration.scales(level: .highest)
    let outcome = try configuration.runner(level: .highest, scales: scales).run(
      LifetimeAddress(seed: 0, domain: .training, index: 0), rule: configuration.startRule(scales: scales))
    #expect(try values(export, "R") == outcome.rewards)
    let without = try LifetimeExport(Cell(settings()), level: .highest)
    #expect(try values(export, "R") != values(without, "R"))
    #expect(try values(export, "R_antithetic") != values(export, "R"))
  }

  @Test(arguments: RivalRule.allCases)
  func aRivalHasItsTrials(rival: RivalRule) throws {
    let cell = Cell(
      settings {
        $0.learner = .rival(rival)
        $0.rule.degree = 0
        $0.rule.theta = .entries([0])
        $0.meta.estimator = .evolution
        $0.meta.learn = ["eta"]
      })
    let export = try LifetimeExport(cell, level: .highest)
    #expect(export.leftOut?.names == gradients)
    #expect(export.leftOut?.reason == "learner \(rival.rawValue) has no theta to differentiate by")
    #expect(
      export.arrays.map(\.name)
        == inputs + (rival == .rflo ? ["B"] : []) + ["R", "Rbar", "W", "R_antithetic"])
    #expect(export.constants["learner"] == .text(rival.rawValue))
    #expect(try values(export, "theta") == [rival.standardGain])
    #expect(export.divergedAt == nil)
    #expect(try values(export, "R_antithetic").allSatisfy(\.isFinite))
  }

  /// A rule file is the whole rule: its constants, its exploration, what its scales were measured with.
  @Test func aRuleFileReplacesTheLearner() throws {
    let own = settings {
      $0.constants[.eta] = 0.5
      $0.constants[.gate] = -0.7
      $0.constants[.traceMean] = 0.3
      $0.rule.traceMeanBy = .synapse
      $0.exploration.kind = .gaussian
      $0.constants[.amplitude] = 0.3
      $0.rule.normalise = false
      $0.meta.estimator = .evolution
    }
    var file = RuleFile(degree: 1, theta: [0, -0.2, 0, 0.4])
    for constant in LocalConstant.allCases { file.constants[constant] = own.constants[constant] }
    file.exploration = .gaussian
    file.traceMeanBy = .synapse
    file.normalise = false
    let rival = settings {
      $0.learner = .rival(.eprop)
      $0.rule.degree = 0
      $0.rule.theta = .entries([0])
      $0.meta.estimator = .evolution
      $0.meta.learn = ["eta"]
    }
    let wanted = try LifetimeExport(Cell(own), level: .highest)
    for other in [settings(), rival] {
      let export = try LifetimeExport(Cell(other), rule: file, level: .highest)
      try expectBits(inputs + ["R", "Rbar", "W", "R_antithetic"], of: export, wanted)
      #expect(export.leftOut == nil)
      #expect(export.constants["learner"] == .text("three-factor"))
    }
  }
}

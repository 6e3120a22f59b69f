import Kernels
import Model
import Plasticity
import ResultStore
import Sweep
import Testing

@testable import Experiment

/// Cells of networks with Dale's law, sparse, with other nonlinearities: their settings reach lifetimes, evaluations,
/// exports and dynamics, also on networks larger than those the rule was learned on.
@Suite struct WiredCellTests {
  private func settings(_ change: (inout Settings) -> Void = { _ in }) -> Settings {
    var settings = Settings()
    settings.network.units = 12
    settings.network.wiring = Wiring(connectivity: 0.5, autapses: false, excitatory: 0.75)
    settings.network.nonlinearity = .sigmoid
    settings.trials = 20
    settings.options = ["cues": [4]]
    change(&settings)
    return settings
  }

  @Test func settingsReachTheMethod() throws {
    let method = try CellConfiguration(settings()).method
    #expect(method.wiring == Wiring(connectivity: 0.5, autapses: false, excitatory: 0.75))
    #expect(method.nonlinearity == .sigmoid)
    let plain = try CellConfiguration(Settings()).method
    #expect(plain.wiring == Wiring() && plain.nonlinearity == .tanh)
  }

  /// A target keeps its own networks, whatever a contender brings; another size is another target.
  @Test(arguments: [12, 40])
  func evaluationsRunOnTheTargetsNetworks(units: Int) throws {
    let target = try EvaluationTarget(
      settings { $0.network.units = units }, seed: 3, label: "wired")
    #expect(target.configuration.method.wiring.excitatory == 0.75)
    for text in ["miconi", "node-perturbation", "none"] {
      let contender = try Contender(parsing: text, rivals: text == "node-perturbation") { name in
        HandMadeRule.named(name).map { RuleFile(degree: $0.degree, theta: $0.theta) }
      }
      let learner = try target.learner(contender, level: .highest)
      let outcome = learner.run(LifetimeAddress(seed: 3, domain: .evaluation, index: 0))
      #expect(outcome.divergedAt == nil)
      #expect(learner.method.wiring == target.configuration.method.wiring)
    }
  }

  @Test func exportsHoldMaskAndSigns() throws {
    let export = try LifetimeExport(Cell(settings()), level: .highest)
    let arrays = Dictionary(uniqueKeysWithValues: export.arrays.map { ($0.name, $0) })
    let mask = try #require(arrays["mask"])
    let signs = try #require(arrays["signs"])
    #expect(mask.shape == [12, 12] && signs.shape == [12])
    #expect(signs.values == Array(repeating: 1, count: 9) + Array(repeating: -1, count: 3))
    let weights = try #require(arrays["W0"]).values
    for s in weights.indices {
      #expect(mask.values[s] == 1 ? weights[s] * signs.values[s % 12] > 0 : weights[s] == 0)
    }
    let xi = try #require(arrays["xi"]).values
    #expect(xi.indices.allSatisfy { mask.values[$0 % 144] == 1 || xi[$0] == 0 })
    let plain = try LifetimeExport(Cell(settings { $0.network = NetworkSettings() }), level: .highest)
    #expect(!plain.arrays.contains { $0.name == "mask" || $0.name == "signs" })
  }

  /// Dynamics are those of the cell's own nonlinearity: fixed points of x = W f(x) + Win u, to the search's tolerance.
  @Test func dynamicsUseTheNonlinearity() throws {
    let cell = Cell(settings())
    let configuration = try CellConfiguration(cell.settings)
    let start = configuration.startRule(scales: configuration.scales(level: .highest))
    let dynamics = try CellDynamics(
      of: cell, learned: (start.theta, start.scale, start.constants), network: 0, level: .highest)
    let report = try #require(dynamics.snapshots[0].report)
    let network = try #require(dynamics.snapshots[0].network)
    #expect(network.nonlinearity == .sigmoid)
    for held in report.held {
      for point in held.points {
        let drive = try network.drive(for: held.input)
        #expect(network.flow(at: point.point.x, drive: drive).allSatisfy { abs($0) < 1e-9 })
      }
    }
    // A sigmoid is 0.5 at 0: the origin is no fixed point.
    #expect(report.held[0].points.allSatisfy { $0.point.x.contains { abs($0) > 1e-3 } })
  }
}

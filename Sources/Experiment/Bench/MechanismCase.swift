import Model
import Sweep

/// One thing that a rule or a network may have beyond the plain one, as settings that turn it on.
struct MechanismCase: Sendable {
  let name: String
  /// The least degree of a rule that can have it.
  let leastDegree: Int
  let change: @Sendable (inout Settings) -> Void

  init(_ name: String, leastDegree: Int = 0, _ change: @escaping @Sendable (inout Settings) -> Void) {
    self.name = name
    self.leastDegree = leastDegree
    self.change = change
  }

  /// All that is compared against: theta of every term learned, a mean of R by condition, full connectivity, tanh rates.
  static let plain = MechanismCase("plain rule") { _ in }

  static let all: [MechanismCase] =
    told + terms + learned + layers + networks + [
      MechanismCase("shared critic, gate, slow mean, w, all layers") {
        $0.rule.critic = .shared
        $0.constants[.gate] = -1
        $0.rule.traceMeanBy = .synapse
        $0.constants[.traceMean] = 0.1
        $0.rule.weightDegree = 1
        $0.rule.plastic = Layer.allCases
      }
    ]

  private static let told: [MechanismCase] = [
    MechanismCase("rule.baseline: shared") { $0.rule.critic = .shared },
    MechanismCase("rule.baseline: learned") { $0.rule.critic = .learned },
    MechanismCase("exploration.gate") { $0.constants[.gate] = -1 },
    MechanismCase("rule.trace-mean, by condition") {
      $0.constants[.traceMean] = 0.1
      $0.rule.traceMeanBy = .condition
    },
    MechanismCase("rule.trace-mean, by synapse") {
      $0.constants[.traceMean] = 0.1
      $0.rule.traceMeanBy = .synapse
    },
    MechanismCase("rule.growth") {
      $0.constants[.growth0] = 0.001
      $0.constants[.growth2] = 0.001
    },
    MechanismCase("exploration.kind: gaussian") {
      $0.exploration.kind = .gaussian
      $0.constants[.amplitude] = 0.05
    },
  ]

  private static let terms: [MechanismCase] = [
    MechanismCase("rule.weight-degree: 1") { $0.rule.weightDegree = 1 },
    MechanismCase("rule.weight-degree: 2") { $0.rule.weightDegree = 2 },
    MechanismCase("rule.terms: 3 of them", leastDegree: 2) {
      let degree = $0.rule.degree
      $0.rule.terms = [Term(k: 1, l: 1), Term(k: 1, l: degree), Term(k: degree, l: degree)]
    },
  ]

  private static let learned: [MechanismCase] = [
    MechanismCase("meta.learn: theta, eta") { $0.meta.learn = ["theta", "eta"] },
    MechanismCase("meta.learn: theta, all constants") {
      $0.constants[.gate] = -1
      $0.constants[.traceMean] = 0.1
      $0.constants[.growth0] = 0.001
      $0.constants[.growth2] = 0.001
      $0.meta.learn = [
        "theta", "eta", "clip", "tau-e", "tau-bar", "baseline-rate", "amplitude", "gate", "growth",
        "trace-mean",
      ]
    },
  ]

  private static let layers: [MechanismCase] = [
    MechanismCase("rule.plastic: recurrent, readout") { $0.rule.plastic = [.recurrent, .readout] },
    MechanismCase("rule.plastic: all layers") { $0.rule.plastic = Layer.allCases },
    MechanismCase("all layers, rule.theta-by: layer") {
      $0.rule.plastic = Layer.allCases
      $0.rule.thetaBy = .layer
    },
  ]

  private static let networks: [MechanismCase] = [
    MechanismCase("network.connectivity: 0.2") { $0.network.wiring.connectivity = 0.2 },
    MechanismCase("network.excitatory: 0.8") {
      $0.network.nonlinearity = .rectifiedTanh
      $0.network.wiring.excitatory = 0.8
    },
    MechanismCase("network.nonlinearity: sigmoid") { $0.network.nonlinearity = .sigmoid },
  ]
}

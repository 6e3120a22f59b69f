import Kernels
import Model
import Plasticity
import Sweep

extension LifetimeExport {
  /// A value of `constants.json`.
  public enum Constant: Sendable, Encodable, Equatable {
    case whole(Int)
    case number(Double)
    case text(String)
    case list([Double])
    case texts([String])
    case flag(Bool)
    /// Arrays that are not there, each with the reason.
    case reasons([String: String])
    case null

    public func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .whole(let value): try container.encode(value)
      case .number(let value): try container.encode(value)
      case .text(let value): try container.encode(value)
      case .list(let values): try container.encode(values)
      case .texts(let values): try container.encode(values)
      case .flag(let value): try container.encode(value)
      case .reasons(let values): try container.encode(values)
      case .null: try container.encodeNil()
      }
    }

    static func finite(_ value: Double) -> Constant { value.isFinite ? .number(value) : .null }
  }

  /// Sizes, the constants of the method and of the rule, and what ran.
  static func constants(
    _ subject: LifetimeSubject, _ inputs: LifetimeInputs, divergedAt: Int?, level: SIMDLevel
  ) -> [String: Constant] {
    let configuration = subject.configuration
    let method = subject.method
    let c = subject.rule.constants
    return [
      "N": .whole(inputs.units), "M": .whole(inputs.inputs), "K": .whole(inputs.outputs),
      "T": .whole(inputs.steps), "H": .whole(inputs.trials.count), "d": .whole(subject.rule.degree),
      "dt": .number(method.timeStep), "tau": .number(method.tau), "tau_bar": .number(c[.tauBar]),
      "tau_e": .finite(c[.tauE]), "eta": .number(c[.eta]), "a_R": .number(c[.baselineRate]),
      "sigma": .number(method.weightNoise), "bound": .number(method.bound), "clip": .finite(c[.clip]),
      "horizon": method.horizon.map { .whole($0) } ?? .null, "reward": .text(method.reward.rawValue),
      "diverged_at": divergedAt.map { .whole($0) } ?? .null,
      "precision": .text(configuration.isDouble ? "double" : "float"), "p": .number(c[.probability]),
      "A": .number(c[.amplitude]), "gate": .number(c[.gate]),
      "growth": .list([c[.growth0], c[.growth2]]), "trace_mean": .number(c[.traceMean]),
      "trace_mean_by": .text(method.traceMeanBy.rawValue), "exploration": .text(method.kicks.rawValue),
      "learner": .text(configuration.rival?.rawValue ?? LearnerKind.threeFactor.rawValue),
      "engine": .text(configuration.engine == .forward ? "forward" : "adjoint"),
      "directions": .texts(subject.directions.map(\.name)), "critic": .text(method.critic.rawValue),
      "weight_degree": .whole(subject.rule.weightDegree), "nonlinearity": .text(method.nonlinearity.rawValue),
      "connectivity": .number(method.wiring.connectivity), "autapses": .flag(method.wiring.autapses),
      "excitatory": method.wiring.excitatory.map { .number($0) } ?? .null,
      "task": .text(TaskFile.shownName(subject.cell.settings.tasks[0])),
      "plastic": .texts(method.plastic.map(\.rawValue)),
      "theta_layers": .texts(subject.rule.shape.layers.map(\.rawValue)),
      "eta_input": .number(c[.inputRate]), "eta_readout": .number(c[.readoutRate]),
      "seed": .whole(Int(configuration.meta.seed)), "cell": .text(subject.cell.keyText),
      "simd": .text(level.rawValue),
    ]
  }
}

import Foundation
import Kernels
import Model
import Plasticity
import Sweep
import Tasks

/// One lifetime with everything that went in and came out, for an outsider to compute again.
///
/// All arrays are float64 in the method's own index order. Rows of outputs from a divergence on are NaN, and so are U
/// and the four estimates; inputs are whole.
public struct LifetimeExport: Sendable {
  public struct Array: Sendable {
    public var name: String
    public var values: [Double]
    public var shape: [Int]
  }
  public var arrays: [Array]
  /// `constants.json`.
  public var constants: [String: Constant]
  public var divergedAt: Int?
  /// Mean reward and mean late accuracy.
  public var score: Double
  public var lateAccuracy: Double

  public enum Constant: Sendable, Encodable {
    case whole(Int)
    case number(Double)
    case text(String)
    case list([Double])
    case null

    public func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .whole(let value): try container.encode(value)
      case .number(let value): try container.encode(value)
      case .text(let value): try container.encode(value)
      case .list(let values): try container.encode(values)
      case .null: try container.encodeNil()
      }
    }

    static func finite(_ value: Double) -> Constant { value.isFinite ? .number(value) : .null }
  }

  /// Runs lifetime 0 of meta-iteration 0.
  /// - Parameter rule: degree and theta in place of the cell's start rule; scales are measured for it here.
  public init(_ cell: Cell, rule other: (degree: Int, theta: [Double])? = nil, level: SIMDLevel) throws {
    var configuration = try CellConfiguration(cell.settings)
    guard other != nil || configuration.rival == nil else { throw RivalError(noRuleIn: cell) }
    try configuration.requireDerivatives(for: "lifetime")
    if let other {
      configuration.rival = nil
      configuration.degree = other.degree
      configuration.start = .entries(other.theta)
    }
    let scales = configuration.scales(level: level)
    let rule = configuration.startRule(scales: scales)
    let task = configuration.tasks[0]
    let method = configuration.method
    let runner = task.runner(method, double: configuration.isDouble, level: level)
    let address = LifetimeAddress(seed: configuration.meta.seed, domain: .training, index: 0)
    let network = runner.network(address)
    var inputs = task.inputs(address, method: method, constants: rule.constants)
    if !configuration.isDouble { inputs.trials = inputs.trials.map { $0.roundedToFloat } }

    let p = rule.theta.count
    let n = method.units
    let h = method.trials
    var outputs = Outputs(trials: h, units: n, directions: p)
    let outcome = runner.run(
      address, rule: rule,
      request: LifetimeRequest(estimators: [.tangent, .antithetic, .pathwise, .score], directions: 0..<p)
    ) { index, record in
      inputs.trials[index].initial = record.initial
      inputs.trials[index].noise = record.noise
      inputs.trials[index].kicks = record.kicks
      outputs.take(index, record)
    }
    if let last = outcome.divergedAt {
      // Its kicks had the gate's factor too, and left no record.
      let factor = outputs.kickFactor(before: last, inputs.trials, rule.constants, method)
      inputs.trials[last].kicks = inputs.trials[last].kicks.map { kick in
        configuration.isDouble ? kick * factor : Double(Float(kick * factor))
      }
    }
    divergedAt = outcome.divergedAt
    score = outcome.score(method.reward)
    lateAccuracy = outcome.lateAccuracy(method)
    if outcome.divergedAt != nil { outputs.tangents = .init(repeating: .nan, count: p * n * n) }

    let (m, k, t) = (inputs.inputs, inputs.outputs, inputs.steps)
    let trials = inputs.trials
    arrays = [
      Array(name: "W0", values: network.weights, shape: [n, n]),
      Array(name: "Win", values: network.inputWeights, shape: [n, m]),
      Array(name: "Wout", values: network.readout, shape: [k, n]),
      Array(name: "x0", values: trials.flatMap(\.initial), shape: [h, n]),
      Array(name: "u", values: trials.flatMap(\.input), shape: [h, t, m]),
      Array(name: "y", values: trials.flatMap(\.target), shape: [h, t, k]),
      Array(
        name: "window", values: trials.flatMap { trial in (0..<t).map { trial.window.contains($0) ? 1 : 0 } },
        shape: [h, t]),
      Array(name: "condition", values: trials.map { Double($0.condition) }, shape: [h]),
      Array(name: "xi", values: trials.flatMap(\.noise), shape: [h, n, n]),
      Array(name: "kicks", values: trials.flatMap(\.kicks), shape: [h, t, n]),
      Array(name: "theta", values: rule.theta, shape: [p]),
      Array(name: "scale", values: rule.scale, shape: [p]),
      Array(name: "R", values: outputs.rewards, shape: [h]),
      Array(name: "Rbar", values: outputs.baselines, shape: [h]),
      Array(name: "W", values: outputs.weights, shape: [h, n, n]),
      Array(name: "U", values: outputs.tangents, shape: [p, n, n]),
      Array(name: "Rdot", values: outputs.rewardTangents, shape: [h, p]),
      Array(name: "R_antithetic", values: outputs.twins, shape: [h]),
    ]
    let lost = [Double](repeating: .nan, count: p)
    for estimator in [Estimator.tangent, .antithetic, .pathwise] {
      arrays.append(
        Array(name: "g_\(estimator)", values: outcome.gradients[estimator] ?? lost, shape: [p]))
    }
    let score = ScoreEstimate.gradient(
      rewards: outcome.rewards, baselines: .init(repeating: 0, count: h), products: outcome.scoreProducts)
    arrays.append(Array(name: "g_score", values: outcome.divergedAt == nil ? score : lost, shape: [p]))
    constants = Self.constants(
      cell, configuration, rule, sizes: ["N": n, "M": m, "K": k, "T": t, "H": h, "d": rule.degree],
      divergedAt: outcome.divergedAt, level: level)
  }

  private static func constants(
    _ cell: Cell, _ configuration: CellConfiguration, _ rule: Rule, sizes: [String: Int], divergedAt: Int?,
    level: SIMDLevel
  ) -> [String: Constant] {
    let method = configuration.method
    let c = rule.constants
    var constants: [String: Constant] = sizes.mapValues { .whole($0) }
    let rest: [String: Constant] = [
      "dt": .number(method.timeStep), "tau": .number(method.tau), "tau_bar": .number(c[.tauBar]),
      "tau_e": .finite(c[.tauE]), "eta": .number(c[.eta]), "a_R": .number(c[.baselineRate]),
      "sigma": .number(method.weightNoise), "bound": .number(method.bound), "clip": .finite(c[.clip]),
      "horizon": method.horizon.map { .whole($0) } ?? .null, "reward": .text(method.reward.rawValue),
      "diverged_at": divergedAt.map { .whole($0) } ?? .null,
      "precision": .text(configuration.isDouble ? "double" : "float"), "p": .number(c[.probability]),
      "A": .number(c[.amplitude]), "gate": .number(c[.gate]), "growth": .list([c[.growth0], c[.growth2]]),
      "exploration": .text(method.kicks.rawValue), "task": .text(TaskFile.shownName(cell.settings.tasks[0])),
      "seed": .whole(Int(configuration.meta.seed)), "cell": .text(cell.keyText),
      "simd": .text(level.rawValue),
    ]
    constants.merge(rest) { _, new in new }
    return constants
  }
}

/// What comes out, trial by trial; NaN until a trial has run.
private struct Outputs {
  var rewards: [Double]
  var baselines: [Double]
  var weights: [Double]
  var rewardTangents: [Double]
  var twins: [Double]
  var tangents: [Double]

  init(trials: Int, units: Int, directions: Int) {
    rewards = Array(repeating: .nan, count: trials)
    baselines = rewards
    twins = rewards
    weights = Array(repeating: .nan, count: trials * units * units)
    rewardTangents = Array(repeating: .nan, count: trials * directions)
    tangents = Array(repeating: .nan, count: directions * units * units)
  }

  mutating func take(_ h: Int, _ record: TrialRecord) {
    rewards[h] = record.reward
    baselines[h] = record.baseline
    twins[h] = record.twinReward
    put(record.weights, h, &weights)
    put(record.rewardTangents, h, &rewardTangents)
    if !record.tangents.isEmpty { tangents = record.tangents }
  }

  /// Factor of the kicks in trial `h`, by the rewards of the trials before it.
  func kickFactor(
    before h: Int, _ trials: [TrialInputs], _ constants: LocalConstants, _ method: Method
  ) -> Double {
    var baseline: Double?
    for earlier in 0..<h where trials[earlier].condition == trials[h].condition {
      let used = baseline ?? rewards[earlier]
      baseline = used + constants[.baselineRate] * (rewards[earlier] - used)
    }
    return Mechanisms(constants, traceMeanBy: method.traceMeanBy).kickFactor(baseline: baseline)
  }

  private func put(_ values: [Double], _ h: Int, _ target: inout [Double]) {
    target.replaceSubrange(h * values.count..<(h + 1) * values.count, with: values)
  }
}

extension TrialInputs {
  /// As a Float engine sees it.
  fileprivate var roundedToFloat: TrialInputs {
    var result = self
    result.initial = initial.map { Double(Float($0)) }
    result.noise = noise.map { Double(Float($0)) }
    result.kicks = kicks.map { Double(Float($0)) }
    return result
  }
}

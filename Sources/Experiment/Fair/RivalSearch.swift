import Model
import Plasticity
import Sweep

/// What learned rules are compared with: a hand-made rule, a rule file or a rival learner, whose own constants are to
/// be tuned as hard as the rules were learned.
public struct RivalSearch: Sendable {
  public enum Kind: Sendable, Equatable {
    /// theta stays as it is.
    case rule(degree: Int, theta: [Double])
    case rival(LearnerSetting)
  }
  public var name: String
  public var kind: Kind
  /// Constants that belong to the rule and replace those of the configuration as the start, by name.
  public var constants: [String: Double]
  /// What is tuned, as `meta.learn` names it; empty for every constant that has an effect on this learner.
  public var tuned: [String]

  public init(name: String, kind: Kind, constants: [String: Double] = [:], tuned: [String] = []) {
    self.name = name
    self.kind = kind
    self.constants = constants
    self.tuned = tuned
  }

  /// A learned cell's settings with this rival in the rule's place.
  ///
  /// Task, network, noise, seed, batch size (at least 4, even), learning rate and validation stay as they are.
  /// - Parameters:
  ///   - start: factor of eta where the search begins.
  ///   - lifetimes: training and validation, at least; see `MetaSettings.taking`.
  /// - Throws: `SettingsProblem` where the settings do not suit the rival, such as a constant to tune that is off.
  public func settings(
    against learned: Settings, start: Double, lifetimes: Int, schema: SettingsSchema = .trifactor
  ) throws -> Settings {
    let standard = Settings()
    var settings = learned
    settings.engine = standard.engine
    settings.memory = standard.memory
    switch kind {
    case .rule(let degree, let theta):
      settings.learner = .threeFactor
      settings.rule.degree = degree
      settings.rule.theta = .entries(theta)
    case .rival(let learner):
      settings.learner = learner
      settings.rule.degree = 0
      settings.rule.theta = .entries([0])
      settings.rule.growth = [0, 0]
    }
    for (name, value) in constants { settings.set(constant: name, to: value) }
    settings.rule.eta *= start
    settings.meta.estimator = .evolution
    settings.meta.horizon = standard.meta.horizon
    settings.meta.lifetimes = max(4, (learned.meta.lifetimes + 1) / 2 * 2)
    settings.meta.learn = tuned.isEmpty ? effective(in: settings) : tuned
    settings.meta = settings.meta.taking(lifetimes: lifetimes)
    // Its fresh networks are met afterwards, by the best start alone.
    settings.evaluation.networks = 1
    try schema.validate(settings)
    return settings
  }

  /// The constants that are on and change what this learner does; gate and growth only where the rule brings them.
  private func effective(in settings: Settings) -> [String] {
    let isRival = settings.learner.isRival
    let kicks = settings.exploration.kind
    let all: [(name: String, counts: Bool)] = [
      ("eta", settings.rule.eta > 0), ("clip", settings.rule.clip != nil),
      ("tau-e", !isRival && settings.rule.tauE != nil), ("tau-bar", !isRival),
      ("baseline-rate", settings.rule.baselineRate > 0),
      ("probability", kicks == .sparse && settings.exploration.probability > 0),
      ("amplitude", kicks != .none && settings.exploration.amplitude > 0),
      ("gate", constants["gate"] != nil && kicks != .none),
      ("growth", !isRival && constants.keys.contains { $0.hasPrefix("growth") }),
    ]
    return all.filter(\.counts).map(\.name)
  }
}

extension Settings {
  /// Sets a local constant by the name that records and rule files have for it.
  fileprivate mutating func set(constant name: String, to value: Double) {
    switch name {
    case "eta": rule.eta = value
    case "clip": rule.clip = value.isFinite ? value : nil
    case "tau-e": rule.tauE = value.isFinite ? value : nil
    case "tau-bar": rule.tauBar = value
    case "baseline-rate": rule.baselineRate = value
    case "probability": exploration.probability = value
    case "amplitude": exploration.amplitude = value
    case "gate": exploration.gate = value
    case "growth-0": rule.growth[0] = value
    case "growth-2": rule.growth[1] = value
    default: brokenInvariant("\(name) is no local constant; RuleFile checks their names")
    }
  }
}

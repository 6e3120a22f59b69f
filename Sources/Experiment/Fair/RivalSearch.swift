import Model
import Plasticity
import Sweep

/// A rival of learned rules: a hand-made rule, a rule file or a rival learner, whose constants are to be tuned with as much
/// effort as the rules were learned.
public struct RivalSearch: Sendable {
  public enum Kind: Sendable, Equatable {
    /// theta stays as it is.
    case rule(degree: Int, theta: [Double], layers: [Layer] = [])
    case rival(RivalRule)
  }
  public var name: String
  public var kind: Kind
  /// Constants of the rule, which replace those of the configuration as the start.
  public var constants: [LocalConstant: Double]
  /// What else a rule file replaces.
  public var frame: RuleFrame
  /// A sentence about what the rule file leaves open; nil where it gives everything.
  public var note: String?
  /// What is tuned, as `meta.learn` names it; empty for every constant that has an effect on this learner.
  public var tuned: [String]

  public init(
    name: String, kind: Kind, constants: [LocalConstant: Double] = [:], tuned: [String] = [],
    frame: RuleFrame = RuleFrame()
  ) {
    self.name = name
    self.kind = kind
    self.constants = constants
    self.tuned = tuned
    self.frame = frame
  }

  /// The settings of a learned cell with this rival in place of the rule.
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
    case .rule(let degree, let theta, let layers):
      settings.learner = .threeFactor
      settings.rule.degree = degree
      settings.rule.weightDegree =
        RuleShape(degree: degree, coefficients: theta.count, layers: layers).weightDegree
      settings.rule.plastic = frame.plastic ?? settings.rule.plastic
      settings.rule.thetaBy = layers.isEmpty ? .all : .layer
      settings.rule.terms = nil
      settings.rule.theta = .entries(theta)
    case .rival(let rival):
      settings.learner = .rival(rival)
      settings.rule.degree = 0
      settings.rule.weightDegree = 0
      settings.rule.plastic = [.recurrent]
      settings.rule.thetaBy = .all
      settings.rule.terms = nil
      settings.rule.theta = .entries([0])
    }
    // A learner has only its own mechanisms, whatever the configuration says.
    for constant in LocalConstant.allCases where !settings.learner.has(constant.declaration) {
      if constant.declaration.mechanism != nil {
        settings.constants[constant] = constant.declaration.standard
      }
    }
    settings.constants = settings.constants.replacing(constants)
    for constant in LocalConstant.allCases where !settings.rule.uses(constant) {
      settings.constants[constant] = constant.declaration.standard
    }
    settings.exploration.kind = frame.kicks ?? settings.exploration.kind
    settings.rule.traceMeanBy = frame.traceMeanBy ?? settings.rule.traceMeanBy
    settings.rule.critic = frame.critic ?? settings.rule.critic
    settings.rule.normalise = frame.normalise ?? settings.rule.normalise
    settings.constants[.eta] *= start
    settings.meta.estimator = .evolution
    settings.meta.horizon = standard.meta.horizon
    settings.meta.lifetimes = max(4, (learned.meta.lifetimes + 1) / 2 * 2)
    settings.meta.learn = tuned.isEmpty ? effective(in: settings) : tuned
    settings.meta = settings.meta.taking(lifetimes: lifetimes)
    // Only the best start is tested on fresh networks, after all searches.
    settings.evaluation.networks = 1
    try schema.validate(settings)
    return settings
  }

  /// The constants that are on and change what this learner does; those of mechanisms only if the rule turns them on.
  private func effective(in settings: Settings) -> [String] {
    ConstantSetting.all.filter { setting in
      let declared = setting.declaration
      return settings.learner.has(declared)
        && declared.kicks?.contains(settings.exploration.kind) != false
        && setting.canBeLearned(from: settings.constants)
        && setting.constants.allSatisfy(settings.rule.uses)
        && (declared.mechanism == nil || setting.constants.contains { constants[$0] ?? 0 != 0 })
    }.map(\.name)
  }
}

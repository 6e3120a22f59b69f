import Model

/// One fully resolved configuration: every setting of a sweep file with its value. Times in milliseconds.
///
/// The initial values here are the defaults of a sweep file, but for those that depend on other settings, which
/// `SettingsSchema.completed` fills in: `form`, `options`, `time.step`, `rule.degree`, `rule.theta` and
/// `exploration.weightNoise`.
public struct Settings: Sendable, Equatable {
  /// One or more tasks (several: multi-task training inside one cell).
  public var tasks: [String] = ["cue-association"]
  /// Those of the tasks that come from files, by their names in `tasks`.
  public var taskFiles: [String: TaskFile] = [:]
  /// A form of the task; `default` where several tasks each keep their own first form.
  public var form: String = "full"
  /// Options of the task, by name.
  public var options: [String: [Double]] = [:]
  public var seed: UInt64 = 0
  /// H.
  public var trials: Int = 200
  public var reward: RewardKind = .absolute
  public var precision: Precision = .float
  public var learner: LearnerKind = .threeFactor
  public var engine: Engine = .forward
  /// Bytes the adjoint engine may use, nil for no bound.
  public var memory: Int?
  public var network = NetworkSettings()
  public var time = TimeSettings()
  public var rule = RuleSettings()
  /// `rule.eta`, `exploration.gate` and the others that `LocalConstant` lists.
  public var constants = LocalConstants()
  public var exploration = ExplorationSettings()
  public var meta = MetaSettings()
  public var evaluation = EvaluationSettings()

  public init() {}
}

public enum Precision: String, Sendable, CaseIterable { case float, double }

public struct NetworkSettings: Sendable, Equatable {
  /// N.
  public var units: Int = 32
  /// g.
  public var gain: Double = 1.5
  public var inputScale: Double = 4
  public var readoutScale: Double = 1
  public var initialScale: Double = 0.1
  public var initialPerTrial: Bool = false
  public var tau: Double = 80
  public var wiring = Wiring()
  public var nonlinearity: Nonlinearity = .tanh

  public init() {}
}

public struct RuleSettings: Sendable, Equatable {
  /// d.
  public var degree: Int = 3
  public var theta: StartTheta = .entries([0, 0, 0, 0, 0, 0.3] + [Double](repeating: 0, count: 10))
  public var normalise: Bool = true
  public var traceMeanBy: TraceMeanGroup = .condition
  /// What R is measured against.
  public var critic: CriticKind = .condition
  /// M.
  public var weightDegree: Int = 0
  /// The coefficients that exist, in their order; nil: all.
  public var terms: [Term]?

  /// The synapses that learn, ascending.
  public var plastic: [Layer] = [.recurrent]
  /// What has coefficients of its own.
  public var thetaBy: ThetaGroup = .all

  public static let weightDegrees = 0...2

  public var shape: RuleShape {
    RuleShape(degree: degree, weightDegree: weightDegree, layers: thetaBy == .layer ? plastic : [])
  }

  /// True for a coefficient that exists; for a term that names no layer, where it exists in one at least.
  public func has(_ term: Term) -> Bool {
    guard shape.has(term) else { return false }
    guard let places else { return true }
    return shape.places(of: term).contains(where: places.contains)
  }

  /// Flat indices of the coefficients that exist, ascending; nil: all.
  public var places: [Int]? {
    terms.map { Set($0.filter(shape.has).flatMap(shape.places)).sorted() }
  }

  /// Coefficients that exist.
  public var existing: Int { places?.count ?? shape.coefficients }

  /// False for a constant of a layer of synapses that does not learn.
  public func uses(_ constant: LocalConstant) -> Bool {
    switch constant {
    case .inputRate: plastic.contains(.input)
    case .readoutRate: plastic.contains(.readout)
    default: true
    }
  }

  public init() {}
}

public enum StartTheta: Sendable, Equatable {
  /// theta[k,l] by [k (degree + 1) + l].
  case entries([Double])
  /// Normal, scaled to norm 2, drawn from the cell's seed.
  case random

  /// theta_11 = 0.3 and nothing else; all zero where that does not exist.
  public static func standard(_ rule: RuleSettings) -> StartTheta {
    var theta = [Double](repeating: 0, count: rule.shape.coefficients)
    let linear = Term(k: 1, l: 1)
    if rule.shape.has(linear) {
      for place in rule.shape.places(of: linear) where rule.places?.contains(place) ?? true {
        theta[place] = 0.3
      }
    }
    return .entries(theta)
  }

  /// The same of all terms of one degree.
  public static func standard(degree: Int) -> StartTheta {
    var rule = RuleSettings()
    rule.degree = degree
    return standard(rule)
  }
}

public struct ExplorationSettings: Sendable, Equatable {
  public var kind: KickKind = .sparse
  /// sigma.
  public var weightNoise: Double = 0.003

  public init() {}
}

public struct MetaSettings: Sendable, Equatable {
  public var estimator: Estimator = .antithetic
  /// nil: no horizon.
  public var horizon: Int? = 20
  /// B.
  public var lifetimes: Int = 4
  public var iterations: Int = 120
  public var learningRate: Double = 0.03
  /// Multiple of the running median norm, or of |J+ - J-| for evolution; nil: off.
  public var gradientClip: Double? = 3
  /// `theta` and names of local constants.
  public var learn: [String] = ["theta"]
  /// After a step every coefficient moves towards 0 by the learning rate times this.
  public var l1: Double = 0
  public var validationNetworks: Int = 24
  public var validationEvery: Int = 10

  public init() {}
}

public struct EvaluationSettings: Sendable, Equatable {
  public var networks: Int = 60
  public var criterionCorrect: Int = 18
  public var criterionOf: Int = 20

  public init() {}
}

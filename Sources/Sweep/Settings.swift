/// One fully resolved configuration: every setting of a sweep file with its value. Times in milliseconds.
public struct Settings: Sendable, Equatable {
  /// One or more tasks (several: multi-task training inside one cell).
  public var tasks: [String]
  public var form: String
  /// Options of the task, by name.
  public var options: [String: [Double]]
  public var seed: UInt64
  /// H.
  public var trials: Int
  public var reward: RewardSetting
  public var precision: Precision
  public var engine: Engine
  /// Bytes the adjoint engine may use, nil for no bound.
  public var memory: Int?
  public var network: NetworkSettings
  public var time: TimeSettings
  public var rule: RuleSettings
  public var exploration: ExplorationSettings
  public var meta: MetaSettings
  public var evaluation: EvaluationSettings
}

public enum RewardSetting: String, Sendable, CaseIterable { case absolute, squared, binary }
public enum Precision: String, Sendable, CaseIterable { case float, double }
public enum Engine: String, Sendable, CaseIterable { case forward, adjoint }
public enum ExplorationKind: String, Sendable, CaseIterable { case none, sparse, gaussian }
public enum Estimator: String, Sendable, CaseIterable { case tangent, antithetic, score, pathwise, evolution }

public struct NetworkSettings: Sendable, Equatable {
  public var units: Int
  public var gain: Double
  public var inputScale: Double
  public var readoutScale: Double
  public var initialScale: Double
  public var initialPerTrial: Bool
  public var tau: Double
}

public struct TimeSettings: Sendable, Equatable {
  public var step: Double
  /// nil: the task's own length.
  public var trial: Double?
}

public struct RuleSettings: Sendable, Equatable {
  public var degree: Int
  public var theta: StartTheta
  public var normalise: Bool
  public var eta: Double
  /// nil: off.
  public var clip: Double?
  public var tauBar: Double
  /// nil: infinite.
  public var tauE: Double?
  public var baselineRate: Double
  /// lam_0, lam_2.
  public var growth: [Double]
}

public enum StartTheta: Sendable, Equatable {
  /// theta[k,l] by [k (degree + 1) + l].
  case entries([Double])
  /// Normal, scaled to norm 2, drawn from the cell's seed.
  case random
}

public struct ExplorationSettings: Sendable, Equatable {
  public var kind: ExplorationKind
  public var probability: Double
  public var amplitude: Double
  public var gate: Double
  /// sigma.
  public var weightNoise: Double
}

public struct MetaSettings: Sendable, Equatable {
  public var estimator: Estimator
  /// nil: no horizon.
  public var horizon: Int?
  public var lifetimes: Int
  public var iterations: Int
  public var learningRate: Double
  /// Multiple of the running median norm; nil: off.
  public var gradientClip: Double?
  /// `theta` and names of local constants.
  public var learn: [String]
  public var validationNetworks: Int
  public var validationEvery: Int
}

public struct EvaluationSettings: Sendable, Equatable {
  public var networks: Int
  public var criterionCorrect: Int
  public var criterionOf: Int
}

/// Everything needed to continue after `iteration` iterations; parameters are theta followed by the local
/// constants.
public struct StateRecord: Sendable, Equatable {
  public var cell: UInt64
  /// Iterations done.
  public var iteration: UInt32 = 0
  /// Evaluation networks done: (role, network) pairs in their fixed order.
  public var evaluated: UInt32 = 0
  public var optimiserSteps: UInt64 = 0
  public var lifetimes: UInt64 = 0
  public var divergedLifetimes: UInt64 = 0
  /// Evaluation networks on which the learned rule diverged.
  public var divergedNetworks: UInt64 = 0
  public var runningNorm = Double.nan
  public var bestReward = Double.nan
  public var bestIteration: UInt32 = 0
  public var bestNorm = Double.nan
  public var tailCount: UInt32 = 0
  public var lastValidationReward = Double.nan
  /// P + constants each: current, Adam's two moments, best on validation, sum over the last quarter.
  public var parameters: [Double] = []
  public var firstMoment: [Double] = []
  public var secondMoment: [Double] = []
  public var bestParameters: [Double] = []
  public var tailSum: [Double] = []
  /// s, P.
  public var scale: [Double] = []
}

extension StateRecord: StoredRecord {
  public static let kind = RecordKind.state

  public static let fields: [RowField<Self>] = [
    RowField("iteration", \.iteration), RowField("evaluated", \.evaluated),
    RowField("best_iteration", \.bestIteration), RowField("tail_count", \.tailCount),
    RowField("optimiser_steps", \.optimiserSteps), RowField("lifetimes", \.lifetimes),
    RowField("diverged_lifetimes", \.divergedLifetimes), RowField("diverged_networks", \.divergedNetworks),
    RowField("running_norm", \.runningNorm), RowField("best_reward", \.bestReward),
    RowField("best_norm", \.bestNorm), RowField("last_validation_reward", \.lastValidationReward),
    RowField("parameters", \.parameters, .firstParameters),
    RowField("first_moment", \.firstMoment, .firstParameters),
    RowField("second_moment", \.secondMoment, .firstParameters),
    RowField("best_parameters", \.bestParameters, .firstParameters),
    RowField("tail_sum", \.tailSum, .firstParameters), RowField("scale", \.scale, .coefficients),
    RowField("more_parameters", ends: coordinates, .constants(since: 2), since: 2),
    RowField("layer_parameters", ends: coordinates, .constants(since: 3), since: 3),
  ]

  private static var coordinates: [RowField<StateRecord>.Path<[Double]>] {
    [\.parameters, \.firstMoment, \.secondMoment, \.bestParameters, \.tailSum]
  }

  public init(cell: UInt64) { self.cell = cell }
}

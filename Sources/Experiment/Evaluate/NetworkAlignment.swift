import Model
import Plasticity

/// Alignment along the lifetime of one fresh network: what members of a team send each other.
public struct NetworkAlignment: Sendable, Equatable {
  /// nil for a lifetime that did not diverge.
  public var divergedAt: Int?
  public var lateReward = Double.nan
  public var lateAccuracy = Double.nan
  /// Every planned point; those that a diverged lifetime never reached have no draws.
  public var points: [AlignmentPoint] = []

  public init() {}

  init(_ outcome: LifetimeOutcome, _ plan: AlignmentPlan, method: Method) {
    divergedAt = outcome.divergedAt
    lateReward = outcome.lateReward(method)
    lateAccuracy = outcome.lateAccuracy(method)
    points = plan.trials(of: method.trials).enumerated().map { place, trial in
      place < outcome.alignment.count ? outcome.alignment[place] : AlignmentPoint(trial: trial)
    }
  }
}

extension NetworkAlignment: TeamRow {
  public static var fields: [TeamField<Self>] {
    [
      .optionalCount(\.divergedAt), .number(\.lateReward), .number(\.lateAccuracy), .numbers(\.flat),
    ]
  }

  private static let numbers: [WritableKeyPath<AlignmentPoint, Double> & Sendable] = [
    \.reward, \.cosine, \.product, \.updateSquare, \.updateVariance, \.gradientSquare, \.gradientVariance,
  ]

  /// The points one after the other: trial, draws, then their numbers.
  private var flat: [Double] {
    get {
      points.flatMap { point in
        [Double(point.trial), Double(point.draws)] + Self.numbers.map { point[keyPath: $0] }
      }
    }
    set {
      let width = Self.numbers.count + 2
      points = stride(from: 0, to: newValue.count, by: width).map { start in
        var point = AlignmentPoint(trial: Int(newValue[start]))
        point.draws = Int(newValue[start + 1])
        for (place, path) in Self.numbers.enumerated() { point[keyPath: path] = newValue[start + 2 + place] }
        return point
      }
    }
  }
}

import Kernels
import Model

/// What a horizon does to the gradient by theta and by every constant.
///
/// A horizon drops what W carries from trial to trial. The effect of a rate (eta, tau-e, baseline-rate, ...) on reward is
/// late, so that its gradient loses more than that of a coefficient (Wu et al., ICLR 2018). Here the same lifetimes are
/// differentiated with and without horizons, by the reverse sweep: every estimate is of one lifetime, and differences are
/// taken lifetime by lifetime.
public struct HorizonAudit: Sendable {
  public static let standardHorizons = [100, 50, 20, 10, 5, 1]

  /// The gradient under one horizon.
  public struct Row: Sendable, Equatable {
    /// nil for none.
    public var horizon: Int?
    /// By coordinate.
    public var gradient: [EstimatorAudit.Mean]
    /// The same minus that without a horizon.
    public var bias: [EstimatorAudit.Mean]
  }

  /// `pathwise` where the reward has a derivative, else `tangent`.
  public let estimator: Estimator
  /// All coefficients, then the constants.
  public let coordinates: [RuleCoordinate]
  /// No horizon first; empty where fewer than two lifetimes counted, or where nothing carries a gradient.
  public private(set) var rows: [Row] = []
  /// Lifetimes that counted, and those that diverged or have no finite gradient.
  public private(set) var lifetimes = 0
  public private(set) var dropped = 0

  /// - Parameters:
  ///   - subject: its address is the first lifetime; those after it follow by index.
  ///   - horizons: those shorter than a lifetime are tried.
  ///   - samples: lifetimes.
  ///   - double: precision of the lifetimes.
  public init(_ subject: AuditSubject, horizons: [Int], samples: Int, double: Bool) {
    estimator = subject.method.reward == .binary ? .tangent : .pathwise
    coordinates = subject.rule.thetaCoordinates + subject.constants.map { .constant($0) }
    guard estimator == .pathwise || subject.method.weightNoise > 0 else { return }
    let tried: [Int?] = [nil] + Set(horizons).filter { $0 < subject.method.trials }.sorted(by: >)
    let found = tried.map { horizon in
      Self.gradients(subject, estimator, coordinates, horizon: horizon, samples: samples, double: double)
    }
    let whole = (0..<samples).filter { index in found.allSatisfy { $0[index] != nil } }
    lifetimes = whole.count
    dropped = samples - lifetimes
    guard lifetimes >= 2 else { return }
    rows = zip(tried, found).map { horizon, gradients in
      Row(
        horizon: horizon,
        gradient: coordinates.indices.map { p in EstimatorAudit.Mean(whole.map { gradients[$0]![p] }) },
        bias: coordinates.indices.map { p in
          EstimatorAudit.Mean(whole.map { gradients[$0]![p] - found[0][$0]![p] })
        })
    }
  }

  /// Of every lifetime; nil for one without a gradient.
  private static func gradients(
    _ subject: AuditSubject, _ estimator: Estimator, _ coordinates: [RuleCoordinate], horizon: Int?,
    samples: Int, double: Bool
  ) -> [[Double]?] {
    var method = subject.method
    method.horizon = horizon
    // The square root of H keeps memory small at the price of a second primal.
    let tape = Int(Double(method.trials).squareRoot().rounded(.up))
    let runner = subject.task.runner(
      method, double: double, level: subject.level, engine: .adjoint(tapeLength: tape))
    return (0..<samples).map { index in
      var address = subject.address
      address.index += UInt32(index)
      return runner.run(
        address, rule: subject.rule,
        request: LifetimeRequest(
          estimators: [estimator], coordinates: coordinates, directions: 0..<coordinates.count)
      ).gradients[estimator]
    }
  }

  /// The share of the gradient without a horizon that `row` keeps: of constants and coefficients as ratio of means, by
  /// coordinate; NaN where there is nothing to keep.
  public func kept(_ row: Row) -> [Double] {
    zip(row.gradient, rows[0].gradient).map { $0.value / $1.value }
  }

  /// The same of theta as a whole: its mean gradient along the one without a horizon.
  public func keptOfTheta(_ row: Row) -> Double {
    let places = coordinates.indices.filter { coordinates[$0].constant == nil }
    let whole = places.map { rows[0].gradient[$0].value }
    let own = places.map { row.gradient[$0].value }
    return zip(own, whole).reduce(0) { $0 + $1.0 * $1.1 } / whole.reduce(0) { $0 + $1 * $1 }
  }
}

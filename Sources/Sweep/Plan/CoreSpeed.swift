import Foundation
import Model

/// How fast one core does the credited work of a cell.
public struct CoreSpeed: Sendable, Equatable {
  /// What the trials of a lifetime do beside running the network. Each comes to another share of what a core can do.
  public enum Work: String, Sendable, CaseIterable {
    /// No gradient: evolution, validation and evaluation.
    case primal
    case score, forward, adjoint

    public init(_ engine: Engine, _ estimator: Estimator) {
      switch estimator {
      case .evolution: self = .primal
      case .score: self = .score
      case .tangent, .antithetic, .pathwise: self = engine == .forward ? .forward : .adjoint
      }
    }
  }

  /// The numbers of units at which speeds were measured.
  public static let sizes = [32, 64, 128, 256]

  /// Credited GFLOP/s in Float at every one of `sizes`.
  private let rates: [Work: [Double]]
  /// Double has half the lanes.
  private let doubleShare: Double

  private init(rates: [Work: [Double]], doubleShare: Double) {
    self.rates = rates
    self.doubleShare = doubleShare
  }

  /// The same speed for everything, in credited GFLOP/s.
  public init(everywhere rate: Double) {
    invariant(rate > 0, "a core does more than \(rate) GFLOP/s")
    let same = Array(repeating: rate, count: Self.sizes.count)
    rates = Dictionary(uniqueKeysWithValues: Work.allCases.map { ($0, same) })
    doubleShare = 1
  }

  /// What one core with AVX-512 did in `sweeps/results/what-a-cell-costs.md`, medians over ten tasks (T = 24, d = 3); a test
  /// holds the two together. A core with AVX2, or a slower clock, may do half.
  public static let standard = CoreSpeed(
    rates: [
      .primal: [103, 136, 131, 127], .score: [107, 146, 152, 154], .forward: [138, 148, 146, 143],
      .adjoint: [130, 165, 160, 158],
    ], doubleShare: 0.5)

  /// Credited GFLOP/s: between two sizes linear in log N, beyond the first and last as there.
  public func gigaflops(_ work: Work, units: Int, precision: Precision) -> Double {
    let own = rates[work]!
    let share = precision == .double ? doubleShare : 1
    guard let above = Self.sizes.firstIndex(where: { $0 >= units }) else { return share * own.last! }
    guard above > 0 else { return share * own[0] }
    let (low, high) = (Double(Self.sizes[above - 1]), Double(Self.sizes[above]))
    let place = log2(Double(units) / low) / log2(high / low)
    return share * (own[above - 1] + place * (own[above] - own[above - 1]))
  }
}

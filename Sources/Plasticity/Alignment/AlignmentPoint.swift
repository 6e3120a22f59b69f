import Foundation

/// Whether a learner moves W uphill, before one trial of one lifetime.
///
/// mu is the change that one trial makes of W, without weight noise; g = dR/dW of the same trial, exact, at fixed kicks.
/// Both vary from draw to draw, so means over finitely many draws hold noise: `cosine` is that of the means as they are,
/// `noiseFreeCosine` that of the expectations, from products of different draws only. All numbers are NaN where fewer
/// than two draws counted.
public struct AlignmentPoint: Sendable, Equatable {
  /// The trial that would run next.
  public var trial: Int
  /// Draws that counted; the others diverged.
  public var draws = 0
  /// Mean R over the draws.
  public var reward = Double.nan
  /// <mean mu, mean g> / (|mean mu| |mean g|); NaN where one of them is 0.
  public var cosine = Double.nan
  /// <E mu, E g>, without bias.
  public var product = Double.nan
  /// |E mu|^2 and E |mu - E mu|^2, without bias: the former may come out below 0.
  public var updateSquare = Double.nan
  public var updateVariance = Double.nan
  /// The same of g.
  public var gradientSquare = Double.nan
  public var gradientVariance = Double.nan
  /// Where they were asked for.
  public var kept: [AlignmentDraw] = []

  public init(trial: Int) { self.trial = trial }

  /// <E mu, E g> / (|E mu| |E g|), NaN where a square is not above 0. Its estimate may lie a little outside of -1...1.
  public var noiseFreeCosine: Double { Self.cosine(product, updateSquare, gradientSquare) }

  /// |E mu| / sqrt(E |mu - E mu|^2) of one draw; infinite where all draws are alike.
  public var signalToNoise: Double { Self.signalToNoise(updateSquare, updateVariance) }

  public static func cosine(_ product: Double, _ square: Double, _ otherSquare: Double) -> Double {
    square > 0 && otherSquare > 0 ? product / (square * otherSquare).squareRoot() : .nan
  }

  public static func signalToNoise(_ square: Double, _ variance: Double) -> Double {
    square.isNaN || (square <= 0 && variance <= 0)
      ? .nan : (max(0, square) / max(0, variance)).squareRoot()
  }
}

/// All that went into and came out of one draw, in the method's own order and in Double.
public struct AlignmentDraw: Sendable, Equatable {
  /// x_0, N; u, T x M; y, T x K; kicks, T x N.
  public var initial: [Double]
  public var input: [Double]
  public var target: [Double]
  public var window: Range<Int>
  public var condition: Int
  public var kicks: [Double]
  /// xi of the noise before the trial, and W that it ran from: N x N.
  public var noise: [Double]
  public var weights: [Double]
  /// R, and b as the update used it.
  public var reward: Double
  public var baseline: Double
  /// mu and dR/dW, N x N.
  public var update: [Double]
  public var gradient: [Double]
}

/// Sums over draws that all numbers of a point come from.
struct AlignmentSums {
  private var update: [Double]
  private var gradient: [Double]
  private var updateSquares = 0.0
  private var gradientSquares = 0.0
  private var products = 0.0
  private var rewards = 0.0
  private var draws = 0

  /// - Parameter count: synapses.
  init(count: Int) {
    update = Array(repeating: 0, count: count)
    gradient = update
  }

  /// - Parameters:
  ///   - mu: of one draw, by synapse.
  ///   - slope: dR/dW of the same draw.
  mutating func add(_ mu: [Double], _ slope: [Double], reward: Double) {
    for index in mu.indices {
      update[index] += mu[index]
      gradient[index] += slope[index]
    }
    updateSquares += dot(mu, mu)
    gradientSquares += dot(slope, slope)
    products += dot(mu, slope)
    rewards += reward
    draws += 1
  }

  func point(trial: Int) -> AlignmentPoint {
    var point = AlignmentPoint(trial: trial)
    point.draws = draws
    guard draws >= 2 else { return point }
    let count = Double(draws)
    let (square, otherSquare) = (dot(update, update), dot(gradient, gradient))
    /// The mean product of two different draws.
    func crossed(_ ofSums: Double, _ ofEach: Double) -> Double { (ofSums - ofEach) / (count * (count - 1)) }
    point.reward = rewards / count
    point.cosine = AlignmentPoint.cosine(dot(update, gradient), square, otherSquare)
    point.product = crossed(dot(update, gradient), products)
    point.updateSquare = crossed(square, updateSquares)
    point.updateVariance = updateSquares / count - point.updateSquare
    point.gradientSquare = crossed(otherSquare, gradientSquares)
    point.gradientVariance = gradientSquares / count - point.gradientSquare
    return point
  }

  private func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for index in a.indices { sum += a[index] * b[index] }
    return sum
  }
}

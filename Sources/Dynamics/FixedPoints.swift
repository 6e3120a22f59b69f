import Foundation
import Kernels

/// A state with F(x) = 0 to the tolerance.
public struct FixedPoint: Sendable, Equatable {
  /// x, N.
  public var x: [Double]
  /// |F(x)|, Euclidean.
  public var residual: Double
  /// Starts that led here; 0 for one known by symmetry alone.
  public var hits: Int
}

/// The fixed points of a network under constant input, as found from random starts. Finding none is a result.
public struct FixedPoints: Sendable, Equatable {
  /// In the order in which they were found, then what symmetry adds. Only those the starts led to and their mirror
  /// images: absence proves nothing.
  public let points: [FixedPoint]
  /// How many starts ended in each way; `converged` counts starts, not points.
  public let outcomes: [String: Int]
  /// Smallest |F| among the starts that did not converge: a slow point where it is small; nil where all converged.
  public let slowest: Double?
  /// Newton steps in all.
  public let iterations: Int

  /// Searches from `settings.starts` random states and from every state in `extra`.
  ///
  /// Every fixed point is x = W r + Win u for some rates r between the least and the greatest that there are, (-1, 1)
  /// for tanh; states are drawn there, r uniform. Every other one then follows the dynamics for up to 40 tau (Euler
  /// steps of 0.2 tau, their number drawn too), because in a large network a random state overlaps with no structure
  /// the weights hold, while trajectories lead to it (Sussillo and Barak, Neural Computation 25, 2013, start from
  /// trajectories). Each start runs to its own end; points closer than the separation merge into the one of smaller
  /// residual.
  ///
  /// Without a drive the origin is a fixed point if f(0) = 0, one that no start need lead to where it is unstable; and
  /// where f is odd, as tanh is, F is odd too: the others come in pairs x, -x with the same residual to the bit. The
  /// origin and the mirror images are added.
  ///
  /// - Parameters:
  ///   - input: u, M numbers, held constant.
  ///   - extra: further starts, N numbers each (states that a trial visits).
  /// - Throws: `DynamicsError` where sizes do not fit.
  public init(
    of network: FrozenNetwork, input: [Double], settings: FixedPointSettings = FixedPointSettings(),
    extra: [[Double]] = []
  ) throws {
    let drive = try network.drive(for: input)
    if let wrong = extra.first(where: { $0.count != network.units }) {
      throw DynamicsError("a start has \(wrong.count) numbers; wanted: N = \(network.units)")
    }
    let search = NewtonSearch(network: network, drive: drive, settings: settings)
    var points: [FixedPoint] = []
    var outcomes: [String: Int] = [:]
    var slowest: Double?
    var iterations = 0
    for number in 0..<settings.starts + extra.count {
      let start =
        number < settings.starts
        ? Self.start(number, of: network, drive: drive, seed: settings.seed) : extra[number - settings.starts]
      let end = search.run(from: start)
      outcomes[end.outcome.rawValue, default: 0] += 1
      iterations += end.iterations
      guard end.outcome == .converged else {
        slowest = min(slowest ?? .infinity, end.residual)
        continue
      }
      Self.add(FixedPoint(x: end.x, residual: end.residual, hits: 1), to: &points, settings.separation)
    }
    self.points =
      drive.allSatisfy { $0 == 0 } && network.nonlinearity.rate(0) == 0
      ? Self.completed(points, of: network, settings.separation) : points
    self.outcomes = outcomes
    self.slowest = slowest
    self.iterations = iterations
  }

  /// With the origin and, where f is odd, the mirror image of every point; the origin first, so that what lies as close
  /// to it as a search leaves it is the origin.
  private static func completed(
    _ found: [FixedPoint], of network: FrozenNetwork, _ separation: Double
  ) -> [FixedPoint] {
    var points = found
    let origin = Array(repeating: 0.0, count: network.units)
    add(FixedPoint(x: origin, residual: 0, hits: 0), to: &points, separation)
    guard network.nonlinearity.isOdd else { return points }
    for point in points {
      add(FixedPoint(x: point.x.map { -$0 }, residual: point.residual, hits: 0), to: &points, separation)
    }
    return points
  }

  /// Start `number`: W r + Win u with r uniform over all rates; for odd numbers followed along the dynamics.
  private static func start(
    _ number: Int, of network: FrozenNetwork, drive: [Double], seed: UInt64
  ) -> [Double] {
    var stream = RandomStream(seed: seed, purpose: 1, lifetime: 0, trial: UInt32(number))
    let (lowest, highest) = network.nonlinearity.range
    let rates = (0..<network.units).map { _ in (highest - lowest) * stream.uniform() + lowest }
    var x = zip(network.product(with: rates), drive).map { $0 + $1 }
    guard !number.isMultiple(of: 2) else { return x }
    for _ in 0..<1 + stream.integer(below: 200) {
      x = zip(x, network.flow(at: x, drive: drive)).map { $0 + 0.2 * $1 }
    }
    return x
  }

  /// Merges `point` with the first known point within the separation, or appends it.
  static func add(_ point: FixedPoint, to points: inout [FixedPoint], _ separation: Double) {
    let known = points.firstIndex { old in
      var sum = 0.0
      for (a, b) in zip(old.x, point.x) {
        sum += (a - b) * (a - b)
        if sum > separation * separation { return false }
      }
      return true
    }
    guard let known else {
      points.append(point)
      return
    }
    points[known].hits += point.hits
    if point.residual < points[known].residual {
      points[known].x = point.x
      points[known].residual = point.residual
    }
  }
}

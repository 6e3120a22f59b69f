import Foundation
import Kernels

/// Damped Newton on F(x) = 0 from one start.
struct NewtonSearch {
  /// How a search ended; only `converged` is a fixed point.
  enum Outcome: String, Sendable, CaseIterable {
    /// |F| is at most the tolerance.
    case converged
    /// No step along the Newton direction lowers |F|: a local minimum of |F| that is no fixed point, or its
    /// neighbourhood.
    case stalled
    /// J is exactly singular at some iterate.
    case singular
    /// The iterations ran out while |F| was still falling.
    case exhausted
    /// An iterate or a step overflowed.
    case overflowed
  }

  let network: FrozenNetwork
  let drive: [Double]
  let settings: FixedPointSettings

  /// Goes from `start` until |F| no longer falls.
  ///
  /// The step d solves J d = -F and is halved until |F(x + s d)| <= (1 - 1e-4 s) |F(x)|. Once |F| is within the
  /// tolerance at most three more steps polish it, as long as each halves |F|.
  func run(from start: [Double]) -> (x: [Double], residual: Double, outcome: Outcome, iterations: Int) {
    var x = start
    var rates = network.rates(at: x)
    var force = network.flow(at: x, rates: rates, drive: drive)
    var residual = norm(force)
    var polish = 0
    guard residual.isFinite else { return (x, residual, .overflowed, 0) }
    for iteration in 0..<settings.iterations {
      let isClose = residual <= settings.tolerance
      if residual == 0 || isClose && polish == 3 { return (x, residual, .converged, iteration) }
      if isClose { polish += 1 }
      let jacobian = Jacobian(of: network, rates: rates)
      guard case .solution(let step) = solveLinear(matrix: jacobian.values, right: force) else {
        return (x, residual, isClose ? .converged : .singular, iteration)
      }
      guard step.allSatisfy(\.isFinite) else {
        return (x, residual, isClose ? .converged : .overflowed, iteration)
      }
      var scale = 1.0
      var accepted = false
      while scale >= settings.smallestStep {
        // `step` solves J step = F, so the way to go is its opposite.
        let next = zip(x, step).map { $0 - scale * $1 }
        let nextRates = network.rates(at: next)
        let nextForce = network.flow(at: next, rates: nextRates, drive: drive)
        let nextResidual = norm(nextForce)
        if nextResidual <= (isClose ? 0.5 : 1 - 1e-4 * scale) * residual {
          (x, rates, force, residual) = (next, nextRates, nextForce, nextResidual)
          accepted = true
          break
        }
        if isClose { break }
        scale /= 2
      }
      if !accepted { return (x, residual, isClose ? .converged : .stalled, iteration + 1) }
    }
    return (x, residual, residual <= settings.tolerance ? .converged : .exhausted, settings.iterations)
  }

  private func norm(_ values: [Double]) -> Double {
    values.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }
}

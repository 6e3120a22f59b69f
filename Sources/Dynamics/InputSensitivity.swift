import Foundation
import Kernels
import Model

/// How a fixed point moves with its input: p = dx/du = (-J)^{-1} Win, from F(x(u), u) = 0.
public enum InputSensitivity: Sendable, Equatable {
  /// p, N x M row-major.
  case sensitivity([Double])
  /// J has no inverse (or one that overflows): the point may vanish or split under any change of the input.
  case singular

  public init(of network: FrozenNetwork, jacobian: Jacobian) {
    invariant(
      jacobian.size == network.units, "a Jacobian of \(jacobian.size) for \(network.units) units")
    let (n, m) = (network.units, network.inputs)
    let negative = jacobian.values.map { -$0 }
    var p = [Double](repeating: 0, count: n * m)
    for channel in 0..<m {
      let column = (0..<n).map { network.inputWeights[$0 * m + channel] }
      guard case .solution(let x) = solveLinear(matrix: negative, right: column), x.allSatisfy(\.isFinite)
      else {
        self = .singular
        return
      }
      for i in 0..<n { p[i * m + channel] = x[i] }
    }
    self = .sensitivity(p)
  }

  /// dz/du = Wout diag(f'(x)) p, K x M; nil where singular.
  public func outputGain(of network: FrozenNetwork, at x: [Double]) -> [Double]? {
    guard case .sensitivity(let p) = self else { return nil }
    invariant(x.count == network.units, "a state of \(x.count) numbers for \(network.units) units")
    let (n, m) = (network.units, network.inputs)
    let slopes = network.rates(at: x).map { network.nonlinearity.slope(rate: $0) }
    var gain = [Double](repeating: 0, count: network.outputs * m)
    for k in 0..<network.outputs {
      for i in 0..<n {
        let weight = network.readout[k * n + i] * slopes[i]
        for channel in 0..<m { gain[k * m + channel] += weight * p[i * m + channel] }
      }
    }
    return gain
  }
}

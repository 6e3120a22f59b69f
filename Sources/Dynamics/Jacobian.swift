import Foundation
import Model

/// J = -I + W diag(f'(x)): the linear dynamics around a state x, in units of 1/tau.
public struct Jacobian: Sendable, Equatable {
  /// N.
  public let size: Int
  /// N x N, row-major.
  public let values: [Double]

  /// - Precondition: `values` has `size` * `size` numbers.
  public init(size: Int, values: [Double]) {
    invariant(values.count == size * size, "\(values.count) numbers are not a matrix of \(size) x \(size)")
    self.size = size
    self.values = values
  }

  /// J of `network` at x.
  /// - Precondition: x has N numbers.
  public init(of network: FrozenNetwork, at x: [Double]) {
    invariant(x.count == network.units, "a state of \(x.count) numbers for \(network.units) units")
    self.init(of: network, rates: network.rates(at: x))
  }

  /// J given f(x).
  init(of network: FrozenNetwork, rates: [Double]) {
    let n = network.units
    size = n
    let slopes = rates.map { network.nonlinearity.slope(rate: $0) }
    values = [Double](unsafeUninitializedCapacity: n * n) { result, count in
      network.weights.withUnsafeBufferPointer { w in
        slopes.withUnsafeBufferPointer { slopes in
          for i in 0..<n {
            for j in 0..<n { result[i * n + j] = w[i * n + j] * slopes[j] }
            result[i * n + i] -= 1
          }
        }
      }
      count = n * n
    }
  }

  /// ||J||_F^2.
  public var squaredNorm: Double { values.reduce(0) { $0 + $1 * $1 } }
}

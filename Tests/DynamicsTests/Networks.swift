import Foundation
import Kernels
import Model

@testable import Dynamics

/// A random network: W = g N(0,1)/sqrt(N), Win = scale N(0,1), Wout = N(0,1)/sqrt(N).
func randomNetwork(
  _ units: Int, gain: Double, inputs: Int = 2, outputs: Int = 1, inputScale: Double = 1, seed: UInt64 = 1,
  nonlinearity: Nonlinearity = .tanh
) throws -> FrozenNetwork {
  var stream = RandomStream(seed: seed, purpose: 0, lifetime: 0)
  func normals(_ count: Int, _ scale: Double) -> [Double] {
    (0..<count).map { _ in scale * Double(stream.normal()) }
  }
  let root = Double(units).squareRoot()
  let weights = normals(units * units, gain / root)
  let inputWeights = normals(units * inputs, inputScale)
  return try FrozenNetwork(
    units: units, weights: weights, inputWeights: inputWeights, readout: normals(outputs * units, 1 / root),
    nonlinearity: nonlinearity)
}

func norm(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }

func distance(_ a: [Double], _ b: [Double]) -> Double { norm(zip(a, b).map { $0 - $1 }) }

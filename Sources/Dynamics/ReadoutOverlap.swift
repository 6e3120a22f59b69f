import Numerics
import Kernels
import Model

/// How much of each read-out row lies along each mode of the dynamics.
///
/// |<w, v>| / (|w| |v|) for a row w of Wout and a right (or left) eigenvector v; 1 means parallel. Modes come in the
/// order of the spectrum. A row of zeros overlaps with nothing.
public struct ReadoutOverlap: Sendable, Equatable {
  /// K.
  public let outputs: Int
  /// N.
  public let modes: Int
  /// K x N: right eigenvectors, the patterns a mode moves.
  public let right: [Double]
  /// K x N: left eigenvectors, the patterns that excite a mode.
  public let left: [Double]

  public init(of network: FrozenNetwork, spectrum: Spectrum) {
    invariant(
      network.units == spectrum.size, "a spectrum of \(spectrum.size) values for \(network.units) units")
    outputs = network.outputs
    modes = spectrum.size
    right = Self.overlaps(network, spectrum.right)
    left = Self.overlaps(network, spectrum.left)
  }

  private static func overlaps(_ network: FrozenNetwork, _ vectors: [Complex<Double>]) -> [Double] {
    let n = network.units
    var result: [Double] = []
    result.reserveCapacity(network.outputs * n)
    for k in 0..<network.outputs {
      let row = network.readout[k * n..<(k + 1) * n]
      let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      for mode in 0..<n {
        var product = Complex<Double>.zero
        var squares = 0.0
        for (weight, entry) in zip(row, vectors[mode * n..<(mode + 1) * n]) {
          product += entry.multiplied(by: weight)
          squares += entry.lengthSquared
        }
        let scale = length * squares.squareRoot()
        result.append(scale > 0 ? product.length / scale : 0)
      }
    }
    return result
  }
}

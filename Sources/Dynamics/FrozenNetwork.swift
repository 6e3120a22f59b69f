import Foundation
import Model

/// A network whose weights do not change, under constant input: tau dx/dt = F(x) = -x + W f(x) + Win u.
///
/// All matrices are row-major Doubles. Time is in units of tau.
public struct FrozenNetwork: Sendable, Equatable {
  /// N.
  public let units: Int
  /// M.
  public let inputs: Int
  /// K.
  public let outputs: Int
  /// W, N x N: `weights[i * N + j]` is the synapse from j to i.
  public let weights: [Double]
  /// Win, N x M.
  public let inputWeights: [Double]
  /// Wout, K x N.
  public let readout: [Double]
  /// f.
  public let nonlinearity: Nonlinearity

  /// - Throws: `DynamicsError` where the sizes do not fit or an entry is not finite (a network that has diverged).
  public init(
    units: Int, weights: [Double], inputWeights: [Double], readout: [Double],
    nonlinearity: Nonlinearity = .tanh
  ) throws {
    guard units > 0 else { throw DynamicsError("a network of \(units) units; wanted: at least one") }
    for (name, values, unit) in [("Win", inputWeights, "N x M"), ("Wout", readout, "K x N")] {
      guard values.count.isMultiple(of: units) else {
        throw DynamicsError("\(name) has \(values.count) numbers; wanted: \(unit) with N = \(units)")
      }
    }
    guard weights.count == units * units else {
      throw DynamicsError("W has \(weights.count) numbers; wanted: N x N = \(units * units)")
    }
    for (name, values, width) in [
      ("W", weights, units), ("Win", inputWeights, max(1, inputWeights.count / units)),
      ("Wout", readout, units),
    ] {
      if let place = values.firstIndex(where: { !$0.isFinite }) {
        throw DynamicsError(
          "\(name)[\(place / width), \(place % width)] is \(values[place]); wanted: a finite number. "
            + "A network that diverged has no dynamics to look at")
      }
    }
    self.units = units
    inputs = inputWeights.count / units
    outputs = readout.count / units
    self.weights = weights
    self.inputWeights = inputWeights
    self.readout = readout
    self.nonlinearity = nonlinearity
  }

  /// Win u, N.
  /// - Throws: `DynamicsError` where u does not have M finite numbers.
  public func drive(for input: [Double]) throws -> [Double] {
    guard input.count == inputs, input.allSatisfy(\.isFinite) else {
      throw DynamicsError("the input is \(input); wanted: M = \(inputs) finite numbers")
    }
    return (0..<units).map { i in
      (0..<inputs).reduce(0.0) { $0 + inputWeights[i * inputs + $1] * input[$1] }
    }
  }

  /// F(x) for a constant drive Win u.
  /// - Precondition: x and drive have N numbers.
  public func flow(at x: [Double], drive: [Double]) -> [Double] {
    invariant(
      x.count == units && drive.count == units,
      "a state of \(x.count) and a drive of \(drive.count) numbers for \(units) units")
    return flow(at: x, rates: rates(at: x), drive: drive)
  }

  /// f(x), unit by unit.
  func rates(at x: [Double]) -> [Double] { x.map { nonlinearity.rate($0) } }

  /// F(x) given f(x).
  func flow(at x: [Double], rates: [Double], drive: [Double]) -> [Double] {
    product(with: rates).enumerated().map { i, sum in -x[i] + sum + drive[i] }
  }

  /// W r.
  func product(with rates: [Double]) -> [Double] {
    let n = units
    return [Double](unsafeUninitializedCapacity: n) { result, count in
      weights.withUnsafeBufferPointer { w in
        rates.withUnsafeBufferPointer { r in
          for i in 0..<n {
            // Eight chains: the sum may be reordered here, and the order is fixed.
            var sums = SIMD8<Double>.zero
            var j = 0
            while j + 8 <= n {
              var a = SIMD8<Double>.zero
              var b = SIMD8<Double>.zero
              for lane in 0..<8 {
                a[lane] = w[i * n + j + lane]
                b[lane] = r[j + lane]
              }
              sums += a * b
              j += 8
            }
            var sum = sums.sum()
            while j < n {
              sum += w[i * n + j] * r[j]
              j += 1
            }
            result[i] = sum
          }
        }
      }
      count = n
    }
  }
}

/// Something cannot be analysed as given; the message says what was seen and what is wanted.
public struct DynamicsError: Error, CustomStringConvertible, Equatable {
  public var description: String
  public init(_ description: String) { self.description = description }
}

/// Adam (Kingma and Ba 2015) with beta 0.9 and 0.99, epsilon 1e-8 and bias correction, climbing.
public struct Adam: Sendable, Equatable {
  public var firstMoment: [Double]
  public var secondMoment: [Double]
  public var steps: UInt64

  public init(count: Int) {
    firstMoment = Array(repeating: 0, count: count)
    secondMoment = firstMoment
    steps = 0
  }

  public mutating func ascend(_ parameters: inout [Double], gradient: [Double], rate: Double) {
    steps += 1
    let first = 1 - power(0.9, steps)
    let second = 1 - power(0.99, steps)
    for index in parameters.indices {
      firstMoment[index] = 0.9 * firstMoment[index] + 0.1 * gradient[index]
      secondMoment[index] = 0.99 * secondMoment[index] + 0.01 * gradient[index] * gradient[index]
      let step = rate * (firstMoment[index] / first) / ((secondMoment[index] / second).squareRoot() + 1e-8)
      parameters[index] += step
    }
  }

  /// Starts anew, for use after going back to an earlier theta.
  public mutating func reset() { self = Adam(count: firstMoment.count) }

  /// A power by squaring: the last bit does not depend on a library.
  private func power(_ base: Double, _ exponent: UInt64) -> Double {
    var result = 1.0
    var factor = base
    var left = exponent
    while left > 0 {
      if left & 1 == 1 { result *= factor }
      factor *= factor
      left >>= 1
    }
    return result
  }
}

/// Learning rate of an iteration: constant for the first half, then linear to 0.
public func learningRate(_ rate: Double, iteration: Int, of iterations: Int) -> Double {
  rate * min(1, 2 * Double(iterations - iteration) / Double(iterations))
}

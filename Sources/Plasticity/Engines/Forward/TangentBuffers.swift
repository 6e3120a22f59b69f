import KernelCalls
import Kernels
import Model
import Tasks

/// U and what a trial needs to carry it on, for one range of directions.
///
/// Directions never meet: what is computed for one does not depend, in any bit, on which others share the range.
struct TangentBuffers<S: KernelScalar>: ~Copyable {
  let units: Int
  let steps: Int
  let outputs: Int
  let ld: Int
  let degree: Int
  let directions: Range<Int>
  let kernels: KernelSet<S>

  /// U: directions x N x ld.
  private var carried: Matrix<S>
  private var isZero = true
  /// edot(T).
  private var traceTangents: Matrix<S>
  private var outputTangents: [S]
  private var success: [S]
  private var products: [S]
  /// <xi, U> of the trial updated last, U before it was cut.
  private(set) var noiseProducts: [Double]
  /// d log(kick) / dtheta of this trial.
  private var kickSlopes: [S]
  private var slopes: [Double]
  private var scratch: Matrix<S>

  init(
    units: Int, steps: Int, outputs: Int, degree: Int, directions: Range<Int>, kernels: KernelSet<S>
  ) {
    self.units = units
    self.steps = steps
    self.outputs = outputs
    ld = paddedCount(units)
    self.degree = degree
    self.directions = directions
    self.kernels = kernels
    let count = directions.count
    carried = Matrix(rows: count * units, columns: units)
    traceTangents = Matrix(rows: count * units, columns: units)
    outputTangents = Array(repeating: 0, count: count * steps * outputs)
    success = Array(repeating: 0, count: count)
    products = success
    noiseProducts = Array(repeating: 0, count: count)
    kickSlopes = success
    slopes = Array(repeating: 0, count: steps * outputs)
    scratch = Matrix(
      rows: 1, columns: max(1, count == 0 ? 1 : kernels.scratchCount(units, steps, degree, count)))
  }

  func fits(_ directions: Range<Int>, degree: Int) -> Bool {
    self.directions == directions && (directions.isEmpty || self.degree == degree)
  }

  mutating func begin() {
    isZero = true
    for q in noiseProducts.indices { noiseProducts[q] = 0 }
  }

  /// edot(T) and Rdot of the trial that `state` holds.
  /// - Parameters:
  ///   - kickSlopes: d log(kick) / dtheta by direction; nil where kicks do not depend on theta.
  ///   - rewardTangents: becomes Rdot; 0 for binary reward, which has no derivative.
  mutating func run(_ state: LifetimeState<S>, kickSlopes: [Double]?, rewardTangents: inout [Double]) {
    let reads = state.reward.kind != .binary
    let window = state.trial.window
    if !directions.isEmpty {
      if let kickSlopes { for q in kickSlopes.indices { self.kickSlopes[q] = S(kickSlopes[q]) } }
      call(
        state.primal, state.network,
        kicks: kickSlopes == nil ? nil : UnsafePointer(state.kicks.values.pointer),
        firstReadStep: reads ? window.lowerBound : steps)
    }
    guard reads else {
      for q in rewardTangents.indices { rewardTangents[q] = 0 }
      return
    }
    state.reward.slope(state.readout, state.trial, into: &slopes)
    for q in 0..<directions.count {
      var sum = 0.0
      for t in window {
        for k in 0..<outputs {
          sum += slopes[t * outputs + k] * Double(outputTangents[(q * steps + t) * outputs + k])
        }
      }
      rewardTangents[q] = sum
    }
  }

  private mutating func call(
    _ primal: borrowing PrimalBuffers<S>, _ network: borrowing NetworkDraw<S>, kicks: UnsafePointer<S>?,
    firstReadStep: Int
  ) {
    primal.coefficients.withUnsafeBufferPointer { coefficients in
      primal.scales.withUnsafeBufferPointer { scales in
        primal.stepWeights.withUnsafeBufferPointer { stepWeights in
          outputTangents.withUnsafeMutableBufferPointer { outputTangents in
            var call = TangentCall(
              units: units, ld: ld, steps: steps, degree: degree, outputs: outputs,
              firstDirection: directions.lowerBound, directions: directions.count,
              weights: primal.weights.pointer, rates: primal.rates.pointer,
              fluctuations: primal.fluctuations.pointer, coefficients: coefficients.baseAddress!,
              scales: scales.baseAddress!, stepWeights: stepWeights.baseAddress!, leak: primal.leak,
              leakBar: primal.leakBar, carried: isZero ? nil : UnsafePointer(carried.pointer),
              readout: network.readout.pointer, firstReadStep: firstReadStep,
              traceTangents: traceTangents.pointer, outputTangents: outputTangents.baseAddress!,
              scratch: scratch.pointer)
            call.rateFunction = primal.rateFunction
            guard let kicks else { return kernels.tangents(call) }
            kickSlopes.withUnsafeBufferPointer { slopes in
              call.kicks = kicks
              call.kickSlopes = slopes.baseAddress!
              kernels.tangents(call)
            }
          }
        }
      }
    }
  }

  /// U of the next trial, and <xi, U> for its credit. Call it after the update of W.
  /// - Parameter successTangents: mdot.
  mutating func update(_ trial: EarnedTrial, _ state: LifetimeState<S>, successTangents: [Double]) {
    for q in success.indices { success[q] = S(successTangents[q]) }
    guard !directions.isEmpty else { return }
    let m = trial.success
    let eta = state.constants.eta
    let mechanisms = state.mechanisms
    success.withUnsafeBufferPointer { success in
      products.withUnsafeMutableBufferPointer { products in
        kernels.tangentUpdate(
          TangentUpdateCall(
            units: units, ld: ld, directions: directions.count,
            carry: !state.method.dropsTangents(after: trial.index), carriedIsZero: isZero,
            tangents: carried.pointer, traceTangents: traceTangents.pointer,
            trace: state.primal.traces.pointer, weights: state.primal.before.pointer,
            open: state.primal.open.pointer, gain: S(eta * m), eta: S(eta),
            growth: S(mechanisms.decay(success: m)), growthSlope: S(mechanisms.decaySlope(success: m)),
            successTangents: success.baseAddress!,
            noise: state.primal.sigma > 0 ? UnsafePointer(state.primal.noise.pointer) : nil,
            products: products.baseAddress!))
      }
    }
    isZero = false
    if state.primal.signs != nil { cut(where: state.primal.weights) }
    for q in products.indices { noiseProducts[q] = Double(products[q]) }
  }

  /// U is 0 where W was cut at 0 to keep its sign, and where there is no synapse. <xi, U> has been taken before: what
  /// follows from W depends on the noise by way of W before its cut.
  private mutating func cut(where weights: borrowing Matrix<S>) {
    for q in 0..<directions.count {
      let plane = carried.pointer + q * units * ld
      for index in 0..<units * ld { plane[index] = weights.pointer[index] == 0 ? 0 : plane[index] }
    }
  }

  /// Sum of the squares of edot(T) over all synapses of `network` and all directions.
  func traceSquares(in network: borrowing NetworkDraw<S>) -> Double {
    var sum = 0.0
    for row in 0..<directions.count * units {
      for i in 0..<units {
        if network.existing.rows > 0, network.existing.pointer[row % units * ld + i] == 0 { continue }
        let value = Double(traceTangents.pointer[row * ld + i])
        sum += value * value
      }
    }
    return sum
  }

  /// U in Double, directions x N x N, [q][i][j].
  var values: [Double] {
    var result: [Double] = []
    result.reserveCapacity(directions.count * units * units)
    for q in 0..<directions.count {
      let plane = carried.pointer + q * units * ld
      for i in 0..<units {
        for j in 0..<units { result.append(Double(plane[j * ld + i])) }
      }
    }
    return result
  }
}

import KernelCalls
import Kernels
import Model
import Tasks

/// U and what a trial needs to carry it on, for one range of directions; with the estimates that U feeds.
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
  private var productValues: [Double]
  /// d log(kick) / dtheta of this trial.
  private var kickSlopes: [S]
  private var slopes: [Double]
  private var scratch: Matrix<S>
  /// Rdot of this trial; `Baselines.successTangents` turns it into mdot.
  var rewardTangents: [Double]

  private var tangent: TangentEstimate
  private var antithetic: AntitheticEstimate
  private var pathwise: PathwiseEstimate

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
    productValues = Array(repeating: 0, count: count)
    rewardTangents = productValues
    kickSlopes = success
    slopes = Array(repeating: 0, count: steps * outputs)
    scratch = Matrix(
      rows: 1, columns: max(1, count == 0 ? 1 : kernels.scratchCount(units, steps, degree, count)))
    tangent = TangentEstimate(directions: count)
    antithetic = AntitheticEstimate(directions: count)
    pathwise = PathwiseEstimate(directions: count)
  }

  func fits(_ directions: Range<Int>, degree: Int) -> Bool {
    self.directions == directions && (directions.isEmpty || self.degree == degree)
  }

  mutating func begin(_ rule: Rule) {
    isZero = true
    tangent.reset()
    antithetic.reset()
    pathwise.reset()
    for q in productValues.indices { productValues[q] = 0 }
  }

  /// Credits the reward of this trial to the noise of the one before.
  mutating func credit(reward: Double, baseline: Double, twin: Double) {
    tangent.add(reward: reward, baseline: baseline, products: productValues)
    antithetic.add(reward: reward, twin: twin, products: productValues)
  }

  /// edot(T) and Rdot of the trial that `primal` holds.
  /// - Parameter baselines: Rbardot_c as it is before the trial, which the gate turns into tangents of the kicks.
  mutating func run(
    _ primal: borrowing PrimalBuffers<S>, _ network: borrowing NetworkDraw<S>, _ kicks: borrowing Kicks<S>,
    rule: Rule, trial: Trial, baselines: Baselines, reward: Reward, readout: [Double]
  ) {
    let reads = reward.kind != .binary
    if !directions.isEmpty {
      let gate = rule.constants.gate
      for q in kickSlopes.indices { kickSlopes[q] = S(gate * baselines.currentTangent(trial.condition, q)) }
      call(
        primal, network, kicks: gate == 0 ? nil : UnsafePointer(kicks.values.pointer),
        firstReadStep: reads ? trial.window.lowerBound : steps)
    }
    if reads {
      reward.slope(readout, trial, into: &slopes)
      for q in 0..<directions.count {
        var sum = 0.0
        for t in trial.window {
          for k in 0..<outputs {
            sum += slopes[t * outputs + k] * Double(outputTangents[(q * steps + t) * outputs + k])
          }
        }
        rewardTangents[q] = sum
      }
    } else {
      for q in rewardTangents.indices { rewardTangents[q] = 0 }
    }
    pathwise.add(rewardTangents: rewardTangents)
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

  /// U of the next trial, and <xi, U> for its credit. Call it after the update of W and with mdot in `rewardTangents`.
  mutating func update(
    _ primal: borrowing PrimalBuffers<S>, _ constants: LocalConstants, success m: Double, drops: Bool
  ) {
    for q in success.indices { success[q] = S(rewardTangents[q]) }
    guard !directions.isEmpty else { return }
    success.withUnsafeBufferPointer { success in
      products.withUnsafeMutableBufferPointer { products in
        kernels.tangentUpdate(
          TangentUpdateCall(
            units: units, ld: ld, directions: directions.count, carry: !drops, carriedIsZero: isZero,
            tangents: carried.pointer, traceTangents: traceTangents.pointer, trace: primal.traces.pointer,
            weights: primal.before.pointer, open: primal.open.pointer, gain: S(constants.eta * m),
            eta: S(constants.eta), growth: S(constants.growth(success: m)),
            growthSlope: S(constants.growthSlope(success: m)), successTangents: success.baseAddress!,
            noise: primal.sigma > 0 ? UnsafePointer(primal.noise.pointer) : nil,
            products: products.baseAddress!))
      }
    }
    isZero = false
    for q in products.indices { productValues[q] = Double(products[q]) }
  }

  /// The estimate over a whole lifetime; 0 for those that weight noise carries where there is none.
  func estimate(_ estimator: GradientEstimator, trials: Int, sigma: Double) -> [Double] {
    switch estimator {
    case .pathwise: return pathwise.mean(trials: trials)
    case .tangent where sigma > 0: return tangent.mean(trials: trials, sigma: sigma)
    case .antithetic where sigma > 0: return antithetic.mean(trials: trials, sigma: sigma)
    default: return Array(repeating: 0, count: directions.count)
    }
  }

  /// Sum of the squares of edot(T) over all synapses and directions.
  func traceSquares() -> Double {
    var sum = 0.0
    for row in 0..<directions.count * units {
      for i in 0..<units {
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

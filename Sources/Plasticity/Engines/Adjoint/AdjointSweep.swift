import KernelCalls
import Kernels
import Model
import Tasks

/// One reverse sweep over a lifetime: all P numbers of a gradient for (6d+6) N^2 T flops a trial.
///
/// With A and xi held fixed the `tangent` and `antithetic` estimates are the derivative of
/// L = (1/H) sum_h A^{h+1} <xi^h, W^{h+1}(theta)> / sigma, and `pathwise` is that of L = (1/H) sum_h R^h(theta).
/// Three adjoints go backwards through the trials: that of W, which a horizon cuts on its way from W^{h+1} to W^h
/// except for the path through mu, and one Rbar_c a condition, which nothing cuts. Rbar_c enters a trial twice: by way
/// of m = R - Rbar_c, and where a mechanism lets the kicks depend on it, by way of them.
struct AdjointSweep<S: KernelScalar>: ~Copyable {
  private let units: Int
  private let steps: Int
  private let outputs: Int
  private let ld: Int
  private var degree = -1
  private var weightAdjoint: Matrix<S>
  private var traceAdjoint: Matrix<S>
  private var outputAdjoint: [S]
  private var baselineAdjoints: [Double]
  private var products: [S] = []
  /// dL/d(theta s) so far.
  private var sums: [Double] = []
  private var scratch: Matrix<S>

  init(method: Method, task: any LearningTask) {
    units = method.units
    steps = task.steps
    outputs = task.outputs
    ld = paddedCount(method.units)
    weightAdjoint = Matrix(rows: units, columns: units)
    traceAdjoint = Matrix(rows: units, columns: units)
    outputAdjoint = Array(repeating: 0, count: steps * outputs)
    baselineAdjoints = Array(repeating: 0, count: task.conditions)
    scratch = Matrix(rows: 1, columns: 1)
  }

  mutating func begin(degree: Int, kernels: KernelSet<S>) {
    weightAdjoint.clear()
    for c in baselineAdjoints.indices { baselineAdjoints[c] = 0 }
    if degree != self.degree {
      self.degree = degree
      products = Array(repeating: 0, count: Rule.count(degree: degree))
      scratch = Matrix(rows: 1, columns: max(1, kernels.scratchCount(units, steps, degree, 0)))
    }
    sums = Array(repeating: 0, count: products.count)
  }

  /// dL/dtheta: the sums in the units of theta.
  func gradient(scale: [Double]) -> [Double] { zip(sums, scale).map(*) }

  /// Goes back over a trial.
  /// - Parameters:
  ///   - state: of the lifetime; where `kickSlope` is not 0, its kicks are those of the trial, factor and all.
  ///   - kickSlope: d log(kicks) / d Rbar_c.
  ///   - rewardWeight: dL/dR^h where L holds R^h itself.
  ///   - noiseFactor: A^{h+1} / (H sigma).
  mutating func step(
    _ planes: Tape<S>.Planes, _ entry: Tape<S>.Entry, _ state: LifetimeState<S>, kickSlope: Double,
    rewardWeight: Double, noiseFactor: Double
  ) {
    let constants = state.constants
    let trial = entry.earned
    let m = trial.success
    let differentiable = state.method.reward != .binary
    var successAdjoint: S = 0
    withUnsafeMutablePointer(to: &successAdjoint) { successAdjoint in
      state.kernels.adjointUpdate(
        AdjointUpdateCall(
          units: units, ld: ld, carry: !state.method.dropsTangents(after: trial.index),
          weightAdjoint: weightAdjoint.pointer,
          noise: noiseFactor == 0 ? nil : UnsafePointer(planes.noise), noiseFactor: S(noiseFactor),
          trace: planes.trace, weights: planes.weights, open: planes.open, gain: S(constants.eta * m),
          eta: S(constants.eta), growth: S(state.mechanisms.decay(success: m)),
          growthSlope: S(state.mechanisms.decaySlope(success: m)), traceAdjoint: traceAdjoint.pointer,
          successAdjoint: successAdjoint))
    }
    let rewardAdjoint = rewardWeight + throughBaseline(trial, Double(successAdjoint), constants.baselineRate)
    for index in outputAdjoint.indices { outputAdjoint[index] = 0 }
    if differentiable {
      for index in entry.window.lowerBound * outputs..<entry.window.upperBound * outputs {
        outputAdjoint[index] = S(rewardAdjoint * entry.slopes[index])
      }
    }
    let kickProduct = backThroughTrial(
      planes, state.primal, state.network,
      kicks: kickSlope != 0 ? UnsafePointer(state.kicks.values.pointer) : nil,
      firstReadStep: differentiable ? entry.window.lowerBound : steps)
    // W was cut at 0 to keep its sign, or there is no synapse: nothing that came before it matters.
    if state.primal.signs != nil {
      for index in 0..<units * ld where planes.weights[index] == 0 { weightAdjoint.pointer[index] = 0 }
    }
    baselineAdjoints[trial.condition] += kickSlope * kickProduct
    for p in sums.indices { sums[p] += Double(products[p]) }
  }

  /// dL/dR^h by way of m = R - Rbar_c and of Rbar_c, which follows R; leaves the adjoint of Rbar_c before the trial.
  private mutating func throughBaseline(
    _ trial: EarnedTrial, _ successAdjoint: Double, _ rate: Double
  ) -> Double {
    let after = baselineAdjoints[trial.condition]
    if trial.isFirstVisit {
      // Rbar_c = R here: m is 0 whatever theta is, and nothing came before.
      baselineAdjoints[trial.condition] = 0
      return after
    }
    baselineAdjoints[trial.condition] = (1 - rate) * after - successAdjoint
    return rate * after + successAdjoint
  }

  /// Fills `products` and adds to the adjoint of W; returns sum_t <lambda_{t+1}, kick_t>, or 0 without kicks.
  private mutating func backThroughTrial(
    _ planes: Tape<S>.Planes, _ primal: borrowing PrimalBuffers<S>, _ network: borrowing NetworkDraw<S>,
    kicks: UnsafePointer<S>?, firstReadStep: Int
  ) -> Double {
    var kickProduct: S = 0
    for p in products.indices { products[p] = 0 }
    primal.coefficients.withUnsafeBufferPointer { coefficients in
      primal.stepWeights.withUnsafeBufferPointer { stepWeights in
        outputAdjoint.withUnsafeBufferPointer { outputAdjoint in
          products.withUnsafeMutableBufferPointer { products in
            var call = AdjointCall(
              units: units, ld: ld, steps: steps, degree: degree, outputs: outputs, weights: planes.weights,
              rates: planes.rates, fluctuations: planes.fluctuations,
              coefficients: coefficients.baseAddress!, stepWeights: stepWeights.baseAddress!,
              leak: primal.leak, leakBar: primal.leakBar, traceAdjoint: traceAdjoint.pointer,
              readout: network.readout.pointer, firstReadStep: firstReadStep,
              outputAdjoint: firstReadStep < steps ? outputAdjoint.baseAddress! : nil,
              weightAdjoint: weightAdjoint.pointer, products: products.baseAddress!,
              scratch: scratch.pointer)
            call.rateFunction = primal.rateFunction
            guard let kicks else { return primal.kernels.adjoint(call) }
            withUnsafeMutablePointer(to: &kickProduct) { kickProduct in
              call.kicks = kicks
              call.kickProduct = kickProduct
              primal.kernels.adjoint(call)
            }
          }
        }
      }
    }
    return Double(kickProduct)
  }
}

import KernelCalls
import Kernels

/// The trajectories of a `TrialCase` as the kernels of one level compute them, and what follows from them.
/// Every output is poisoned with NaN first, so that nothing is left unwritten unseen.
final class TrialResult<S: KernelScalar> {
  let shape: Shape
  let rates: Buffer<S>
  let fluctuations: Buffer<S>
  let isInside: Bool

  convenience init(_ trial: TrialCase<S>, _ level: SIMDLevel, bound: S = 1e6) {
    let (result, call) = Self.ready(trial, bound)
    self.init(trial.shape, result.rates, result.fluctuations, isInside: S.kernels(level).primal(call))
  }

  private init(_ shape: Shape, _ rates: Buffer<S>, _ fluctuations: Buffer<S>, isInside: Bool) {
    self.shape = shape
    self.rates = rates
    self.fluctuations = fluctuations
    self.isInside = isInside
  }

  /// Those of several trials in one call.
  static func sideBySide(_ trials: [TrialCase<S>], _ level: SIMDLevel, bound: S) -> [TrialResult] {
    let ready = trials.map { Self.ready($0, bound) }
    var calls = ready.map(\.call)
    S.kernels(level).primals(&calls, calls.count)
    return zip(ready, calls).map { one, call in
      TrialResult(
        trials[0].shape, one.result.rates, one.result.fluctuations, isInside: call.isInside)
    }
  }

  private static func ready(
    _ trial: TrialCase<S>, _ bound: S
  ) -> (result: (rates: Buffer<S>, fluctuations: Buffer<S>), call: PrimalCall<S>) {
    let shape = trial.shape
    let rates = Buffer<S>(rows: shape.steps, columns: shape.units)
    let fluctuations = Buffer<S>(rows: shape.steps, columns: shape.units)
    for buffer in [rates, fluctuations, trial.scratch] { buffer.poison() }
    let call = PrimalCall(
      units: shape.units, ld: shape.ld, steps: shape.steps, weights: trial.weights.pointer,
      initial: trial.initial.pointer, drive: trial.drive.pointer, leak: trial.leak, leakBar: trial.leakBar,
      bound: bound, rates: rates.pointer, fluctuations: fluctuations.pointer, scratch: trial.scratch.pointer)
    return ((rates, fluctuations), call)
  }

  /// e(T), N x N transposed.
  func trace(_ trial: TrialCase<S>, _ level: SIMDLevel) -> Buffer<S> {
    let trace = Buffer<S>(rows: shape.units, columns: shape.units)
    for buffer in [trace, trial.scratch] { buffer.poison() }
    S.kernels(level).eligibility(
      EligibilityCall(
        units: shape.units, ld: shape.ld, steps: shape.steps, degree: shape.degree, rates: rates.pointer,
        fluctuations: fluctuations.pointer, coefficients: trial.coefficients.pointer,
        stepWeights: trial.stepWeights.pointer, trace: trace.pointer, scratch: trial.scratch.pointer))
    return trace
  }

  /// edot(T) (count N x N) and zdot (one row of count x steps x outputs) of the directions from `first`.
  func tangents(
    _ trial: TrialCase<S>, _ level: SIMDLevel, carried: Bool, firstReadStep: Int, first: Int = 0,
    count: Int? = nil
  ) -> (trace: Buffer<S>, outputs: Buffer<S>) {
    let count = count ?? shape.directions
    let trace = Buffer<S>(rows: count * shape.units, columns: shape.units)
    let outputs = Buffer<S>(rows: 1, columns: count * shape.steps * shape.outputs)
    for buffer in [trace, outputs, trial.scratch] { buffer.poison() }
    let offset = first * shape.units * shape.ld
    let terms = Array(first..<first + count)
    S.kernels(level).tangents(
      TangentCall(
        units: shape.units, ld: shape.ld, steps: shape.steps, degree: shape.degree, outputs: shape.outputs,
        directions: count, terms: terms, weights: trial.weights.pointer, rates: rates.pointer,
        fluctuations: fluctuations.pointer, coefficients: trial.coefficients.pointer,
        scales: trial.scales.pointer, stepWeights: trial.stepWeights.pointer, leak: trial.leak,
        leakBar: trial.leakBar, carried: carried ? UnsafePointer(trial.carried.pointer + offset) : nil,
        readout: trial.readout.pointer, firstReadStep: firstReadStep, traceTangents: trace.pointer,
        outputTangents: outputs.pointer, scratch: trial.scratch.pointer))
    return (trace, outputs)
  }

  /// The score products of the trial's noise, with every third synapse cut.
  func score(_ trial: TrialCase<S>, _ level: SIMDLevel) -> [S] {
    let products = Buffer<S>(rows: 1, columns: shape.directions)
    for buffer in [products, trial.scratch] { buffer.poison() }
    let open = Self.gate(shape)
    S.kernels(level).score(
      ScoreCall(
        units: shape.units, ld: shape.ld, steps: shape.steps, degree: shape.degree, rates: rates.pointer,
        fluctuations: fluctuations.pointer, stepWeights: trial.stepWeights.pointer,
        noise: trial.noise.pointer, open: open.pointer, products: products.pointer,
        scratch: trial.scratch.pointer))
    return (0..<shape.directions).map { products[0, $0] }
  }

  /// 1 everywhere but at every third synapse.
  static func gate(_ shape: Shape) -> Buffer<S> {
    let open = Buffer<S>(rows: shape.units, columns: shape.units)
    for j in 0..<shape.units {
      for i in 0..<shape.units { open[j, i] = (i + j) % 3 == 0 ? 0 : 1 }
    }
    return open
  }
}

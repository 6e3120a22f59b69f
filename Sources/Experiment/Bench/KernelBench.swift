import KernelCalls
import Kernels

/// Buffers of one size filled with plausible numbers, and a trial's part of each kernel on them.
///
/// W has gain 0.8, so that trajectories and tangents of any length stay finite. Buffers that a kernel adds to grow
/// linearly with its runs, far from any overflow.
final class KernelBench<S: KernelScalar> {
  let size: BenchSize
  private let kernels: KernelSet<S>
  private let ld: Int
  private let outputs = 1
  private let leak: S = 0.1875
  private let weights: Matrix<S>
  private let initial: Matrix<S>
  private let drive: Matrix<S>
  private let rates: Matrix<S>
  private let fluctuations: Matrix<S>
  private let noise: Matrix<S>
  private let trace: Matrix<S>
  private let open: Matrix<S>
  private let readout: Matrix<S>
  private let adjoint: Matrix<S>
  private let traceAdjoint: Matrix<S>
  private let carried: Matrix<S>
  private let traceTangents: Matrix<S>
  private let outputTangents: Matrix<S>
  private let coefficients: Matrix<S>
  private let scales: Matrix<S>
  private let stepWeights: Matrix<S>
  private let products: Matrix<S>
  private let factors: Matrix<S>
  /// Every coefficient's place, in order.
  private let terms: UnsafeMutableBufferPointer<Int>
  private let outputAdjoint: Matrix<S>
  private let scratch: Matrix<S>

  init(_ size: BenchSize, level: SIMDLevel) {
    self.size = size
    kernels = S.kernels(level)
    let (n, t, p) = (size.units, size.steps, size.directions)
    ld = paddedCount(n)
    let gain = 0.8 / Double(n).squareRoot()
    weights = Self.normal(n, n, gain, 1)
    initial = Self.normal(1, n, 0.1, 2)
    drive = Self.normal(t, n, 0.1, 3)
    rates = Matrix(rows: t, columns: n)
    fluctuations = Matrix(rows: t, columns: n)
    noise = Matrix(rows: n + 3, columns: n)
    trace = Matrix(rows: n, columns: n)
    open = Matrix(rows: n, columns: n)
    readout = Self.normal(outputs, n, 1 / Double(n).squareRoot(), 4)
    adjoint = Self.normal(n, n, 0.01, 5)
    traceAdjoint = Self.normal(n, n, 0.01, 6)
    carried = Self.normal(p * n, n, 0.01, 7)
    traceTangents = Matrix(rows: p * n, columns: n)
    outputTangents = Matrix(count: p * t * outputs)
    coefficients = Self.normal(1, p, 0.01, 8)
    scales = Self.constant(p, 1)
    stepWeights = Self.constant(t, 0.1)
    products = Matrix(count: p)
    factors = Self.constant(p, 1e-7)
    terms = .allocate(capacity: p)
    _ = terms.initialize(from: 0..<p)
    outputAdjoint = Self.constant(t * outputs, 0.1)
    scratch = Matrix(count: max(1, kernels.scratchCount(n, t, size.degree, p)))
    // Later kernels read what earlier ones leave.
    for work in [KernelWork.normals, .primal, .eligibility, .update] { run(work) }
  }

  deinit { terms.deallocate() }

  /// Normals times `factor`; padded lanes are 0.
  private static func normal(_ rows: Int, _ columns: Int, _ factor: Double, _ lifetime: UInt32) -> Matrix<S> {
    var stream = RandomStream(seed: 0, purpose: 0, lifetime: lifetime)
    let matrix = Matrix<S>(rows: rows, columns: columns)
    for row in 0..<rows {
      for i in 0..<columns { matrix.pointer[row * matrix.stride + i] = S(factor * Double(stream.normal())) }
    }
    return matrix
  }

  private static func constant(_ count: Int, _ value: S) -> Matrix<S> {
    let matrix = Matrix<S>(count: count)
    for i in 0..<count { matrix.pointer[i] = value }
    return matrix
  }

  /// One trial's part of a kernel.
  func run(_ work: KernelWork) {
    switch work {
    case .primal: _ = kernels.primal(primalCall)
    case .eligibility: kernels.eligibility(eligibilityCall)
    case .update: _ = kernels.update(updateCall)
    case .normals:
      kernels.normals(
        NormalsCall(
          key: (1, 2), counter: (3, 4, 5), count: RandomStream.normalsCount(atLeast: size.units * ld),
          output: noise.pointer))
    case .tangents: kernels.tangents(tangentCall)
    case .tangentUpdate: kernels.tangentUpdate(tangentUpdateCall)
    case .score: kernels.score(scoreCall)
    case .adjoint: kernels.adjoint(adjointCall)
    case .adjointUpdate: kernels.adjointUpdate(adjointUpdateCall)
    }
  }

  private var primalCall: PrimalCall<S> {
    PrimalCall(
      units: size.units, ld: ld, steps: size.steps, weights: weights.pointer, initial: initial.pointer,
      drive: drive.pointer, leak: leak, leakBar: 1, bound: 1e6, rates: rates.pointer,
      fluctuations: fluctuations.pointer, scratch: scratch.pointer)
  }

  private var eligibilityCall: EligibilityCall<S> {
    EligibilityCall(
      units: size.units, ld: ld, steps: size.steps, degree: size.degree, rates: rates.pointer,
      fluctuations: fluctuations.pointer, coefficients: coefficients.pointer,
      stepWeights: stepWeights.pointer, trace: trace.pointer, scratch: scratch.pointer)
  }

  /// Gain and sigma are so small that W keeps its size over any number of runs.
  private var updateCall: UpdateCall<S> {
    UpdateCall(
      units: size.units, ld: ld, weights: weights.pointer, trace: trace.pointer, noise: noise.pointer,
      gain: 1e-9, growth: 0, clip: 0.015, sigma: 1e-9, bound: 1e6, open: open.pointer)
  }

  private var tangentCall: TangentCall<S> {
    TangentCall(
      units: size.units, ld: ld, steps: size.steps, degree: size.degree, outputs: outputs,
      directions: size.directions, terms: terms.baseAddress!, weights: weights.pointer, rates: rates.pointer,
      fluctuations: fluctuations.pointer, coefficients: coefficients.pointer, scales: scales.pointer,
      stepWeights: stepWeights.pointer, leak: leak, leakBar: 1, carried: UnsafePointer(carried.pointer),
      readout: readout.pointer, firstReadStep: size.steps * 7 / 10, traceTangents: traceTangents.pointer,
      outputTangents: outputTangents.pointer, scratch: scratch.pointer)
  }

  private var tangentUpdateCall: TangentUpdateCall<S> {
    TangentUpdateCall(
      rows: size.units, ld: ld, directions: size.directions, carry: true, carriedIsZero: false,
      tangents: carried.pointer, traceTangents: traceTangents.pointer, trace: trace.pointer,
      weights: weights.pointer, open: open.pointer, gain: 1e-6, growth: 0,
      traceFactors: factors.pointer, weightFactors: factors.pointer, noise: UnsafePointer(noise.pointer),
      products: products.pointer)
  }

  private var scoreCall: ScoreCall<S> {
    ScoreCall(
      units: size.units, ld: ld, steps: size.steps, degree: size.degree, rates: rates.pointer,
      fluctuations: fluctuations.pointer, stepWeights: stepWeights.pointer, noise: noise.pointer,
      open: open.pointer, products: products.pointer, scratch: scratch.pointer)
  }

  private var adjointCall: AdjointCall<S> {
    AdjointCall(
      units: size.units, ld: ld, steps: size.steps, degree: size.degree, outputs: outputs,
      weights: weights.pointer, rates: rates.pointer, fluctuations: fluctuations.pointer,
      coefficients: coefficients.pointer, stepWeights: stepWeights.pointer, leak: leak, leakBar: 1,
      traceAdjoint: traceAdjoint.pointer, readout: readout.pointer, firstReadStep: size.steps * 7 / 10,
      outputAdjoint: UnsafePointer(outputAdjoint.pointer), weightAdjoint: adjoint.pointer,
      products: products.pointer, scratch: scratch.pointer)
  }

  private var adjointUpdateCall: AdjointUpdateCall<S> {
    AdjointUpdateCall(
      units: size.units, ld: ld, carry: true, weightAdjoint: adjoint.pointer,
      noise: UnsafePointer(noise.pointer), noiseFactor: 1e-6, trace: trace.pointer, weights: weights.pointer,
      open: open.pointer, gain: 0.01, eta: 0.02, growth: 0, growthSlope: 0,
      traceAdjoint: traceAdjoint.pointer, successAdjoint: products.pointer)
  }
}

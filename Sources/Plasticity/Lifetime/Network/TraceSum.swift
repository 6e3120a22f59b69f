import KernelCalls
import Kernels

/// What e(T) of one trial is made of, in the kernels' layout.
struct TraceSource<S> {
  /// W of the trial, N x ld, and behind it the rows of `SynapseRows`.
  let weights: UnsafePointer<S>
  /// r and delta, T x ld.
  let rates: UnsafePointer<S>
  let fluctuations: UnsafePointer<S>
  /// u, T x M, and zbar - z, T x K, where input or readout synapses learn.
  var inputs: UnsafePointer<S>?
  var outputFluctuations: UnsafePointer<S>?
}

/// Sums e(T) = sum_m W^m E^m, where E^m = sum_t w_t sum_kl c_klm delta_t^l (r_t^k)^T.
///
/// W is that of the whole trial, so its powers stay out of the sum over steps.
struct TraceSum<S: KernelScalar>: ~Copyable {
  private let units: Int
  private let steps: Int
  private let ld: Int
  private let degree: Int
  private let kernels: KernelSet<S>
  /// Powers of W, the zeroth included.
  private let powers: Int
  /// E^m, m >= 1, of the sum made last: M x N x ld.
  private(set) var parts: Matrix<S>
  private var scratch: Matrix<S>

  init(units: Int, steps: Int, degree: Int, weightDegree: Int, kernels: KernelSet<S>) {
    self.units = units
    self.steps = steps
    self.degree = degree
    self.kernels = kernels
    ld = paddedCount(units)
    powers = weightDegree + 1
    parts = Matrix(rows: weightDegree * units, columns: units)
    scratch = Matrix(rows: 1, columns: max(1, kernels.scratchCount(units, steps, degree, 0)))
  }

  /// Writes the sum to `trace`, N x ld.
  /// - Parameters:
  ///   - coefficients: c, (M + 1) (d + 1)^2.
  ///   - stepWeights: w_t, T.
  mutating func write(
    _ source: TraceSource<S>, coefficients: UnsafePointer<S>, stepWeights: UnsafePointer<S>,
    to trace: UnsafeMutablePointer<S>
  ) {
    let terms = (degree + 1) * (degree + 1)
    for m in 0..<powers {
      let target = m == 0 ? trace : parts.pointer + (m - 1) * units * ld
      kernels.eligibility(
        EligibilityCall(
          units: units, ld: ld, steps: steps, degree: degree, rates: source.rates,
          fluctuations: source.fluctuations, coefficients: coefficients + m * terms, stepWeights: stepWeights,
          trace: target, scratch: scratch.pointer))
      if m > 0 { addProduct(source.weights, power: m, target, count: units * ld, to: trace) }
    }
  }
}

/// target += factor W^power values, entry by entry; `count` is a multiple of 16.
@inline(__always)
func addProduct<S: KernelScalar>(
  _ weights: UnsafePointer<S>, power: Int, factor: S = 1, _ values: UnsafePointer<S>, count: Int,
  to target: UnsafeMutablePointer<S>
) {
  for start in stride(from: 0, to: count, by: 16) {
    let weight = lanes(weights + start)
    var product = lanes(values + start) * factor
    for _ in 0..<power { product *= weight }
    store(lanes(target + start) + product, target + start)
  }
}

/// target = W^power values, entry by entry; `count` is a multiple of 16.
@inline(__always)
func writeProduct<S: KernelScalar>(
  _ weights: UnsafePointer<S>, power: Int, _ values: UnsafePointer<S>, count: Int,
  to target: UnsafeMutablePointer<S>
) {
  for start in stride(from: 0, to: count, by: 16) {
    let weight = lanes(weights + start)
    var product = lanes(values + start)
    for _ in 0..<power { product *= weight }
    store(product, target + start)
  }
}

/// The 16 scalars at `pointer`.
@inline(__always)
func lanes<S: KernelScalar>(_ pointer: UnsafePointer<S>) -> SIMD16<S> {
  UnsafeRawPointer(pointer).loadUnaligned(as: SIMD16<S>.self)
}

@inline(__always)
func store<S: KernelScalar>(_ lanes: SIMD16<S>, _ pointer: UnsafeMutablePointer<S>) {
  UnsafeMutableRawPointer(pointer).storeBytes(of: lanes, as: SIMD16<S>.self)
}

import KernelCalls
import Kernels
import Model

/// ebar: a slow running mean of e(T), which the update leaves out: mu = clip(eta (e - ebar) (R - Rbar_c) - growth W).
///
/// e holds what a trial does every time (drift) beside what exploration added to this one. At fixed W the mean of
/// e (R - Rbar_c) over the trials of a condition is cov(e, R) + mean(e) (mean(R) - Rbar_c); the last term is noise that
/// follows Rbar_c, and with ebar_c in place of 0 it is gone, since (mean(e) - ebar_c) is. A mean over all conditions
/// takes away only what they share. As Rbar_c, ebar is updated after use, at rate a_e, and starts as the first e it
/// meets, whose update is 0.
struct TraceMeans<S: KernelScalar>: ~Copyable {
  private let units: Int
  private let ld: Int
  private let group: TraceMeanGroup
  private var means: Matrix<S>
  private var isKnown: [Bool]

  /// - Parameter conditions: of the task.
  init(method: Method, conditions: Int) {
    units = method.units
    ld = paddedCount(method.units)
    group = method.traceMeanBy
    means = Matrix(rows: 1, columns: 1)
    isKnown = Array(repeating: false, count: method.traceMeanBy == .condition ? conditions : 1)
  }

  /// Forgets all means, for the next lifetime.
  mutating func reset() {
    for place in isKnown.indices { isKnown[place] = false }
  }

  /// Replaces e by e - ebar and lets ebar follow.
  ///
  /// At the first visit the rest is 0, or NaN where e is not finite, so that the update still sees it.
  /// - Parameters:
  ///   - traces: e(T), N x ld; padded lanes may hold anything.
  ///   - rate: a_e.
  mutating func center(_ traces: borrowing Matrix<S>, condition: Int, rate: Double) {
    if means.rows < isKnown.count * units { means = Matrix(rows: isKnown.count * units, columns: units) }
    let place = group == .condition ? condition : 0
    let isFirst = !isKnown[place]
    isKnown[place] = true
    let rate = S(rate)
    let e = traces.pointer
    let mean = means.pointer + place * units * ld
    for start in stride(from: 0, to: units * ld, by: 16) {
      let seen = UnsafeRawPointer(e + start).loadUnaligned(as: SIMD16<S>.self)
      let known = isFirst ? seen : UnsafeRawPointer(mean + start).loadUnaligned(as: SIMD16<S>.self)
      let rest = seen - known
      UnsafeMutableRawPointer(e + start).storeBytes(of: rest, as: SIMD16<S>.self)
      UnsafeMutableRawPointer(mean + start).storeBytes(of: known + rate * rest, as: SIMD16<S>.self)
    }
  }
}

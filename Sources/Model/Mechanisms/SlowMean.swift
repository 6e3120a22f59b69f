/// ebar: a slow running mean of e(T), which the update leaves out: mu = clip(eta (e - ebar) (R - Rbar_c) - growth W).
///
/// e holds what a trial does every time (drift) beside what exploration added to this one. At fixed W the mean of
/// e (R - Rbar_c) over the trials of a condition is cov(e, R) + mean(e) (mean(R) - Rbar_c); the last term is noise that
/// follows Rbar_c, and with ebar_c in place of 0 it is gone, since (mean(e) - ebar_c) is. A mean over all conditions
/// takes away only what they share. As Rbar_c, ebar is updated after use, at rate a_e, and starts as the first e it
/// meets, whose update is 0.
public struct SlowMean: Mechanism {
  public static let name = "the running mean of e"
  public static let constants = [
    LocalConstant.Declaration(
      "trace-mean", in: "rule", standard: 0, .share, learners: .threeFactor, recordVersion: 2,
      "a_e, rate of the running mean of e that mu leaves out; 0 = off; needs evolution")
  ]
  /// edot would need ebardot_c, one more U for every condition.
  public static let hasDerivatives = false

  /// a_e.
  fileprivate let rate: Double
  fileprivate let group: TraceMeanGroup

  public init?(_ constants: LocalConstants, traceMeanBy: TraceMeanGroup) {
    rate = constants[.traceMean]
    group = traceMeanBy
    if !(rate > 0) { return nil }
  }

  public func traceFilter<S: BinaryFloatingPoint & SIMDScalar>(count: Int, conditions: Int) -> TraceFilter<S>?
  {
    SlowMeanFilter(self, count: count, conditions: conditions)
  }

  public func referenceFilter() -> ReferenceFilter? {
    var means: [Int: [Double]] = [:]
    return { trace, condition in
      let place = group == .condition ? condition : 0
      let mean = means[place] ?? trace
      let rest = zip(trace, mean).map { $0 - $1 }
      means[place] = zip(mean, rest).map { $0 + rate * $1 }
      return rest
    }
  }
}

extension LocalConstant {
  /// a_e of `SlowMean`.
  public static let traceMean = LocalConstant(declared: "trace-mean")
}

/// The means of one lifetime, and e - ebar.
private final class SlowMeanFilter<S: BinaryFloatingPoint & SIMDScalar>: TraceFilter<S> {
  private let count: Int
  private let mechanism: SlowMean
  private var means: [S]
  private var isKnown: [Bool]

  init(_ mechanism: SlowMean, count: Int, conditions: Int) {
    self.mechanism = mechanism
    self.count = count
    isKnown = Array(repeating: false, count: mechanism.group == .condition ? conditions : 1)
    means = Array(repeating: 0, count: isKnown.count * count)
  }

  /// Replaces e by e - ebar and lets ebar follow.
  ///
  /// At the first visit the rest is 0, or NaN where e is not finite, so that the update still sees it.
  @specialized(where S == Float)
  @specialized(where S == Double)
  override func apply(_ traces: UnsafeMutablePointer<S>, condition: Int) {
    let place = mechanism.group == .condition ? condition : 0
    let isFirst = !isKnown[place]
    isKnown[place] = true
    let rate = S(mechanism.rate)
    means.withUnsafeMutableBufferPointer { means in
      let mean = means.baseAddress! + place * count
      for start in stride(from: 0, to: count, by: 16) {
        let seen = UnsafeRawPointer(traces + start).loadUnaligned(as: SIMD16<S>.self)
        let known = isFirst ? seen : UnsafeRawPointer(mean + start).loadUnaligned(as: SIMD16<S>.self)
        let rest = seen - known
        UnsafeMutableRawPointer(traces + start).storeBytes(of: rest, as: SIMD16<S>.self)
        UnsafeMutableRawPointer(mean + start).storeBytes(of: known + rate * rest, as: SIMD16<S>.self)
      }
    }
  }
}

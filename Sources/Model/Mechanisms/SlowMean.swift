/// ebar: a slow running mean of e(T), which the update leaves out: mu = clip(eta (e - ebar) (R - Rbar_c) - growth W).
///
/// e holds what a trial does every time (drift) beside what exploration added to this one. At fixed W the mean of
/// e (R - Rbar_c) over the trials of a condition is cov(e, R) + mean(e) (mean(R) - Rbar_c); the last term is noise that
/// follows Rbar_c, and with ebar_c in place of 0 it is gone, since (mean(e) - ebar_c) is. A mean over all conditions
/// takes away only what they share. As Rbar_c, ebar is updated after use, at rate a_e, and starts as the first e it
/// meets, whose update is 0. Its tangent follows edot at the same rate, one more U for every mean that is kept.
///
/// One mean a condition costs C N^2 memories that no synapse is known to have; one a synapse is local.
public struct SlowMean: Mechanism {
  public static let name = "the running mean of e"
  public static let constants = [
    LocalConstant.Declaration(
      "trace-mean", in: "rule", standard: 0, .share, learners: .threeFactor, recordVersion: 2,
      "a_e, rate of the running mean of e that mu leaves out; 0 = off")
  ]

  public static var filterConstant: LocalConstant? { .traceMean }

  /// a_e.
  let rate: Double
  private let group: TraceMeanGroup

  public init?(_ constants: LocalConstants, traceMeanBy: TraceMeanGroup) {
    rate = constants[.traceMean]
    group = traceMeanBy
    if !(rate > 0) { return nil }
  }

  /// Means that are kept for every synapse.
  func means(of conditions: Int) -> Int { group == .condition ? conditions : 1 }
  /// The mean that a trial of `condition` uses.
  func place(of condition: Int) -> Int { group == .condition ? condition : 0 }

  public func traceFilter<S: BinaryFloatingPoint & SIMDScalar>(count: Int, conditions: Int) -> TraceFilter<S>?
  {
    SlowMeanFilter(self, count: count, conditions: conditions)
  }

  public func referenceFilter() -> ReferenceFilter? {
    var means: [Int: [Double]] = [:]
    var meanTangents: [Int: [[Double]]] = [:]
    return { trace, tangents, slopes, condition in
      let place = self.place(of: condition)
      let mean = means[place] ?? trace
      let rest = zip(trace, mean).map { $0 - $1 }
      let known = meanTangents[place] ?? tangents
      let restTangents = zip(tangents, known).map { zip($0, $1).map { $0 - $1 } }
      means[place] = zip(mean, rest).map { $0 + rate * $1 }
      meanTangents[place] = known.indices.map { q in
        rest.indices.map { known[q][$0] + rate * restTangents[q][$0] + slopes[q] * rest[$0] }
      }
      return (rest, restTangents)
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
  private var isFirst = false

  init(_ mechanism: SlowMean, count: Int, conditions: Int) {
    self.mechanism = mechanism
    self.count = count
    isKnown = Array(repeating: false, count: mechanism.means(of: conditions))
    means = Array(repeating: 0, count: isKnown.count * count)
  }

  private init(_ other: SlowMeanFilter) {
    mechanism = other.mechanism
    count = other.count
    means = other.means
    isKnown = other.isKnown
  }

  override var startedAnew: Bool { isFirst }
  override func copy() -> TraceFilter<S> { SlowMeanFilter(self) }

  override func tangents(directions: Int) -> TraceTangentFilter<S>? {
    SlowMeanTangents(mechanism, count: count, means: isKnown.count, directions: directions)
  }

  override func adjoints() -> TraceAdjointFilter<S>? {
    SlowMeanAdjoints(mechanism, count: count, means: isKnown.count)
  }

  /// Replaces e by e - ebar and lets ebar follow.
  ///
  /// At the first visit the rest is 0, or NaN where e is not finite, so that the update still sees it.
  @specialized(where S == Float)
  @specialized(where S == Double)
  override func apply(_ traces: UnsafeMutablePointer<S>, condition: Int) {
    let place = mechanism.place(of: condition)
    isFirst = !isKnown[place]
    isKnown[place] = true
    let rate = S(mechanism.rate)
    means.withUnsafeMutableBufferPointer { means in
      leaveOut(traces, means.baseAddress! + place * count, count, rate: rate, isFirst: isFirst)
    }
  }
}

/// ebardot of every mean and direction.
private final class SlowMeanTangents<S: BinaryFloatingPoint & SIMDScalar>: TraceTangentFilter<S> {
  private let count: Int
  private let directions: Int
  private let mechanism: SlowMean
  private var means: [S]
  private var isKnown: [Bool]

  init(_ mechanism: SlowMean, count: Int, means: Int, directions: Int) {
    self.mechanism = mechanism
    self.count = count
    self.directions = directions
    isKnown = Array(repeating: false, count: means)
    self.means = Array(repeating: 0, count: means * directions * count)
  }

  /// edot - ebardot; ebardot follows edot, and e - ebar where the direction is a_e itself.
  @specialized(where S == Float)
  @specialized(where S == Double)
  override func apply(
    _ tangents: UnsafeMutablePointer<S>, rest: UnsafePointer<S>, slopes: [S]?, condition: Int
  ) {
    let place = mechanism.place(of: condition)
    let isFirst = !isKnown[place]
    isKnown[place] = true
    let rate = S(mechanism.rate)
    means.withUnsafeMutableBufferPointer { means in
      for q in 0..<directions {
        let mean = means.baseAddress! + (place * directions + q) * count
        leaveOut(tangents + q * count, mean, count, rate: rate, isFirst: isFirst)
        guard let slope = slopes?[q], slope != 0, !isFirst else { continue }
        for start in stride(from: 0, to: count, by: 16) {
          let own = UnsafeRawPointer(rest + start).loadUnaligned(as: SIMD16<S>.self)
          let known = UnsafeRawPointer(mean + start).loadUnaligned(as: SIMD16<S>.self)
          UnsafeMutableRawPointer(mean + start).storeBytes(of: known + slope * own, as: SIMD16<S>.self)
        }
      }
    }
  }
}

/// The adjoint of every mean.
private final class SlowMeanAdjoints<S: BinaryFloatingPoint & SIMDScalar>: TraceAdjointFilter<S> {
  private let count: Int
  private let mechanism: SlowMean
  private var means: [S]

  init(_ mechanism: SlowMean, count: Int, means: Int) {
    self.mechanism = mechanism
    self.count = count
    self.means = Array(repeating: 0, count: means * count)
  }

  /// With M the adjoint of ebar after the trial and D that of e - ebar: D + a_e M is that of e, (1 - a_e) M - D that of
  /// ebar before, and <M, e - ebar> that of a_e. At a first visit ebar is e, so that of e is M.
  @specialized(where S == Float)
  @specialized(where S == Double)
  override func apply(
    _ adjoint: UnsafeMutablePointer<S>, rest: UnsafePointer<S>, startedAnew: Bool, condition: Int
  ) -> Double {
    let rate = S(mechanism.rate)
    var sum = SIMD16<S>(repeating: 0)
    means.withUnsafeMutableBufferPointer { means in
      let mean = means.baseAddress! + mechanism.place(of: condition) * count
      for start in stride(from: 0, to: count, by: 16) {
        let own = UnsafeRawPointer(adjoint + start).loadUnaligned(as: SIMD16<S>.self)
        let after = UnsafeRawPointer(mean + start).loadUnaligned(as: SIMD16<S>.self)
        let left = UnsafeRawPointer(rest + start).loadUnaligned(as: SIMD16<S>.self)
        // Padded lanes of e - ebar may hold anything; M is 0 there.
        let product = after * left
        sum += product.replacing(with: SIMD16<S>(repeating: 0), where: after .== 0)
        let before = startedAnew ? SIMD16<S>(repeating: 0) : after - rate * after - own
        UnsafeMutableRawPointer(mean + start).storeBytes(of: before, as: SIMD16<S>.self)
        let total = startedAnew ? after : own + rate * after
        UnsafeMutableRawPointer(adjoint + start).storeBytes(of: total, as: SIMD16<S>.self)
      }
    }
    var total = 0.0
    for lane in 0..<16 { total += Double(sum[lane]) }
    return startedAnew ? 0 : total
  }
}

/// Replaces `values` by what is left of them without their mean, which follows at `rate`; a first value is its own mean.
@inline(__always)
private func leaveOut<S: BinaryFloatingPoint & SIMDScalar>(
  _ values: UnsafeMutablePointer<S>, _ mean: UnsafeMutablePointer<S>, _ count: Int, rate: S, isFirst: Bool
) {
  for start in stride(from: 0, to: count, by: 16) {
    let seen = UnsafeRawPointer(values + start).loadUnaligned(as: SIMD16<S>.self)
    let known = isFirst ? seen : UnsafeRawPointer(mean + start).loadUnaligned(as: SIMD16<S>.self)
    let rest = seen - known
    UnsafeMutableRawPointer(values + start).storeBytes(of: rest, as: SIMD16<S>.self)
    UnsafeMutableRawPointer(mean + start).storeBytes(of: known + rate * rest, as: SIMD16<S>.self)
  }
}

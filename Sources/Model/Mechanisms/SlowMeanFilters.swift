/// The means of one lifetime, and e - ebar.
final class SlowMeanFilter<S: BinaryFloatingPoint & SIMDScalar>: TraceFilter<S> {
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

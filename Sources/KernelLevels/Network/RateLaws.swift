import KernelCalls

/// One `RateFunction` as a type: what is generic over it has no branch inside.
protocol RateLaw {
  /// r = f(x).
  static func rates<V: Lanes>(_ x: V) -> V
  /// f'(x) by r.
  static func slopes<V: Lanes>(_ r: V) -> V
}

enum TanhLaw: RateLaw {
  @inline(__always) static func rates<V: Lanes>(_ x: V) -> V { x.tanhLanes() }
  @inline(__always) static func slopes<V: Lanes>(_ r: V) -> V { V.fused(-r, r, V(repeating: 1)) }
}

/// max(0, tanh x); its slope is (1 - r^2) where r > 0 and 0 elsewhere.
enum RectifiedTanhLaw: RateLaw {
  @inline(__always) static func rates<V: Lanes>(_ x: V) -> V {
    let r = x.tanhLanes()
    return r.zeroWhereNegative(r)
  }

  @inline(__always) static func slopes<V: Lanes>(_ r: V) -> V {
    let slope = V.fused(-r, r, V(repeating: 1))
    // r is never negative: what is left where r = 0 is taken away.
    return slope - slope.zeroWhereNegative(r.excess(over: 0))
  }
}

/// 1 / (1 + exp(-x)) = (1 + tanh(x / 2)) / 2; its slope is r (1 - r).
enum SigmoidLaw: RateLaw {
  @inline(__always) static func rates<V: Lanes>(_ x: V) -> V {
    let half = V(repeating: 0.5)
    return V.fused((x * half).tanhLanes(), half, half)
  }

  @inline(__always) static func slopes<V: Lanes>(_ r: V) -> V { V.fused(-r, r, r) }
}

/// x + 2 between 0 and 20 (Miconi's network of two populations); its slope is 1 between them and 0 elsewhere.
enum ThresholdLinearLaw: RateLaw {
  @inline(__always) static func rates<V: Lanes>(_ x: V) -> V {
    let r = x + V(repeating: 2)
    return r.zeroWhereNegative(r).clamped(to: 20)
  }

  @inline(__always) static func slopes<V: Lanes>(_ r: V) -> V {
    let one = V(repeating: 1)
    let positive = one - one.zeroWhereNegative(r.excess(over: 0))
    return positive.zeroWhereNegative(r.excess(over: V.Scalar(20).nextDown))
  }
}

/// slopes = f' of `count` rates, a whole number of vectors.
@inline(__always)
func writeSlopes<V: Lanes>(
  _ function: RateFunction, of rates: UnsafePointer<V.Scalar>, count: Int,
  to slopes: UnsafeMutablePointer<V.Scalar>, _: V.Type
) {
  switch function {
  case .tanh: writeSlopes(TanhLaw.self, of: rates, count: count, to: slopes, V.self)
  case .rectifiedTanh: writeSlopes(RectifiedTanhLaw.self, of: rates, count: count, to: slopes, V.self)
  case .sigmoid: writeSlopes(SigmoidLaw.self, of: rates, count: count, to: slopes, V.self)
  case .thresholdLinear: writeSlopes(ThresholdLinearLaw.self, of: rates, count: count, to: slopes, V.self)
  }
}

@inline(__always)
private func writeSlopes<V: Lanes, F: RateLaw>(
  _: F.Type, of rates: UnsafePointer<V.Scalar>, count: Int, to slopes: UnsafeMutablePointer<V.Scalar>,
  _: V.Type
) {
  for i in stride(from: 0, to: count, by: V.scalarCount) {
    F.slopes(V.load(rates + i)).store(slopes + i)
  }
}

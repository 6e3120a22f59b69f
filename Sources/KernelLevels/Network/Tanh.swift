import KernelCalls

extension SIMD16<Float> {
  @inline(__always) static var tanhTable: TanhTable<Scalar> {
    TanhTable(
      limit: 10, exponentMagic: 0x1.8p23, inverseLogTwo: 0x1.715476p0, logTwoHigh: 0x1.62ep-1,
      logTwoLow: 0x1.0bfbe8p-15)
  }
}

extension SIMD8<Double> {
  @inline(__always) static var tanhTable: TanhTable<Scalar> {
    TanhTable(
      limit: 22, exponentMagic: 0x1.8p52, inverseLogTwo: 0x1.71547652b82fep0,
      logTwoHigh: 0x1.62e42feep-1, logTwoLow: 0x1.a39ef35793c76p-33)
  }
}

extension Lanes {
  /// tanh by expm1: with y = 2 |x| = n ln 2 + f, E = 2^n expm1(f) + (2^n - 1) and tanh |x| = E / (E + 2).
  ///
  /// Odd to the bit, tanh(+-0) = +-0, +-1 at infinity, NaN stays NaN. Error: Float below 4 ulp, Double below
  /// 1e-15 relative (both measured in the tests).
  @inline(__always) func tanhLanes() -> Self {
    let table = Self.tanhTable
    let size = magnitudes.atMost(table.limit)
    let y = size + size
    let rounded = Self.fused(y, table.inverseLogTwo, Self(repeating: table.exponentMagic))
    let n = rounded - Self(repeating: table.exponentMagic)
    var f = Self.fused(n, -table.logTwoHigh, y)
    f = Self.fused(n, -table.logTwoLow, f)
    let series = Self.expansion(f)
    let small = Self.fused(f * f, series, f)
    let power = Self.powerOfTwo(rounded: rounded)
    let e = Self.fused(power, small, power - Self(repeating: 1))
    return (e / (e + Self(repeating: 2))).withSign(of: self)
  }

  /// (expm1(f) - f) / f^2 = 1/2! + f/3! + ...: as many terms as the type needs on |f| <= ln 2 / 2.
  @inline(__always) static func expansion(_ f: Self) -> Self {
    if MemoryLayout<Scalar>.size == 4 {
      var p = Self(repeating: 0x1.a01a02p-16)  // 1/8!, 7!, ... 2!
      p = fused(p, f, Self(repeating: 0x1.a01a02p-13))
      p = fused(p, f, Self(repeating: 0x1.6c16c2p-10))
      p = fused(p, f, Self(repeating: 0x1.111112p-7))
      p = fused(p, f, Self(repeating: 0x1.555556p-5))
      p = fused(p, f, Self(repeating: 0x1.555556p-3))
      return fused(p, f, Self(repeating: 0.5))
    }
    var p = Self(repeating: 0x1.93974a8c07c9dp-37)  // 1/14!, 13!, ... 2!
    p = fused(p, f, Self(repeating: 0x1.6124613a86d09p-33))
    p = fused(p, f, Self(repeating: 0x1.1eed8eff8d898p-29))
    p = fused(p, f, Self(repeating: 0x1.ae64567f544e4p-26))
    p = fused(p, f, Self(repeating: 0x1.27e4fb7789f5cp-22))
    p = fused(p, f, Self(repeating: 0x1.71de3a556c734p-19))
    p = fused(p, f, Self(repeating: 0x1.a01a01a01a01ap-16))
    p = fused(p, f, Self(repeating: 0x1.a01a01a01a01ap-13))
    p = fused(p, f, Self(repeating: 0x1.6c16c16c16c17p-10))
    p = fused(p, f, Self(repeating: 0x1.1111111111111p-7))
    p = fused(p, f, Self(repeating: 0x1.5555555555555p-5))
    p = fused(p, f, Self(repeating: 0x1.5555555555555p-3))
    return fused(p, f, Self(repeating: 0.5))
  }
}

import KernelCalls

/// A vector of lanes over the postsynaptic index: 64 bytes at every level, so that sums across lanes have one
/// order; the compiler splits it where registers are narrower.
protocol Lanes: SIMD where Scalar: BinaryFloatingPoint & SIMDScalar & Sendable {
  /// c + a b: one rounding where the level has fused operations, two where not.
  static func fused(_ a: Self, _ b: Self, _ c: Self) -> Self
  /// 2^n for lanes that were rounded to the integer n by adding `exponentMagic`.
  static func powerOfTwo(rounded: Self) -> Self
  /// |lane|.
  var magnitudes: Self { get }
  /// The magnitude of `self` with the sign of `other`.
  func withSign(of other: Self) -> Self
  /// `self` where `gate` is 1 and 0 where it is 0, whatever `self` holds there; other gates are not allowed.
  func kept(where gate: Self) -> Self
  /// Negative where |lane| > limit or NaN, from the order of the bits of positive numbers; limit >= 0.
  func excess(over limit: Scalar) -> Self
  /// The lane, or `limit` where it is above that; NaN stays NaN.
  func atMost(_ limit: Scalar) -> Self
  /// The lane, or `limit` where it is below that; NaN stays NaN.
  func atLeast(_ limit: Scalar) -> Self
  /// Stores the lanes in parts of `TraceTile.sources`, `step` scalars apart.
  func storeParts(_ pointer: UnsafeMutablePointer<Scalar>, step: Int)
  /// 0 where `flags` is negative (the sign bit counts), `self` elsewhere.
  func zeroWhereNegative(_ flags: Self) -> Self
  /// Negative where `a` or `b` is.
  static func union(_ a: Self, _ b: Self) -> Self
  /// 1 in the first `count` lanes, 0 in the others.
  static func mask(count: Int) -> Self
  static var tanhTable: TanhTable<Scalar> { get }
}

extension SIMD16<Float>: Lanes {
  @inline(__always) static func fused(_ a: Self, _ b: Self, _ c: Self) -> Self {
    #if KERNELS_FUSED
      c.addingProduct(a, b)
    #else
      c + a * b
    #endif
  }

  @inline(__always) static func powerOfTwo(rounded: Self) -> Self {
    Self(bits: (rounded.bits &+ SIMD16<Int32>(repeating: 127)) &<< SIMD16<Int32>(repeating: 23))
  }

  @inline(__always) var bits: SIMD16<Int32> { unsafeBitCast(self, to: SIMD16<Int32>.self) }

  @inline(__always) init(bits: SIMD16<Int32>) { self = unsafeBitCast(bits, to: Self.self) }

  @inline(__always) var magnitudes: Self { Self(bits: bits & SIMD16<Int32>(repeating: .max)) }

  @inline(__always) func withSign(of other: Self) -> Self {
    Self(bits: (bits & SIMD16<Int32>(repeating: .max)) | (other.bits & SIMD16<Int32>(repeating: .min)))
  }

  @inline(__always) func kept(where gate: Self) -> Self {
    Self(bits: bits & ((gate.bits &<< SIMD16<Int32>(repeating: 2)) &>> SIMD16<Int32>(repeating: 31)))
  }

  @inline(__always) func excess(over limit: Scalar) -> Self {
    Self(bits: SIMD16<Int32>(repeating: Int32(bitPattern: limit.bitPattern)) &- magnitudes.bits)
  }

  @inline(__always) func atMost(_ limit: Scalar) -> Self {
    let most = Self(repeating: limit)
    return replacing(with: most, where: most .< self)
  }

  @inline(__always) func atLeast(_ limit: Scalar) -> Self {
    let least = Self(repeating: limit)
    return replacing(with: least, where: self .< least)
  }

  @inline(__always) func zeroWhereNegative(_ flags: Self) -> Self {
    Self(bits: bits & ~(flags.bits &>> SIMD16<Int32>(repeating: 31)))
  }

  @inline(__always) func storeParts(_ pointer: UnsafeMutablePointer<Scalar>, step: Int) {
    #if KERNELS_v4
      storeUnaligned(lowHalf.lowHalf, pointer)
      storeUnaligned(lowHalf.highHalf, pointer + step)
      storeUnaligned(highHalf.lowHalf, pointer + 2 &* step)
      storeUnaligned(highHalf.highHalf, pointer + 3 &* step)
    #else
      for part in 0..<Self.scalarCount / TraceTile.sources {
        for n in 0..<TraceTile.sources { pointer[part &* step + n] = self[part &* TraceTile.sources + n] }
      }
    #endif
  }

  @inline(__always) static func union(_ a: Self, _ b: Self) -> Self { Self(bits: a.bits | b.bits) }

  @inline(__always) static func mask(count: Int) -> Self {
    let lanes = SIMD16<Int32>(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
    let flags = Self(
      bits: SIMD16<Int32>(repeating: Int32(Swift.max(0, Swift.min(count, scalarCount)) - 1)) &- lanes)
    return Self(repeating: 1).zeroWhereNegative(flags)
  }
}

extension SIMD8<Double>: Lanes {
  @inline(__always) static func fused(_ a: Self, _ b: Self, _ c: Self) -> Self {
    #if KERNELS_FUSED
      c.addingProduct(a, b)
    #else
      c + a * b
    #endif
  }

  @inline(__always) static func powerOfTwo(rounded: Self) -> Self {
    Self(bits: (rounded.bits &+ SIMD8<Int64>(repeating: 1023)) &<< SIMD8<Int64>(repeating: 52))
  }

  @inline(__always) var bits: SIMD8<Int64> { unsafeBitCast(self, to: SIMD8<Int64>.self) }

  @inline(__always) init(bits: SIMD8<Int64>) { self = unsafeBitCast(bits, to: Self.self) }

  @inline(__always) var magnitudes: Self { Self(bits: bits & SIMD8<Int64>(repeating: .max)) }

  @inline(__always) func withSign(of other: Self) -> Self {
    Self(bits: (bits & SIMD8<Int64>(repeating: .max)) | (other.bits & SIMD8<Int64>(repeating: .min)))
  }

  @inline(__always) func kept(where gate: Self) -> Self {
    Self(bits: bits & ((gate.bits &<< SIMD8<Int64>(repeating: 2)) &>> SIMD8<Int64>(repeating: 63)))
  }

  @inline(__always) func excess(over limit: Scalar) -> Self {
    Self(bits: SIMD8<Int64>(repeating: Int64(bitPattern: limit.bitPattern)) &- magnitudes.bits)
  }

  @inline(__always) func atMost(_ limit: Scalar) -> Self {
    let most = Self(repeating: limit)
    return replacing(with: most, where: most .< self)
  }

  @inline(__always) func atLeast(_ limit: Scalar) -> Self {
    let least = Self(repeating: limit)
    return replacing(with: least, where: self .< least)
  }

  @inline(__always) func zeroWhereNegative(_ flags: Self) -> Self {
    Self(bits: bits & ~(flags.bits &>> SIMD8<Int64>(repeating: 63)))
  }

  @inline(__always) func storeParts(_ pointer: UnsafeMutablePointer<Scalar>, step: Int) {
    #if KERNELS_v4
      storeUnaligned(lowHalf, pointer)
      storeUnaligned(highHalf, pointer + step)
    #else
      for part in 0..<Self.scalarCount / TraceTile.sources {
        for n in 0..<TraceTile.sources { pointer[part &* step + n] = self[part &* TraceTile.sources + n] }
      }
    #endif
  }

  @inline(__always) static func union(_ a: Self, _ b: Self) -> Self { Self(bits: a.bits | b.bits) }

  @inline(__always) static func mask(count: Int) -> Self {
    let lanes = SIMD8<Int64>(0, 1, 2, 3, 4, 5, 6, 7)
    let flags = Self(
      bits: SIMD8<Int64>(repeating: Int64(Swift.max(0, Swift.min(count, scalarCount)) - 1)) &- lanes)
    return Self(repeating: 1).zeroWhereNegative(flags)
  }
}

extension Lanes {
  /// The lanes that start at `pointer`, which is 64-byte aligned.
  @inline(__always) static func load(_ pointer: UnsafePointer<Scalar>) -> Self {
    UnsafeRawPointer(pointer).assumingMemoryBound(to: Self.self).pointee
  }

  @inline(__always) static func load(_ pointer: UnsafeMutablePointer<Scalar>) -> Self {
    UnsafeRawPointer(pointer).assumingMemoryBound(to: Self.self).pointee
  }

  @inline(__always) func store(_ pointer: UnsafeMutablePointer<Scalar>) {
    UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: Self.self).pointee = self
  }

  @inline(__always) static func fused(_ a: Self, _ b: Scalar, _ c: Self) -> Self {
    fused(a, Self(repeating: b), c)
  }

  /// The lane brought into -limit...limit, limit >= 0; NaN stays NaN.
  @inline(__always) func clamped(to limit: Scalar) -> Self { atMost(limit).atLeast(-limit) }

  /// a0 b0 a1 b1 ... and the rest of the same.
  @inline(__always) static func interleaved(_ a: Self, _ b: Self) -> (Self, Self) {
    var low = Self.zero
    var high = Self.zero
    for n in 0..<scalarCount / 2 {
      low[2 &* n] = a[n]
      low[2 &* n &+ 1] = b[n]
      high[2 &* n] = a[n &+ scalarCount / 2]
      high[2 &* n &+ 1] = b[n &+ scalarCount / 2]
    }
    return (low, high)
  }

  /// True where no lane is negative (-0 counts as negative).
  @inline(__always) var hasNoSign: Bool {
    var isClear = true
    for i in 0..<Self.scalarCount { isClear = isClear && self[i].sign == .plus }
    return isClear
  }

  /// The sum of all lanes, halving the vector until one lane is left.
  @inline(__always) var total: Scalar {
    var part = self
    var width = Self.scalarCount / 2
    while width > 0 {
      for i in 0..<width { part[i] += part[i + width] }
      width /= 2
    }
    return part[0]
  }
}

/// Stores a whole vector where its scalars are aligned, but not itself.
@inline(__always)
func storeUnaligned<P: SIMD>(_ part: P, _ pointer: UnsafeMutablePointer<P.Scalar>) {
  UnsafeMutableRawPointer(pointer).storeBytes(of: part, as: P.self)
}

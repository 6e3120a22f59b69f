import KernelCalls

/// A vector of lanes over the postsynaptic index: 64 bytes at every level, so that sums across lanes have one
/// order; the compiler splits it where registers are narrower.
protocol Lanes: SIMD where Scalar: BinaryFloatingPoint & SIMDScalar & Sendable {
  /// c + a b: one rounding where the level has fused operations, two where not.
  static func fused(_ a: Self, _ b: Self, _ c: Self) -> Self
  /// 2^n for lanes whose scaled value was rounded by adding `exponentMagic`.
  static func powerOfTwo(rounded: Self) -> Self
  /// The magnitude of `self` with the sign of `other`.
  func withSign(of other: Self) -> Self
  /// |lane|.
  var magnitudes: Self { get }
  static var tanhTable: TanhTable<Self> { get }
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
    let bits = unsafeBitCast(rounded, to: SIMD16<UInt32>.self)
    let shifted = (bits &+ SIMD16<UInt32>(repeating: 127)) &<< SIMD16<UInt32>(repeating: 23)
    return unsafeBitCast(shifted, to: Self.self)
  }

  @inline(__always) func withSign(of other: Self) -> Self {
    let sign = SIMD16<UInt32>(repeating: 0x8000_0000)
    let bits = unsafeBitCast(self, to: SIMD16<UInt32>.self) & SIMD16<UInt32>(repeating: 0x7FFF_FFFF)
    return unsafeBitCast(bits | (unsafeBitCast(other, to: SIMD16<UInt32>.self) & sign), to: Self.self)
  }

  @inline(__always) var magnitudes: Self {
    let bits = unsafeBitCast(self, to: SIMD16<UInt32>.self) & SIMD16<UInt32>(repeating: 0x7FFF_FFFF)
    return unsafeBitCast(bits, to: Self.self)
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
    let bits = unsafeBitCast(rounded, to: SIMD8<UInt64>.self)
    let shifted = (bits &+ SIMD8<UInt64>(repeating: 1023)) &<< SIMD8<UInt64>(repeating: 52)
    return unsafeBitCast(shifted, to: Self.self)
  }

  @inline(__always) func withSign(of other: Self) -> Self {
    let sign = SIMD8<UInt64>(repeating: 0x8000_0000_0000_0000)
    let bits = unsafeBitCast(self, to: SIMD8<UInt64>.self) & ~sign
    return unsafeBitCast(bits | (unsafeBitCast(other, to: SIMD8<UInt64>.self) & sign), to: Self.self)
  }

  @inline(__always) var magnitudes: Self {
    let mask = SIMD8<UInt64>(repeating: 0x7FFF_FFFF_FFFF_FFFF)
    return unsafeBitCast(unsafeBitCast(self, to: SIMD8<UInt64>.self) & mask, to: Self.self)
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

  /// The smaller of `self` and `limit`; NaN where `self` is NaN.
  @inline(__always) func cut(above limit: Scalar) -> Self {
    var result = self
    for i in 0..<Self.scalarCount { result[i] = limit < self[i] ? limit : self[i] }
    return result
  }

  /// The larger of `self` and `limit`; NaN where `self` is NaN.
  @inline(__always) func cut(below limit: Scalar) -> Self {
    var result = self
    for i in 0..<Self.scalarCount { result[i] = limit > self[i] ? limit : self[i] }
    return result
  }

  /// `self` where `gate` is not 0, and 0 elsewhere, whatever `self` holds there.
  @inline(__always) func kept(where gate: Self) -> Self {
    var result = self
    for i in 0..<Self.scalarCount { result[i] = gate[i] == 0 ? 0 : self[i] }
    return result
  }

  /// 1 where |lane| <= bound, 0 where it is larger or NaN.
  @inline(__always) func within(_ bound: Scalar) -> Self {
    let size = magnitudes
    var result = self
    for i in 0..<Self.scalarCount { result[i] = size[i] <= bound ? 1 : 0 }
    return result
  }

  /// 1 where the lane is a unit (first + lane < units), 0 where it is padding.
  @inline(__always) static func mask(first: Int, units: Int) -> Self {
    var result = Self.zero
    for i in 0..<scalarCount { result[i] = first + i < units ? 1 : 0 }
    return result
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

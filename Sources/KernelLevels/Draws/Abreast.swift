typealias Words = SIMD16<UInt32>
typealias Floats = SIMD16<Float>

/// Eight vectors of floats on which every operation is done in turn before the next begins: chains of operations that
/// do not wait for each other, next to each other in the program, where the core finds them. The loops over the eight
/// keep them so; written out, the compiler puts one whole chain behind the other.
struct FloatsAbreast {
  var lanes: InlineArray<8, Floats>

  @inline(__always) init(lanes: InlineArray<8, Floats>) { self.lanes = lanes }

  @inline(__always) init(repeating value: Float) {
    let all = Floats(repeating: value)
    lanes = [all, all, all, all, all, all, all, all]
  }

  /// The floats of these bits.
  @inline(__always) init(bits: WordsAbreast) {
    self.init(repeating: 0)
    for k in 0..<8 { lanes[k] = unsafeBitCast(bits.lanes[k], to: Floats.self) }
  }

  @inline(__always) var bits: WordsAbreast {
    var result = WordsAbreast(repeating: 0)
    for k in 0..<8 { result.lanes[k] = unsafeBitCast(lanes[k], to: Words.self) }
    return result
  }

  @inline(__always) static func + (a: Self, b: Self) -> Self {
    var result = a
    for k in 0..<8 { result.lanes[k] += b.lanes[k] }
    return result
  }

  @inline(__always) static func - (a: Self, b: Self) -> Self {
    var result = a
    for k in 0..<8 { result.lanes[k] -= b.lanes[k] }
    return result
  }

  @inline(__always) static func * (a: Self, b: Self) -> Self {
    var result = a
    for k in 0..<8 { result.lanes[k] *= b.lanes[k] }
    return result
  }

  @inline(__always) static func *= (a: inout Self, b: Self) { a = a * b }
}

/// Eight vectors of words; see `FloatsAbreast`.
struct WordsAbreast {
  var lanes: InlineArray<8, Words>

  @inline(__always) init(_ lanes: InlineArray<8, Words>) { self.lanes = lanes }

  /// 128 words from an aligned row.
  @inline(__always) init(_ words: UnsafePointer<UInt32>) {
    self.init(repeating: 0)
    for k in 0..<8 {
      lanes[k] = UnsafeRawPointer(words + 16 &* k).assumingMemoryBound(to: Words.self).pointee
    }
  }

  @inline(__always) init(repeating value: UInt32) {
    let all = Words(repeating: value)
    lanes = [all, all, all, all, all, all, all, all]
  }

  @inline(__always) static func & (a: Self, b: Self) -> Self {
    var result = a
    for k in 0..<8 { result.lanes[k] &= b.lanes[k] }
    return result
  }

  @inline(__always) static func | (a: Self, b: Self) -> Self {
    var result = a
    for k in 0..<8 { result.lanes[k] |= b.lanes[k] }
    return result
  }

  @inline(__always) static func ^ (a: Self, b: Self) -> Self {
    var result = a
    for k in 0..<8 { result.lanes[k] ^= b.lanes[k] }
    return result
  }

  @inline(__always) static func &+ (a: Self, b: Self) -> Self {
    var result = a
    for k in 0..<8 { result.lanes[k] &+= b.lanes[k] }
    return result
  }

  @inline(__always) static func &- (a: Self, b: Self) -> Self {
    var result = a
    for k in 0..<8 { result.lanes[k] &-= b.lanes[k] }
    return result
  }

  @inline(__always) static func &>> (a: Self, bits: UInt32) -> Self {
    var result = a
    for k in 0..<8 { result.lanes[k] &>>= Words(repeating: bits) }
    return result
  }

  @inline(__always) static func &<< (a: Self, bits: UInt32) -> Self {
    var result = a
    for k in 0..<8 { result.lanes[k] &<<= Words(repeating: bits) }
    return result
  }

  @inline(__always) static prefix func ~ (a: Self) -> Self {
    var result = a
    for k in 0..<8 { result.lanes[k] = ~a.lanes[k] }
    return result
  }
}

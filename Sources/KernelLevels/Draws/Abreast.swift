typealias Words = SIMD16<UInt32>
typealias Floats = SIMD16<Float>

/// Vectors of a call that are computed abreast: as many as leave most of their values in registers.
enum Abreast {
  #if KERNELS_v4
    typealias AllWords = WordsAbreast<8>
    @inline(__always) static var count: Int { 8 }
  #else
    typealias AllWords = WordsAbreast<4>
    @inline(__always) static var count: Int { 4 }
  #endif
}

/// `n` vectors of floats on which every operation is done in turn before the next begins: chains of operations that
/// do not wait for each other, next to each other in the program, where the core finds them. The loops over them
/// keep them so; written out, the compiler puts one whole chain behind the other.
struct FloatsAbreast<let n: Int> {
  var lanes: InlineArray<n, Floats>

  @inline(__always) init(lanes: InlineArray<n, Floats>) { self.lanes = lanes }

  @inline(__always) init(repeating value: Float) {
    let all = Floats(repeating: value)
    lanes = InlineArray(repeating: all)
  }

  /// The floats of these bits.
  @inline(__always) init(bits: WordsAbreast<n>) {
    self.init(repeating: 0)
    for k in 0..<n { lanes[k] = unsafeBitCast(bits.lanes[k], to: Floats.self) }
  }

  @inline(__always) var bits: WordsAbreast<n> {
    var result = WordsAbreast<n>(repeating: 0)
    for k in 0..<n { result.lanes[k] = unsafeBitCast(lanes[k], to: Words.self) }
    return result
  }

  @inline(__always) static func + (a: Self, b: Self) -> Self {
    var result = a
    for k in 0..<n { result.lanes[k] += b.lanes[k] }
    return result
  }

  @inline(__always) static func - (a: Self, b: Self) -> Self {
    var result = a
    for k in 0..<n { result.lanes[k] -= b.lanes[k] }
    return result
  }

  @inline(__always) static func * (a: Self, b: Self) -> Self {
    var result = a
    for k in 0..<n { result.lanes[k] *= b.lanes[k] }
    return result
  }

  @inline(__always) static func *= (a: inout Self, b: Self) { a = a * b }
}

/// `n` vectors of words; see `FloatsAbreast`.
struct WordsAbreast<let n: Int> {
  var lanes: InlineArray<n, Words>

  @inline(__always) init(_ lanes: InlineArray<n, Words>) { self.lanes = lanes }

  /// Words from an aligned row.
  @inline(__always) init(_ words: UnsafePointer<UInt32>) {
    self.init(repeating: 0)
    for k in 0..<n {
      lanes[k] = UnsafeRawPointer(words + 16 &* k).assumingMemoryBound(to: Words.self).pointee
    }
  }

  @inline(__always) init(repeating value: UInt32) {
    let all = Words(repeating: value)
    lanes = InlineArray(repeating: all)
  }

  @inline(__always) static func & (a: Self, b: Self) -> Self {
    var result = a
    for k in 0..<n { result.lanes[k] &= b.lanes[k] }
    return result
  }

  @inline(__always) static func | (a: Self, b: Self) -> Self {
    var result = a
    for k in 0..<n { result.lanes[k] |= b.lanes[k] }
    return result
  }

  @inline(__always) static func ^ (a: Self, b: Self) -> Self {
    var result = a
    for k in 0..<n { result.lanes[k] ^= b.lanes[k] }
    return result
  }

  @inline(__always) static func &+ (a: Self, b: Self) -> Self {
    var result = a
    for k in 0..<n { result.lanes[k] &+= b.lanes[k] }
    return result
  }

  @inline(__always) static func &- (a: Self, b: Self) -> Self {
    var result = a
    for k in 0..<n { result.lanes[k] &-= b.lanes[k] }
    return result
  }

  @inline(__always) static func &>> (a: Self, bits: UInt32) -> Self {
    var result = a
    for k in 0..<n { result.lanes[k] &>>= Words(repeating: bits) }
    return result
  }

  @inline(__always) static func &<< (a: Self, bits: UInt32) -> Self {
    var result = a
    for k in 0..<n { result.lanes[k] &<<= Words(repeating: bits) }
    return result
  }

  @inline(__always) static prefix func ~ (a: Self) -> Self {
    var result = a
    for k in 0..<n { result.lanes[k] = ~a.lanes[k] }
    return result
  }
}

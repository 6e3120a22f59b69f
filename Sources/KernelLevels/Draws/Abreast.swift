typealias Words = SIMD16<UInt32>
typealias Floats = SIMD16<Float>

/// Vectors of a call that are computed abreast: as many as leave most of their values in registers.
enum Abreast {
  #if KERNELS_v4
    typealias AllWords = WordsAbreast<8>
    @inline(__always) static var count: Int { 8 }
    @inline(__always) static var zero: AllWords {
      let zero = Words()
      return AllWords(lanes: [zero, zero, zero, zero, zero, zero, zero, zero])
    }
  #else
    typealias AllWords = WordsAbreast<4>
    @inline(__always) static var count: Int { 4 }
    @inline(__always) static var zero: AllWords {
      let zero = Words()
      return AllWords(lanes: [zero, zero, zero, zero])
    }
  #endif
}

/// `n` vectors of floats on which every operation is done in turn before the next begins: chains of operations that
/// do not wait for each other, next to each other in the program, where the core finds them. The loops over them
/// keep them so; written out, the compiler puts one whole chain behind the other.
///
/// None is made by repeating a vector: the linker may give what the standard library makes of that to other modules.
struct FloatsAbreast<let n: Int> {
  var lanes: InlineArray<n, Floats>

  /// The floats of these bits.
  @inline(__always) init(bits: WordsAbreast<n>) {
    lanes = unsafeBitCast(bits.lanes, to: InlineArray<n, Floats>.self)
  }

  @inline(__always) var bits: WordsAbreast<n> {
    WordsAbreast(lanes: unsafeBitCast(lanes, to: InlineArray<n, Words>.self))
  }

  @inline(__always) static func + (a: Self, b: Self) -> Self {
    var result = a
    for k in 0..<n { result.lanes[k] += b.lanes[k] }
    return result
  }

  @inline(__always) static func * (a: Self, b: Self) -> Self {
    var result = a
    for k in 0..<n { result.lanes[k] *= b.lanes[k] }
    return result
  }

  @inline(__always) static func + (a: Self, b: Float) -> Self {
    var result = a
    for k in 0..<n { result.lanes[k] += Floats(repeating: b) }
    return result
  }

  @inline(__always) static func - (a: Self, b: Float) -> Self {
    var result = a
    for k in 0..<n { result.lanes[k] -= Floats(repeating: b) }
    return result
  }

  @inline(__always) static func - (a: Float, b: Self) -> Self {
    var result = b
    for k in 0..<n { result.lanes[k] = Floats(repeating: a) - b.lanes[k] }
    return result
  }

  @inline(__always) static func * (a: Self, b: Float) -> Self {
    var result = a
    for k in 0..<n { result.lanes[k] *= Floats(repeating: b) }
    return result
  }
}

/// `n` vectors of words; see `FloatsAbreast`.
struct WordsAbreast<let n: Int> {
  var lanes: InlineArray<n, Words>

  @inline(__always) init(lanes: InlineArray<n, Words>) { self.lanes = lanes }

  /// Words from an aligned row.
  @inline(__always) init(_ words: UnsafePointer<UInt32>) {
    lanes = UnsafeRawPointer(words).assumingMemoryBound(to: InlineArray<n, Words>.self).pointee
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

  @inline(__always) static func & (a: Self, b: UInt32) -> Self {
    var result = a
    for k in 0..<n { result.lanes[k] &= Words(repeating: b) }
    return result
  }

  @inline(__always) static func | (a: Self, b: UInt32) -> Self {
    var result = a
    for k in 0..<n { result.lanes[k] |= Words(repeating: b) }
    return result
  }

  @inline(__always) static func ^ (a: Self, b: UInt32) -> Self {
    var result = a
    for k in 0..<n { result.lanes[k] ^= Words(repeating: b) }
    return result
  }

  @inline(__always) static func &+ (a: Self, b: UInt32) -> Self {
    var result = a
    for k in 0..<n { result.lanes[k] &+= Words(repeating: b) }
    return result
  }

  @inline(__always) static func &- (a: Self, b: UInt32) -> Self {
    var result = a
    for k in 0..<n { result.lanes[k] &-= Words(repeating: b) }
    return result
  }

  @inline(__always) static func &- (a: UInt32, b: Self) -> Self {
    var result = b
    for k in 0..<n { result.lanes[k] = Words(repeating: a) &- b.lanes[k] }
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

import KernelCalls
import Invariants

typealias Pairs = SIMD8<UInt64>

/// Philox4x32-10 of 16 consecutive blocks; see `NormalsCall`.
///
/// Even and odd blocks are kept apart, one word in the low half of each 64-bit lane, which is where the product of
/// two 32-bit words is made; the high halves hold what is left of earlier products and are never read.
struct PhiloxGroup {
  private var even: PhiloxState
  private var odd: PhiloxState

  /// Before the first round.
  @inline(__always) init(_ group: Int, counter: (UInt32, UInt32, UInt32)) {
    let start = Pairs(repeating: UInt64(UInt32(truncatingIfNeeded: 16 &* group)))
    even = PhiloxState(block: start &+ Pairs(0, 2, 4, 6, 8, 10, 12, 14), counter: counter)
    odd = PhiloxState(block: start &+ Pairs(1, 3, 5, 7, 9, 11, 13, 15), counter: counter)
  }

  @inline(__always) mutating func advance(_ k0: UInt32, _ k1: UInt32) {
    even.advance(k0, k1)
    odd.advance(k0, k1)
  }

  /// Words 0 and 2 of each block are what radii are made of, words 1 and 3 what angles are made of; two vectors each
  /// from vector `place` on.
  @inline(__always)
  func write(_ place: Int, _ radii: inout Abreast.AllWords, _ angles: inout Abreast.AllWords) {
    radii.lanes[place] = interleaved(even.c0, odd.c0)
    radii.lanes[place &+ 1] = interleaved(even.c2, odd.c2)
    angles.lanes[place] = interleaved(even.c1, odd.c1)
    angles.lanes[place &+ 1] = interleaved(even.c3, odd.c3)
  }
}

/// The ten rounds, each with its keys.
@inline(__always)
private func eachRound(_ key: (UInt32, UInt32), _ advance: (UInt32, UInt32) -> Void) {
  var (k0, k1) = key
  for _ in 0..<10 {
    advance(k0, k1)
    k0 = k0 &+ 0x9E37_79B9
    k1 = k1 &+ 0xBB67_AE85
  }
}

/// The words of as many groups from `first` on as fill the vectors that are computed abreast.
@inline(__always)
private func writeWords<S>(
  _ call: NormalsCall<S>, _ first: Int, _ radii: inout Abreast.AllWords, _ angles: inout Abreast.AllWords
) {
  #if KERNELS_v4
    writeTwo(call, first, 0, &radii, &angles)
    writeTwo(call, first &+ 2, 4, &radii, &angles)
  #else
    writeOne(call, first, 0, &radii, &angles)
    writeOne(call, first &+ 1, 2, &radii, &angles)
  #endif
}

/// A group and the one behind it: alone each is a chain of ten rounds that wait for the one before.
@inline(__always)
private func writeTwo<S>(
  _ call: NormalsCall<S>, _ first: Int, _ place: Int, _ radii: inout Abreast.AllWords,
  _ angles: inout Abreast.AllWords
) {
  var group = PhiloxGroup(first, counter: call.counter)
  var next = PhiloxGroup(first &+ 1, counter: call.counter)
  eachRound(call.key) {
    group.advance($0, $1)
    next.advance($0, $1)
  }
  group.write(place, &radii, &angles)
  next.write(place &+ 2, &radii, &angles)
}

/// One group: two do not fit the registers of the narrower levels.
@inline(__always)
private func writeOne<S>(
  _ call: NormalsCall<S>, _ first: Int, _ place: Int, _ radii: inout Abreast.AllWords,
  _ angles: inout Abreast.AllWords
) {
  var group = PhiloxGroup(first, counter: call.counter)
  eachRound(call.key) { group.advance($0, $1) }
  group.write(place, &radii, &angles)
}

/// The counters of 8 blocks between rounds.
struct PhiloxState {
  var c0: Pairs
  var c1: Pairs
  var c2: Pairs
  var c3: Pairs

  @inline(__always) init(block: Pairs, counter: (UInt32, UInt32, UInt32)) {
    c0 = block
    c1 = Pairs(repeating: UInt64(counter.0))
    c2 = Pairs(repeating: UInt64(counter.1))
    c3 = Pairs(repeating: UInt64(counter.2))
  }

  @inline(__always) mutating func advance(_ k0: UInt32, _ k1: UInt32) {
    let low = Pairs(repeating: 0xFFFF_FFFF)
    let a = (c0 & low) &* Pairs(repeating: 0xD251_1F53)
    let b = (c2 & low) &* Pairs(repeating: 0xCD9E_8D57)
    c0 = (b &>> Pairs(repeating: 32)) ^ c1 ^ Pairs(repeating: UInt64(k0))
    c2 = (a &>> Pairs(repeating: 32)) ^ c3 ^ Pairs(repeating: UInt64(k1))
    c1 = b
    c3 = a
  }
}

/// The low words of the lanes, even blocks first in each pair.
@inline(__always)
func interleaved(_ even: Pairs, _ odd: Pairs) -> Words {
  unsafeBitCast((even & Pairs(repeating: 0xFFFF_FFFF)) | (odd &<< Pairs(repeating: 32)), to: Words.self)
}

/// Two independent normals a lane from two words by Box-Muller, without fused operations: the same steps as `boxMuller`
/// of `Kernels` (a test holds the two to the same bits).
@inline(__always)
func boxMullerLanes<let n: Int>(
  _ a: WordsAbreast<n>, _ b: WordsAbreast<n>
) -> (FloatsAbreast<n>, FloatsAbreast<n>) {
  typealias Floats = FloatsAbreast<n>
  // u = (a / 2 + 1/2) 2^-31 in (0, 1], from its upper 16 and lower 15 bits so that one rounding is made.
  let half = a &>> 1
  let u = floats(half &>> 15, scale: 16) + floats(half & 0x7FFF, scale: 31) + 0x1p-32
  // u = 2^exponent (1 + f), sqrt(1/2) <= 1 + f < sqrt 2
  let offset = u.bits &- NormalTable.rootHalfBits
  let exponent = floats((offset ^ 0x8000_0000) &>> 23, scale: 0, less: 256)
  let f = Floats(bits: (offset & 0x7F_FFFF) &+ NormalTable.rootHalfBits) - 1
  var p = f * NormalTable.log.0 + NormalTable.log.1
  p = p * f + NormalTable.log.2
  p = p * f + NormalTable.log.3
  p = p * f + NormalTable.log.4
  p = p * f + NormalTable.log.5
  p = p * f + NormalTable.log.6
  p = p * f + NormalTable.log.7
  p = p * f + NormalTable.log.8
  let logarithm = (p * f - 0.5) * (f * f) + f + exponent * NormalTable.logTwo
  let s = logarithm * -2
  // sqrt s = s rsqrt(s): three Newton steps from the exponent trick; 0 stays 0.
  var y = Floats(bits: NormalTable.rootMagic &- (s.bits &>> 1))
  for _ in 0..<3 { y = y * (logarithm * y * y + 1.5) }
  let radius = s * y
  // The two top bits of b choose the quarter turn, the rest an angle in [-pi/4, pi/4).
  let turn =
    floats(((b &>> 14) & 0xFFFF) ^ 0x8000, scale: 15, less: 1) + floats((b &<< 2) & 0xFFFF, scale: 31)
  let angle = turn * NormalTable.quarterPi
  let square = angle * angle
  var sine = square * NormalTable.sine.0 + NormalTable.sine.1
  sine = sine * square + NormalTable.sine.2
  sine = sine * square * angle + angle
  var cosine = square * NormalTable.cosine.0 + NormalTable.cosine.1
  cosine = cosine * square + NormalTable.cosine.2
  cosine = cosine * square * square + (1 - square * 0.5)
  // Quarter turns: (c, s), (-s, c), (-c, -s), (s, -c).
  let c = cosine.bits
  let d = sine.bits
  let odd = 0 &- ((b &>> 30) & 1)
  let first = ((c & ~odd) | (d & odd)) ^ ((b ^ (b &<< 1)) & 0x8000_0000)
  let second = ((d & ~odd) | (c & odd)) ^ (b & 0x8000_0000)
  return (radius * Floats(bits: first), radius * Floats(bits: second))
}

/// a 2^-scale - less of lanes below 2^23, exactly: the lane is put where 2^(23 - scale) has its fraction, and that is
/// taken away.
@inline(__always)
func floats<let n: Int>(_ a: WordsAbreast<n>, scale: UInt32, less: Float = 0) -> FloatsAbreast<n> {
  let place = (127 &+ 23 &- scale) &<< 23
  return FloatsAbreast(bits: a | place) - (Float(bitPattern: place) + less)
}

/// The pairs of `n` vectors of words; see `KernelSet.boxMuller`.
@inline(__always)
func writePairs<let n: Int>(
  _ radii: UnsafePointer<UInt32>, _ angles: UnsafePointer<UInt32>, _ cosines: UnsafeMutablePointer<Float>,
  _ sines: UnsafeMutablePointer<Float>, _: Width<n>.Type
) {
  let (first, second) = boxMullerLanes(WordsAbreast<n>(radii), WordsAbreast<n>(angles))
  for k in 0..<n {
    first.lanes[k].store(cosines + 16 &* k)
    second.lanes[k].store(sines + 16 &* k)
  }
}

/// Writes the normals of a `NormalsCall`, as many groups of 64 at a time as are computed abreast.
@inline(__always)
func writeNormals<S: BinaryFloatingPoint>(_ call: NormalsCall<S>, _ store: (Floats, Int) -> Void) {
  invariant(call.count % 64 == 0, "normals are drawn 64 at a time, not \(call.count)")
  let groups = call.count / 64
  let most = Abreast.count / 2
  let whole = groups &- groups % most
  var group = 0
  while group < whole {
    writeGroups(call, group, most, store)
    group &+= most
  }
  if whole < groups { writeGroups(call, whole, groups &- whole, store) }
}

/// `count` groups from `first` on.
@inline(__always)
private func writeGroups<S: BinaryFloatingPoint>(
  _ call: NormalsCall<S>, _ first: Int, _ count: Int, _ store: (Floats, Int) -> Void
) {
  var radii = Abreast.zero
  var angles = radii
  writeWords(call, first, &radii, &angles)
  let (cosines, sines) = boxMullerLanes(radii, angles)
  for k in 0..<Abreast.count where k < 2 &* count {
    store(cosines.lanes[k], 64 &* first &+ 32 &* k)
    store(sines.lanes[k], 64 &* first &+ 32 &* k &+ 16)
  }
}

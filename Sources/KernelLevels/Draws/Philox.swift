import KernelCalls

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
func writeWords<S>(
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

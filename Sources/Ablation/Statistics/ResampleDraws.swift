/// The random indices of one bootstrap resample: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014) started from
/// a constant and the number of the resample. The same input therefore gives the same interval, on any number
/// of threads.
struct ResampleDraws {
  /// The constant that all resamples are derived from.
  static let seed: UInt64 = 0x7472_6966_6163_746F  // "trifacto"
  private var state: UInt64
  private var kept: UInt64?

  init(resample: Int) {
    state = Self.mix(Self.seed &+ UInt64(resample) &* 0xD134_2543_DE82_EF95)
  }

  /// Uniform in 0 ..< bound, with a bias below 2^-32 bound. Two indices come from one 64-bit word: its upper
  /// half first.
  @inline(__always)
  mutating func index(below bound: Int) -> Int {
    let word: UInt64
    if let lower = kept {
      word = lower
      kept = nil
    } else {
      state &+= 0x9E37_79B9_7F4A_7C15
      let both = Self.mix(state)
      word = both >> 32
      kept = both & 0xFFFF_FFFF
    }
    return Int((word &* UInt64(bound)) >> 32)
  }

  @inline(__always)
  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

import KernelCalls
import Invariants

/// A counter-based random stream: Philox4x32-10 (Salmon et al., SC 2011), keyed so that a draw depends only on what
/// it is for, never on rank, order or restart. Key: the 64-bit seed. Counter: (block, trial, lifetime, purpose).
public struct RandomStream: Sendable {
  public let key: (UInt32, UInt32)
  /// Counter words 1...3: trial, lifetime, purpose.
  public let counter: (UInt32, UInt32, UInt32)
  private var block: UInt32 = 0
  private var words: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
  private var used = 4
  private var spare: Float?

  /// - Parameters:
  ///   - seed: the seed of the cell.
  ///   - purpose: what is drawn; the caller keeps one table of purposes.
  ///   - lifetime: the index of the network.
  ///   - trial: the index of the trial, 0 where the draw belongs to the whole lifetime.
  public init(seed: UInt64, purpose: UInt32, lifetime: UInt32, trial: UInt32 = 0) {
    key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    counter = (trial, lifetime, purpose)
  }

  /// The four words of one counter value.
  public static func philox(
    _ counter: (UInt32, UInt32, UInt32, UInt32), key: (UInt32, UInt32)
  ) -> (UInt32, UInt32, UInt32, UInt32) {
    var c = counter
    var k = key
    for _ in 0..<10 {
      let a = UInt64(c.0) &* 0xD251_1F53
      let b = UInt64(c.2) &* 0xCD9E_8D57
      c = (
        UInt32(truncatingIfNeeded: b >> 32) ^ c.1 ^ k.0, UInt32(truncatingIfNeeded: b),
        UInt32(truncatingIfNeeded: a >> 32) ^ c.3 ^ k.1, UInt32(truncatingIfNeeded: a)
      )
      k = (k.0 &+ 0x9E37_79B9, k.1 &+ 0xBB67_AE85)
    }
    return c
  }

  /// The words of the stream from number 4 `block` on, whatever has been drawn.
  public func words(of block: UInt32) -> (UInt32, UInt32, UInt32, UInt32) {
    Self.philox((block, counter.0, counter.1, counter.2), key: key)
  }

  /// 32 uniform bits.
  public mutating func word() -> UInt32 {
    if used == 4 {
      words = words(of: block)
      block &+= 1
      used = 0
    }
    defer { used += 1 }
    switch used {
    case 0: return words.0
    case 1: return words.1
    case 2: return words.2
    default: return words.3
    }
  }

  /// Uniform in the open interval (0, 1), in steps of 2^-32.
  public mutating func uniform() -> Double { Self.uniform(word()) }

  /// The uniform draw that a word gives.
  @inlinable public static func uniform(_ word: UInt32) -> Double { (Double(word) + 0.5) * 0x1p-32 }

  /// Uniform in 0..<bound (bias below 2^-32 bound).
  public mutating func integer(below bound: Int) -> Int {
    Int((UInt64(word()) &* UInt64(bound)) >> 32)
  }

  public mutating func bit() -> Bool { word() & 1 == 1 }

  /// N(0, 1) by Box-Muller, in Float; two words give two draws, the second of which is kept for the next call.
  public mutating func normal() -> Float {
    if let value = spare {
      spare = nil
      return value
    }
    let (first, second) = boxMuller(word(), word())
    spare = second
    return first
  }

  /// What `count` calls of `normal` return, in order, made up to 64 pairs at a time.
  public mutating func withNormals<Result>(_ count: Int, _ body: (UnsafeBufferPointer<Float>) -> Result)
    -> Result
  {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: max(count, 1)) { values in
      var done = 0
      if count > 0, let value = spare {
        spare = nil
        values[0] = value
        done = 1
      }
      while done < count { done += addPairs(to: values, from: done, below: count) }
      return body(UnsafeBufferPointer(rebasing: values[..<count]))
    }
  }

  /// Writes up to 64 pairs from `start` on; the second of a last pair that is not asked for is kept.
  /// - Returns: how many values those are.
  private mutating func addPairs(
    to values: UnsafeMutableBufferPointer<Float>, from start: Int, below end: Int
  ) -> Int {
    let pairs = min(64, (end - start + 1) / 2)
    let count = (pairs + 15) / 16 * 16
    return withUnsafeTemporaryAllocation(byteCount: 64 * 16, alignment: 64) { raw in
      let radii = raw.baseAddress!.bindMemory(to: UInt32.self, capacity: 128)
      let normals = (raw.baseAddress! + 512).bindMemory(to: Float.self, capacity: 128)
      for n in 0..<pairs {
        radii[n] = word()
        radii[64 + n] = word()
      }
      // Whole vectors are read.
      for n in pairs..<count { (radii[n], radii[64 + n]) = (0, 0) }
      Float.kernels(.highest).boxMuller(radii, radii + 64, normals, normals + 64, count)
      for n in 0..<2 * pairs where start + n < end { values[start + n] = normals[n / 2 + n % 2 * 64] }
      if start + 2 * pairs > end { spare = normals[64 + pairs - 1] }
      return min(2 * pairs, end - start)
    }
  }

  /// The number of scalars to reserve for at least `count` bulk normals.
  public static func normalsCount(atLeast count: Int) -> Int { (count + 63) / 64 * 64 }
}

import KernelCalls

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

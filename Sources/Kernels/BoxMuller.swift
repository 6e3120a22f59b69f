import KernelCalls

/// Two independent N(0, 1) from two words by Box-Muller: the cosine draw and the sine draw.
///
/// Float arithmetic without fused operations and without the system's mathematics library, so that the bits are the
/// same on every machine. The kernels repeat these steps on 16 lanes; a test holds the two to the same bits.
func boxMuller(_ a: UInt32, _ b: UInt32) -> (Float, Float) {
  let half = a >> 1
  let u = Float(half >> 15) * 0x1p-16 + Float(half & 0x7FFF) * 0x1p-31 + 0x1p-32
  let radius = squareRoot(minusTwoLog(u))
  let bits = (b << 2) ^ 0x8000_0000
  let turn = (Float(bits >> 16) - 32768) * 0x1p-15 + Float(bits & 0xFFFF) * 0x1p-31
  let (c, s) = cosineAndSine(turn * NormalTable.quarterPi)
  switch b >> 30 {
  case 0: return (radius * c, radius * s)
  case 1: return (radius * -s, radius * c)
  case 2: return (radius * -c, radius * -s)
  default: return (radius * s, radius * -c)
  }
}

/// -2 log u for 0 < u <= 1: u = 2^n (1 + f) with sqrt(1/2) <= 1 + f < sqrt 2.
private func minusTwoLog(_ u: Float) -> Float {
  let offset = u.bitPattern &- NormalTable.rootHalfBits
  let n = Float(Int32(bitPattern: offset) >> 23)
  let f = Float(bitPattern: (offset & 0x7F_FFFF) &+ NormalTable.rootHalfBits) - 1
  let table = NormalTable.log
  var p = table.0
  p = p * f + table.1
  p = p * f + table.2
  p = p * f + table.3
  p = p * f + table.4
  p = p * f + table.5
  p = p * f + table.6
  p = p * f + table.7
  p = p * f + table.8
  return ((p * f - 0.5) * (f * f) + f + n * NormalTable.logTwo) * -2
}

/// sqrt s as s / sqrt(s), by three Newton steps for 1 / sqrt(s).
private func squareRoot(_ s: Float) -> Float {
  var y = Float(bitPattern: NormalTable.rootMagic &- (s.bitPattern >> 1))
  let halved = s * 0.5
  for _ in 0..<3 { y *= 1.5 - halved * y * y }
  return s * y
}

/// cos a and sin a on |a| <= pi/4.
private func cosineAndSine(_ a: Float) -> (Float, Float) {
  let square = a * a
  var s = NormalTable.sine.0
  s = s * square + NormalTable.sine.1
  s = s * square + NormalTable.sine.2
  s = s * square * a + a
  var c = NormalTable.cosine.0
  c = c * square + NormalTable.cosine.1
  c = c * square + NormalTable.cosine.2
  c = c * square * square + (1 - 0.5 * square)
  return (c, s)
}

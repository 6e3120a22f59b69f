import KernelCalls

/// Writes table[(k - 1) step + i] = row[i]^k for k = 1...degree, by products.
@inline(__always)
func writePowers<V: Lanes>(
  of row: UnsafePointer<V.Scalar>, ld: Int, degree: some RuleDegree,
  to table: UnsafeMutablePointer<V.Scalar>, step: Int, _: V.Type
) {
  var i = 0
  while i < ld {
    let base = V.load(row + i)
    var power = base
    for k in 0..<degree.value {
      power.store(table + k &* step + i)
      power *= base
    }
    i &+= V.scalarCount
  }
}

/// sum_l c_l x^l, l = 0...degree, by Horner's scheme.
@inline(__always)
func hornerValue<V: Lanes>(_ c: UnsafePointer<V.Scalar>, degree: some RuleDegree, at x: V) -> V {
  var p = V(repeating: c[degree.value])
  var l = degree.value - 1
  while l >= 0 {
    p = V.fused(p, x, V(repeating: c[l]))
    l -= 1
  }
  return p
}

/// sum_l s_l x^(l - 1), l = 1...degree, by Horner's scheme; 0 at degree 0. With s_l = l c_l the slope of sum_l c_l x^l.
@inline(__always)
func hornerSlope<V: Lanes>(_ s: UnsafePointer<V.Scalar>, degree: some RuleDegree, at x: V) -> V {
  if degree.value == 0 { return V.zero }
  var p = V(repeating: s[degree.value])
  var l = degree.value - 1
  while l >= 1 {
    p = V.fused(p, x, V(repeating: s[l]))
    l -= 1
  }
  return p
}

/// s_kl = l c_kl of all powers, (d + 1)^2: what `hornerSlope` reads. Kept, since a loop that stores what it computes
/// would make them anew for every vector.
@inline(__always)
func writeSlopeCoefficients<Scalar: BinaryFloatingPoint>(
  of coefficients: UnsafePointer<Scalar>, terms: Int, to slopes: UnsafeMutablePointer<Scalar>
) {
  for k in 0..<terms {
    for l in 0..<terms { slopes[k &* terms &+ l] = coefficients[k &* terms &+ l] * Scalar(l) }
  }
}

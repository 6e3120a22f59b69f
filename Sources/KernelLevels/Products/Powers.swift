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

/// sum_l l c_l x^(l - 1), l = 1...degree, by Horner's scheme; 0 at degree 0.
@inline(__always)
func hornerSlope<V: Lanes>(_ c: UnsafePointer<V.Scalar>, degree: some RuleDegree, at x: V) -> V {
  var p = V.zero
  var l = degree.value
  while l >= 1 {
    p = V.fused(p, x, V(repeating: c[l] * V.Scalar(l)))
    l -= 1
  }
  return p
}

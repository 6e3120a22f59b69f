import KernelCalls

/// Writes table[k ld + i] = row[i]^k for k = 0...degree, by products (0^0 = 1).
@inline(__always)
func writePowers<V: Lanes>(
  of row: UnsafePointer<V.Scalar>, ld: Int, degree: Int, to table: UnsafeMutablePointer<V.Scalar>, _: V.Type
) {
  for i in stride(from: 0, to: ld, by: V.scalarCount) {
    let base = V.load(row + i)
    var power = V(repeating: 1)
    power.store(table + i)
    for k in 0..<degree {
      power *= base
      power.store(table + (k + 1) * ld + i)
    }
  }
}

/// Writes the polynomials in delta of one step, weighted by w_t: value[k] = w_t sum_l c_kl delta^l and
/// slope[k] = w_t sum_l c_kl l delta^(l-1), k = 0...degree, by Horner's scheme.
@inline(__always)
func writePolynomials<V: Lanes>(
  of row: UnsafePointer<V.Scalar>, ld: Int, degree: Int, coefficients: UnsafePointer<V.Scalar>,
  weight: V.Scalar, value: UnsafeMutablePointer<V.Scalar>, slope: UnsafeMutablePointer<V.Scalar>?, _: V.Type
) {
  for i in stride(from: 0, to: ld, by: V.scalarCount) {
    let delta = V.load(row + i)
    for k in 0...degree {
      let c = coefficients + k * (degree + 1)
      var p = V(repeating: c[degree])
      var l = degree - 1
      while l >= 0 {
        p = V.fused(p, delta, V(repeating: c[l]))
        l -= 1
      }
      (p * V(repeating: weight)).store(value + k * ld + i)
      guard let slope else { continue }
      var s = V.zero
      l = degree
      while l >= 1 {
        s = V.fused(s, delta, V(repeating: c[l] * V.Scalar(l)))
        l -= 1
      }
      (s * V(repeating: weight)).store(slope + k * ld + i)
    }
  }
}

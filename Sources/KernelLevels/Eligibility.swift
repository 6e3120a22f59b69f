import KernelCalls

/// e(T) as T (d + 1) rank-one updates; see `EligibilityCall`. Every element is summed over (t, k) in order.
@inline(__always)
func accumulateEligibility<V: Lanes>(_ call: EligibilityCall<V.Scalar>, _: V.Type) {
  let terms = call.degree + 1
  let powers = call.scratch
  let values = call.scratch + call.steps * terms * call.ld
  for t in 0..<call.steps {
    writePowers(
      of: call.rates + t * call.ld, ld: call.ld, degree: call.degree, to: powers + t * terms * call.ld, V.self
    )
    writePolynomials(
      of: call.fluctuations + t * call.ld, ld: call.ld, degree: call.degree, coefficients: call.coefficients,
      weight: call.stepWeights[t], value: values + t * terms * call.ld, slope: nil, V.self)
  }
  for j in 0..<call.units {
    for i in stride(from: 0, to: call.ld, by: V.scalarCount) {
      var sum = V.zero
      for row in 0..<call.steps * terms {
        sum = V.fused(V.load(values + row * call.ld + i), powers[row * call.ld + j], sum)
      }
      sum.store(call.trace + j * call.ld + i)
    }
  }
}

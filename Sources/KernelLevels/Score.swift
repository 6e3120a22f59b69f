import KernelCalls

/// sum_t w_t (delta_t^l)^T (open xi) r_t^k for all k, l; see `ScoreCall`.
///
/// Each product runs over t, then over the vectors of a row, in one chain a lane; lanes are added last.
@inline(__always)
func accumulateScore<V: Lanes>(_ call: ScoreCall<V.Scalar>, _: V.Type) {
  let terms = call.degree + 1
  let powers = call.scratch
  let gated = powers + terms * call.ld
  let sums = gated + call.units * call.ld
  for j in 0..<call.units {
    for i in stride(from: 0, to: call.ld, by: V.scalarCount) {
      let place = j * call.ld + i
      V.load(call.noise + place).kept(where: V.load(call.open + place)).store(gated + place)
    }
  }
  for index in 0..<terms * terms { V.zero.store(sums + index * V.scalarCount) }
  for t in 0..<call.steps {
    writePowers(of: call.rates + t * call.ld, ld: call.ld, degree: call.degree, to: powers, V.self)
    let weight = V(repeating: call.stepWeights[t])
    for k in 0..<terms {
      for i in stride(from: 0, to: call.ld, by: V.scalarCount) {
        let delta = V.load(call.fluctuations + t * call.ld + i)
        let current: V = rowProduct(gated + i, powers + k * call.ld, count: call.units, stride: call.ld)
        var term = current * weight
        for l in 0..<terms {
          let sum = sums + (k * terms + l) * V.scalarCount
          (V.load(sum) + term).store(sum)
          term *= delta
        }
      }
    }
  }
  for index in 0..<terms * terms { call.products[index] = V.load(sums + index * V.scalarCount).total }
}

import KernelCalls

/// sum_t w_t (delta_t^l)^T (open xi) r_t^k for all k, l; see `ScoreCall`.
///
/// (open xi) r^k of a block of steps is one product; each sum then runs over t, then over the vectors of a row, in
/// one chain a lane; lanes are added last.
@inline(__always)
func accumulateScore<V: Lanes>(_ call: ScoreCall<V.Scalar>, _: V.Type) {
  let ld = call.ld
  let terms = call.degree + 1
  let block = blockLength(call.steps)
  let space = ScoreSpace<V>(call)
  let gated = space.gated
  let powers = space.powers
  let currents = space.currents
  let sums = space.sums
  for place in stride(from: 0, to: call.units * ld, by: V.scalarCount) {
    V.load(call.noise + place).kept(where: V.load(call.open + place)).store(gated + place)
  }
  for index in 0..<terms * terms { V.zero.store(sums + index * V.scalarCount) }
  var first = 0
  while first < call.steps {
    let steps = min(block, call.steps - first)
    for i in stride(from: 0, to: steps * ld, by: V.scalarCount) { V(repeating: 1).store(powers + i) }
    for k in 0..<terms {
      LaneProduct<V>(
        a: gated, aStep: ld, b: powers, bRow: ld, bStep: 1, c: currents, cRow: ld, count: call.units
      ).run(rows: steps, ld: ld)
      for t in 0..<steps {
        let weight = V(repeating: call.stepWeights[first + t])
        for i in stride(from: 0, to: ld, by: V.scalarCount) {
          let delta = V.load(call.fluctuations + (first + t) * ld + i)
          var term = V.load(currents + t * ld + i) * weight
          for l in 0..<terms {
            let sum = sums + (k * terms + l) * V.scalarCount
            (V.load(sum) + term).store(sum)
            term *= delta
          }
          (V.load(powers + t * ld + i) * V.load(call.rates + (first + t) * ld + i)).store(powers + t * ld + i)
        }
      }
    }
    first += steps
  }
  for index in 0..<terms * terms { call.products[index] = V.load(sums + index * V.scalarCount).total }
}

/// The scratch space of `accumulateScore`.
struct ScoreSpace<V: Lanes> {
  typealias Pointer = UnsafeMutablePointer<V.Scalar>
  let gated: Pointer  // N x ld: open xi
  let powers: Pointer  // block x ld: r_t^k
  let currents: Pointer  // block x ld: (open xi) r_t^k
  let sums: Pointer  // terms^2 vectors: products before their lanes are added

  @inline(__always) init(_ scratch: inout Scratch<V.Scalar>, _ sizes: ScratchSizes) {
    gated = scratch.take(sizes.units * sizes.ld)
    powers = scratch.take(sizes.block * sizes.ld)
    currents = scratch.take(sizes.block * sizes.ld)
    sums = scratch.take(sizes.terms * sizes.terms * V.scalarCount)
  }

  @inline(__always) init(_ call: ScoreCall<V.Scalar>) {
    var scratch = Scratch(call.scratch)
    self.init(
      &scratch, ScratchSizes(units: call.units, steps: call.steps, degree: call.degree, directions: 0))
  }
}

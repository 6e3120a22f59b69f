import KernelCalls

/// e(T) as T (d + 1) rank-one updates, the term k = 0 once for all j; see `EligibilityCall`. Every element is summed
/// over t for k = 0 first, then over (t, k >= 1) in order.
@inline(__always)
func accumulateEligibility<V: Lanes>(_ call: EligibilityCall<V.Scalar>, _: V.Type) {
  let ld = call.ld
  let degree = call.degree
  let block = blockLength(call.steps)
  let space = EligibilitySpace<V>(call)
  EligibilityConstant(call: call, space: space).run(degree: degree)
  if degree == 0 {
    for j in 0..<call.units {
      for i in stride(from: 0, to: ld, by: V.scalarCount) {
        V.load(space.constant + i).store(call.trace + j * ld + i)
      }
    }
    return
  }
  var first = 0
  while first < call.steps {
    let steps = min(block, call.steps - first)
    EligibilityTables(call: call, space: space, first: first, steps: steps).run(degree: degree)
    LaneProduct<V>(
      a: space.values, aStep: ld, b: space.powers, bRow: 1, bStep: ld, c: call.trace, cRow: ld,
      count: steps * degree, start: first == 0 ? space.constant : call.trace, startRow: first == 0 ? 0 : ld
    ).run(rows: call.units, ld: ld)
    first += steps
  }
}

/// The term k = 0 of e(T), which is the same for all j.
struct EligibilityConstant<V: Lanes>: DegreeJob {
  let call: EligibilityCall<V.Scalar>
  let space: EligibilitySpace<V>

  @inline(never)
  func run<D: RuleDegree>(_ degree: D) {
    let ld = call.ld
    for i in stride(from: 0, to: ld, by: V.scalarCount) {
      var sum = V.zero
      for t in 0..<call.steps {
        let delta = V.load(call.fluctuations + t &* ld + i)
        sum = V.fused(hornerValue(call.coefficients, degree: degree, at: delta), call.stepWeights[t], sum)
      }
      sum.store(space.constant + i)
    }
  }
}

/// r_t^k and w_t S_k(delta_t), k >= 1, of the steps of a block.
struct EligibilityTables<V: Lanes>: DegreeJob {
  let call: EligibilityCall<V.Scalar>
  let space: EligibilitySpace<V>
  let first: Int
  let steps: Int

  @inline(never)
  func run<D: RuleDegree>(_ degree: D) {
    let ld = call.ld
    let d = degree.value
    var rates = call.rates + first &* ld
    var fluctuations = call.fluctuations + first &* ld
    var powers = space.powers
    var values = space.values
    for t in 0..<steps {
      let weight = V(repeating: call.stepWeights[first &+ t])
      writePowers(of: rates, ld: ld, degree: degree, to: powers, step: ld, V.self)
      var i = 0
      while i < ld {
        let delta = V.load(fluctuations + i)
        for k in 0..<d {
          let value = hornerValue(call.coefficients + (k &+ 1) &* (d &+ 1), degree: degree, at: delta)
          (value * weight).store(values + k &* ld + i)
        }
        i &+= V.scalarCount
      }
      rates += ld
      fluctuations += ld
      powers += d &* ld
      values += d &* ld
    }
  }
}

/// The scratch space of `accumulateEligibility`.
struct EligibilitySpace<V: Lanes> {
  typealias Pointer = UnsafeMutablePointer<V.Scalar>
  let values: Pointer  // block x degree x ld: w_t S_k(delta_t), k >= 1
  let powers: Pointer  // block x degree x ld: r_t^k, k >= 1
  let constant: Pointer  // ld: the term k = 0

  @inline(__always) init(_ scratch: inout Scratch<V.Scalar>, _ sizes: ScratchSizes) {
    values = scratch.take(sizes.block * sizes.degree * sizes.ld)
    powers = scratch.take(sizes.block * sizes.degree * sizes.ld)
    constant = scratch.take(sizes.ld)
  }

  @inline(__always) init(_ call: EligibilityCall<V.Scalar>) {
    var scratch = Scratch(call.scratch)
    self.init(
      &scratch, ScratchSizes(units: call.units, steps: call.steps, degree: call.degree, directions: 0))
  }
}

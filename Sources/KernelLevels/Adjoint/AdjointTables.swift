import KernelCalls

/// r^k and S_k(delta) of the steps of a block, k >= 1.
struct AdjointTables<V: Lanes>: DegreeJob {
  let block: AdjointBlock<V>

  @inline(never)
  func run<D: RuleDegree>(_ degree: D) {
    let call = block.call
    let space = block.space
    let ld = call.ld
    let d = degree.value
    let step = block.steps &* ld
    for t in 0..<block.steps {
      let row = (block.first &+ t) &* ld
      writePowers(
        of: call.rates + row, ld: ld, degree: degree, to: space.powers + t &* ld, step: step, V.self)
      for i in stride(from: 0, to: ld, by: V.scalarCount) {
        let delta = V.load(call.fluctuations + row + i)
        for k in 0..<d {
          let value = hornerValue(call.coefficients + (k &+ 1) &* (d &+ 1), degree: degree, at: delta)
          value.store(space.values + k &* step + t &* ld + i)
        }
      }
    }
  }
}

/// From Y_k and Q_k: the products, the adjoint of delta and what e(T) adds to the adjoint of r, of every step of a block.
struct AdjointReduction<V: Lanes>: DegreeJob {
  let block: AdjointBlock<V>

  @inline(never)
  func run<D: RuleDegree>(_ degree: D) {
    let call = block.call
    let space = block.space
    let terms = degree.value &+ 1
    for k in 0..<terms {
      let rows = BlockRows<V>(
        steps: block.steps, ld: call.ld, isFirst: k == 0, slopes: space.slopes + k * terms,
        stepWeights: call.stepWeights + block.first,
        fluctuations: call.fluctuations + block.first * call.ld,
        post: k == 0 ? space.constant : space.post + (k - 1) * block.steps * call.ld,
        postStep: k == 0 ? 0 : call.ld, deltas: space.deltas)
      // Four powers at a time keep their sums in registers.
      var l = 0
      while l < terms {
        let sums = space.sums + (k * terms + l) * V.scalarCount
        switch terms - l {
        case 1: reduce(rows, degree, from: l, to: sums, Width<1>.self)
        case 2: reduce(rows, degree, from: l, to: sums, Width<2>.self)
        case 3: reduce(rows, degree, from: l, to: sums, Width<3>.self)
        default: reduce(rows, degree, from: l, to: sums, Width<4>.self)
        }
        l += 4
      }
    }
    writeRateAdjoints(degree)
  }

  /// w_t sum_k k r^(k - 1) Q_k + Wout^T zbar_t.
  @inline(__always)
  private func writeRateAdjoints<D: RuleDegree>(_ degree: D) {
    let call = block.call
    let space = block.space
    for t in 0..<block.steps {
      let step = block.first &+ t
      let weight = V(repeating: call.stepWeights[step])
      for i in stride(from: 0, to: call.ld, by: V.scalarCount) {
        let rate = V.load(call.rates + step &* call.ld + i)
        var sum = V.zero
        var k = degree.value
        while k >= 1 {
          let pre = V.load(space.pre + ((k &- 1) &* block.steps &+ t) &* call.ld + i)
          let term = pre * V(repeating: V.Scalar(k))
          sum = k == degree.value ? term : V.fused(sum, rate, term)
          k &-= 1
        }
        sum *= weight
        if let others = call.rateAdjoints { sum += V.load(others + step &* call.ld + i) }
        if let outputs = call.outputAdjoint, step >= call.firstReadStep {
          for o in 0..<call.outputs {
            sum = V.fused(V.load(call.readout + o &* call.ld + i), outputs[step &* call.outputs &+ o], sum)
          }
        }
        sum.store(space.rateAdjoints + t &* call.ld + i)
      }
    }
  }
}

/// Y_k of a block and what is made of it.
struct BlockRows<V: Lanes> {
  let steps: Int, ld: Int
  let isFirst: Bool
  let slopes: UnsafePointer<V.Scalar>  // 0 c_k0 ... d c_kd
  let stepWeights: UnsafePointer<V.Scalar>
  let fluctuations: UnsafePointer<V.Scalar>
  let post: UnsafePointer<V.Scalar>
  let postStep: Int
  let deltas: UnsafeMutablePointer<V.Scalar>
}

/// sums[n] += sum_t w_t delta^(l + n) Y_k, n < NL, over the steps and then the vectors; with the first powers also
/// deltas (+)= w_t Y_k S'_k(delta).
@inline(__always)
func reduce<let NL: Int, V: Lanes>(
  _ rows: BlockRows<V>, _ degree: some RuleDegree, from l: Int, to target: UnsafeMutablePointer<V.Scalar>,
  _: Width<NL>.Type
) {
  var sums = InlineArray<NL, V>(repeating: V.zero)
  for n in 0..<NL { sums[n] = V.load(target + n &* V.scalarCount) }
  var place = 0
  for t in 0..<rows.steps {
    let weight = V(repeating: rows.stepWeights[t])
    let end = place &+ rows.ld
    var post = rows.post + t &* rows.postStep
    while place < end {
      let delta = V.load(rows.fluctuations + place)
      var term = V.load(post) * weight
      if l == 0 {
        let slope = hornerSlope(rows.slopes, degree: degree, at: delta)
        let before = rows.isFirst ? V.zero : V.load(rows.deltas + place)
        V.fused(term, slope, before).store(rows.deltas + place)
      }
      for _ in 0..<l { term *= delta }
      for n in 0..<NL {
        sums[n] += term
        term *= delta
      }
      place &+= V.scalarCount
      post += V.scalarCount
    }
  }
  for n in 0..<NL { sums[n].store(target + n &* V.scalarCount) }
}

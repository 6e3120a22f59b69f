import KernelCalls

/// From Y_k and Q_k: the products, the adjoint of delta and what e(T) adds to the adjoint of r, of every step of a block.
struct AdjointReduction<V: Lanes>: DegreeJob {
  let block: AdjointBlock<V>

  @inline(never)
  func run<D: RuleDegree>(_ degree: D) {
    switch block.call.ld / V.scalarCount {
    #if KERNELS_v4
      case 1: reduceRows(degree, Width<1>.self)
      case 2: reduceRows(degree, Width<2>.self)
    #endif
    default: reduceRows(degree, Width<0>.self)
    }
    if let others = block.call.fluctuationAdjoints { block.add(others, to: block.space.deltas) }
    writeRateAdjoints(degree)
  }

  /// - Parameter vectors: of a row; 0 where the compiler need not know.
  @inline(__always)
  private func reduceRows<D: RuleDegree, let NV: Int>(_ degree: D, _ vectors: Width<NV>.Type) {
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
        case 1: reduce(rows, degree, from: l, to: sums, Width<1>.self, vectors)
        case 2: reduce(rows, degree, from: l, to: sums, Width<2>.self, vectors)
        case 3: reduce(rows, degree, from: l, to: sums, Width<3>.self, vectors)
        default: reduce(rows, degree, from: l, to: sums, Width<4>.self, vectors)
        }
        l += 4
      }
    }
  }

  /// w_t sum_k k r^(k - 1) Q_k + Wout^T zbar_t.
  @inline(__always)
  private func writeRateAdjoints<D: RuleDegree>(_ degree: D) {
    let call = block.call
    let space = block.space
    let ld = call.ld
    let size = block.steps &* ld
    let rates = call.rates + block.first &* ld
    var place = 0
    for t in 0..<block.steps {
      let weight = V(repeating: call.stepWeights[block.first &+ t])
      let end = place &+ ld
      while place < end {
        let rate = V.load(rates + place)
        var sum = V.zero
        var k = degree.value
        while k >= 1 {
          let term = V.load(space.pre + (k &- 1) &* size + place) * V(repeating: V.Scalar(k))
          sum = k == degree.value ? term : V.fused(sum, rate, term)
          k &-= 1
        }
        (sum * weight).store(space.rateAdjoints + place)
        place &+= V.scalarCount
      }
    }
    if let others = call.rateAdjoints { block.add(others, to: space.rateAdjoints) }
    if let outputs = call.outputAdjoint { addReadout(outputs) }
  }

  /// Wout^T zbar_t of the steps that are read.
  @inline(__always)
  private func addReadout(_ outputs: UnsafePointer<V.Scalar>) {
    let call = block.call
    for t in min(block.steps, max(0, call.firstReadStep &- block.first))..<block.steps {
      let row = block.space.rateAdjoints + t &* call.ld
      for o in 0..<call.outputs {
        let adjoint = V(repeating: outputs[(block.first &+ t) &* call.outputs &+ o])
        var i = 0
        while i < call.ld {
          V.fused(V.load(call.readout + o &* call.ld + i), adjoint, V.load(row + i)).store(row + i)
          i &+= V.scalarCount
        }
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
func reduce<let NL: Int, let NV: Int, V: Lanes>(
  _ rows: BlockRows<V>, _ degree: some RuleDegree, from l: Int, to target: UnsafeMutablePointer<V.Scalar>,
  _: Width<NL>.Type, _: Width<NV>.Type
) {
  var sums = InlineArray<NL, V>(repeating: V.zero)
  for n in 0..<NL { sums[n] = V.load(target + n &* V.scalarCount) }
  var place = 0
  for t in 0..<rows.steps {
    let weight = V(repeating: rows.stepWeights[t])
    var post = rows.post + t &* rows.postStep
    for _ in 0..<(NV == 0 ? rows.ld / V.scalarCount : NV) {
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

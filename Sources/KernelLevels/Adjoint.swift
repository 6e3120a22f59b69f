import KernelCalls

/// One trial read backwards; see `AdjointCall`.
///
/// With S_k(delta) = sum_l c_kl delta^l and S'_k its slope, e(T) = sum_t w_t sum_k S_k(delta_t) (r_t^k)^T gives
/// - Y_k = E r^k (lanes i): adjoint of delta_t = w_t sum_k Y_k S'_k, and products_kl = sum_t w_t <delta^l, Y_k>,
/// - Q_k = E^T S_k (lanes j): adjoint of r_t = w_t sum_k k r^(k - 1) Q_k.
/// Both are products over the steps of a block; blocks go from the last to the first, and inside a block the
/// recursion of lambda and kappa, the adjoints of x and xbar, follows step by step. Kicks enter x unscaled, so the
/// adjoint of kick_t is lambda_{t+1}.
@inline(__always)
func runAdjoint<V: Lanes>(_ call: AdjointCall<V.Scalar>, _: V.Type) {
  let space = AdjointSpace<V>(call)
  let ld = call.ld
  transpose(call.traceAdjoint, units: call.units, ld: ld, to: space.transposed, V.self)
  // W read the other way: lanes over j, in the panels of the recursion. Y and Q are not in use yet.
  transpose(call.weights, units: call.units, ld: ld, to: space.flipped, V.self)
  packPanels(space.flipped, units: call.units, ld: ld, to: space.weights, V.self)
  for i in stride(from: 0, to: ld, by: V.scalarCount) {
    var sum = V.zero
    for j in 0..<call.units { sum += V.load(call.traceAdjoint + j * ld + i) }
    sum.store(space.constant + i)
    V.zero.store(space.state + i)
    V.zero.store(space.mean + i)
  }
  let terms = call.degree + 1
  for n in 0..<terms * terms { V.zero.store(space.sums + n * V.scalarCount) }
  var kickSum = V.zero
  let block = blockLength(call.steps)
  var first = (call.steps - 1) / block * block
  while first >= 0 {
    let steps = min(block, call.steps - first)
    writeAdjointTables(call, space, first: first, steps: steps)
    let rows = call.degree * steps
    LaneProduct<V>(
      a: call.traceAdjoint, aStep: ld, b: space.powers, bRow: ld, bStep: 1, c: space.post, cRow: ld,
      count: call.units, accumulates: false
    ).run(rows: rows, ld: ld)
    LaneProduct<V>(
      a: space.transposed, aStep: ld, b: space.values, bRow: ld, bStep: 1, c: space.pre, cRow: ld,
      count: call.units, accumulates: false
    ).run(rows: rows, ld: ld)
    reduceBlock(call, space, first: first, steps: steps)
    if let others = call.fluctuationAdjoints {
      for place in stride(from: 0, to: steps * ld, by: V.scalarCount) {
        let delta = space.deltas + place
        (V.load(delta) + V.load(others + first * ld + place)).store(delta)
      }
    }
    reverseBlock(call, space, first: first, steps: steps)
    if let drives = call.drives {
      for place in stride(from: 0, to: steps * ld, by: V.scalarCount) {
        V.load(space.lambdas + place).store(drives + first * ld + place)
      }
    }
    if let kicks = call.kicks {
      // Rows of the block follow one another in both.
      for place in stride(from: 0, to: steps * ld, by: V.scalarCount) {
        kickSum = V.fused(V.load(space.lambdas + place), V.load(kicks + first * ld + place), kickSum)
      }
    }
    LaneProduct<V>(
      a: space.lambdas, aStep: ld, b: call.rates + first * ld, bRow: 1, bStep: ld, c: call.weightAdjoint,
      cRow: ld, count: first + steps == call.steps ? steps - 1 : steps, accumulates: true
    ).run(rows: call.units, ld: ld)
    first -= block
  }
  for n in 0..<terms * terms { call.products[n] += V.load(space.sums + n * V.scalarCount).total }
  call.kickProduct?.pointee = kickSum.total / call.leak
}

/// Where the parts of the scratch space of `runAdjoint` start.
struct AdjointSpace<V: Lanes> {
  typealias Pointer = UnsafeMutablePointer<V.Scalar>
  let transposed: Pointer  // N x ld: E, lanes over j
  let flipped: Pointer  // N x ld: W, lanes over j
  let weights: Pointer  // N x ld: the same in panels
  let constant: Pointer  // ld: Y_0 = sum_j E
  let state: Pointer  // ld: lambda_{t+1}
  let mean: Pointer  // ld: kappa_{t+1}
  let sums: Pointer  // terms^2 vectors: products before their lanes are added
  let powers: Pointer  // degree x steps of a block x ld: r^k, k >= 1
  let values: Pointer  // degree x steps x ld: S_k(delta)
  let post: Pointer  // degree x steps x ld: Y_k
  let pre: Pointer  // degree x steps x ld: Q_k
  let deltas: Pointer  // steps x ld: adjoint of delta_t
  let lambdas: Pointer  // steps x ld: leak lambda_{t+1}
  let rateSlopes: Pointer  // steps x ld: f'(x_t)

  @inline(__always) init(_ scratch: inout Scratch<V.Scalar>, _ sizes: ScratchSizes) {
    let matrix = sizes.units * sizes.ld
    let row = sizes.block * sizes.ld
    transposed = scratch.take(matrix)
    flipped = scratch.take(matrix)
    weights = scratch.take(matrix)
    constant = scratch.take(sizes.ld)
    state = scratch.take(sizes.ld)
    mean = scratch.take(sizes.ld)
    sums = scratch.take(sizes.terms * sizes.terms * V.scalarCount)
    powers = scratch.take(sizes.degree * row)
    values = scratch.take(sizes.degree * row)
    post = scratch.take(sizes.degree * row)
    pre = scratch.take(sizes.degree * row)
    deltas = scratch.take(row)
    lambdas = scratch.take(row)
    rateSlopes = scratch.take(row)
  }

  @inline(__always) init(_ call: AdjointCall<V.Scalar>) {
    var scratch = Scratch(call.scratch)
    self.init(
      &scratch, ScratchSizes(units: call.units, steps: call.steps, degree: call.degree, directions: 0))
  }
}

/// r^k and S_k(delta) of the steps of a block, k >= 1.
@inline(__always)
func writeAdjointTables<V: Lanes>(
  _ call: AdjointCall<V.Scalar>, _ space: AdjointSpace<V>, first: Int, steps: Int
) {
  let ld = call.ld
  if call.degree == 0 { return }
  for t in 0..<steps {
    writePowers(
      of: call.rates + (first + t) * ld, ld: ld, degree: call.degree, to: space.powers + t * ld,
      step: steps * ld, V.self)
    for i in stride(from: 0, to: ld, by: V.scalarCount) {
      let delta = V.load(call.fluctuations + (first + t) * ld + i)
      for k in 1...call.degree {
        let value = hornerValue(call.coefficients + k * (call.degree + 1), degree: call.degree, at: delta)
        value.store(space.values + ((k - 1) * steps + t) * ld + i)
      }
    }
  }
}

/// From Y_k: the products and the adjoint of delta of every step of a block.
@inline(__always)
func reduceBlock<V: Lanes>(_ call: AdjointCall<V.Scalar>, _ space: AdjointSpace<V>, first: Int, steps: Int) {
  let terms = call.degree + 1
  for k in 0..<terms {
    let rows = BlockRows<V>(
      steps: steps, ld: call.ld, degree: call.degree, isFirst: k == 0,
      coefficients: call.coefficients + k * terms, stepWeights: call.stepWeights + first,
      fluctuations: call.fluctuations + first * call.ld,
      post: k == 0 ? space.constant : space.post + (k - 1) * steps * call.ld, postStep: k == 0 ? 0 : call.ld,
      deltas: space.deltas)
    reduceSlopes(rows)
    // Four powers at a time keep their sums in registers.
    var l = 0
    while l < terms {
      let sums = space.sums + (k * terms + l) * V.scalarCount
      switch terms - l {
      case 1: reducePowers(rows, from: l, to: sums, Width<1>.self)
      case 2: reducePowers(rows, from: l, to: sums, Width<2>.self)
      case 3: reducePowers(rows, from: l, to: sums, Width<3>.self)
      default: reducePowers(rows, from: l, to: sums, Width<4>.self)
      }
      l += 4
    }
  }
}

/// Y_k of a block and what is made of it.
struct BlockRows<V: Lanes> {
  let steps: Int, ld: Int, degree: Int
  let isFirst: Bool
  let coefficients: UnsafePointer<V.Scalar>  // c_k0 ... c_kd
  let stepWeights: UnsafePointer<V.Scalar>
  let fluctuations: UnsafePointer<V.Scalar>
  let post: UnsafePointer<V.Scalar>
  let postStep: Int
  let deltas: UnsafeMutablePointer<V.Scalar>
}

/// deltas (+)= w_t Y_k S'_k(delta).
@inline(__always)
func reduceSlopes<V: Lanes>(_ rows: BlockRows<V>) {
  for t in 0..<rows.steps {
    let weight = V(repeating: rows.stepWeights[t])
    for i in stride(from: 0, to: rows.ld, by: V.scalarCount) {
      let place = t &* rows.ld + i
      let slope = hornerSlope(rows.coefficients, degree: rows.degree, at: V.load(rows.fluctuations + place))
      let product = V.load(rows.post + t &* rows.postStep + i) * weight
      let before = rows.isFirst ? V.zero : V.load(rows.deltas + place)
      V.fused(product, slope, before).store(rows.deltas + place)
    }
  }
}

/// sums[n] += sum_t w_t delta^(l + n) Y_k, n < NL, over the steps and then the vectors.
@inline(__always)
func reducePowers<let NL: Int, V: Lanes>(
  _ rows: BlockRows<V>, from l: Int, to target: UnsafeMutablePointer<V.Scalar>, _: Width<NL>.Type
) {
  var sums = InlineArray<NL, V>(repeating: V.zero)
  for n in 0..<NL { sums[n] = V.load(target + n * V.scalarCount) }
  for t in 0..<rows.steps {
    let weight = V(repeating: rows.stepWeights[t])
    for i in stride(from: 0, to: rows.ld, by: V.scalarCount) {
      let delta = V.load(rows.fluctuations + t &* rows.ld + i)
      var term = V.load(rows.post + t &* rows.postStep + i) * weight
      for _ in 0..<l { term *= delta }
      for n in 0..<NL {
        sums[n] += term
        term *= delta
      }
    }
  }
  for n in 0..<NL { sums[n].store(target + n * V.scalarCount) }
}

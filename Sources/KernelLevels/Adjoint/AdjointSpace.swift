import KernelCalls

/// Steps of a trial that are read backwards together.
struct AdjointBlock<V: Lanes> {
  let call: AdjointCall<V.Scalar>
  let space: AdjointSpace<V>
  let first: Int
  let steps: Int

  /// Adds rows of the trial to those of the block.
  @inline(__always)
  func add(_ rows: UnsafePointer<V.Scalar>, to target: UnsafeMutablePointer<V.Scalar>) {
    for place in stride(from: 0, to: steps * call.ld, by: V.scalarCount) {
      (V.load(target + place) + V.load(rows + first * call.ld + place)).store(target + place)
    }
  }
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
  let slopes: Pointer  // terms^2: l c_kl
  let sums: Pointer  // terms^2 vectors: products before their lanes are added
  let powers: Pointer  // degree x steps of a block x ld: r^k, k >= 1
  let values: Pointer  // degree x steps x ld: S_k(delta)
  let post: Pointer  // degree x steps x ld: Y_k
  let pre: Pointer  // degree x steps x ld: Q_k
  let deltas: Pointer  // steps x ld: adjoint of delta_t
  let lambdas: Pointer  // steps x ld: leak lambda_{t+1}
  let rateSlopes: Pointer  // steps x ld: f'(x_t)
  let rateAdjoints: Pointer  // steps x ld: rbar_t but for what x_{t+1} adds to it

  @inline(__always) init(_ scratch: inout Scratch<V.Scalar>, _ sizes: ScratchSizes) {
    let matrix = sizes.units * sizes.ld
    let row = sizes.block * sizes.ld
    transposed = scratch.take(matrix)
    flipped = scratch.take(matrix)
    weights = scratch.take(matrix)
    constant = scratch.take(sizes.ld)
    state = scratch.take(sizes.ld)
    mean = scratch.take(sizes.ld)
    slopes = scratch.take(paddedCount(sizes.terms * sizes.terms))
    sums = scratch.take(sizes.terms * sizes.terms * V.scalarCount)
    powers = scratch.take(sizes.degree * row)
    values = scratch.take(sizes.degree * row)
    post = scratch.take(sizes.degree * row)
    pre = scratch.take(sizes.degree * row)
    deltas = scratch.take(row)
    lambdas = scratch.take(row)
    rateSlopes = scratch.take(row)
    rateAdjoints = scratch.take(row)
  }

  @inline(__always) init(_ call: AdjointCall<V.Scalar>) {
    var scratch = Scratch(call.scratch)
    self.init(
      &scratch, ScratchSizes(units: call.units, steps: call.steps, degree: call.degree, directions: 0))
  }
}

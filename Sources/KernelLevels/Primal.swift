import KernelCalls

/// Runs the network of one trial and keeps r_t and delta_t; see `PrimalCall`.
///
/// W is read T times: it is first copied into panels as wide as one tile, so that each is one contiguous stream. The
/// product W r of one lane is summed in four chains (j mod 4), whatever the sizes.
@inline(__always)
func runPrimal<V: Lanes, F: RateLaw>(_ call: PrimalCall<V.Scalar>, _: V.Type, _: F.Type) -> Bool {
  let space = PrimalSpace<V>(call)
  let state = space.state
  let mean = space.mean
  let vectors = call.ld / V.scalarCount
  var weights = call.weights
  if vectors > PrimalTile.vectors {
    packPanels(call.weights, units: call.units, ld: call.ld, to: space.panels, V.self)
    weights = UnsafePointer(space.panels)
  }
  for i in stride(from: 0, to: call.ld, by: V.scalarCount) {
    V.load(call.initial + i).store(state + i)
    V.load(call.initial + i).store(mean + i)
  }
  var excess = V.zero
  for t in 0..<call.steps {
    let rates = call.rates + t * call.ld
    let fluctuations = call.fluctuations + t * call.ld
    for i in stride(from: 0, to: call.ld, by: V.scalarCount) {
      let x = V.load(state + i)
      let xbar = V.load(mean + i)
      excess = V.union(excess, x.excess(over: call.bound))
      F.rates(x).store(rates + i)
      (xbar - x).store(fluctuations + i)
      V.fused(x - xbar, call.leakBar, xbar).store(mean + i)
    }
    // x_T enters nothing.
    if t + 1 == call.steps { break }
    eachPanel(vectors, widest: PrimalTile.vectors) { first, width in
      let lane = first * V.scalarCount
      let step = PrimalStep<V>(
        units: call.units, leak: call.leak, weights: weights + call.units * lane, rates: rates,
        drive: call.drive + t * call.ld + lane, state: state + lane)
      switch width {
      #if KERNELS_v4
        case 4: advance(step, Width<4>.self)
        case 3: advance(step, Width<3>.self)
        case 2: advance(step, Width<2>.self)
      #endif
      default: advance(step, Width<1>.self)
      }
    }
  }
  return excess.hasNoSign
}

/// The scratch space of `runPrimal`.
struct PrimalSpace<V: Lanes> {
  typealias Pointer = UnsafeMutablePointer<V.Scalar>
  let state: Pointer  // ld: x
  let mean: Pointer  // ld: xbar
  let panels: Pointer  // N x ld: W

  @inline(__always) init(_ scratch: inout Scratch<V.Scalar>, _ sizes: ScratchSizes) {
    state = scratch.take(sizes.ld)
    mean = scratch.take(sizes.ld)
    panels = scratch.take(sizes.units * sizes.ld)
  }

  @inline(__always) init(_ call: PrimalCall<V.Scalar>) {
    var scratch = Scratch(call.scratch)
    self.init(
      &scratch, ScratchSizes(units: call.units, steps: call.steps, degree: 0, directions: 0))
  }
}

/// Vectors of the state that are advanced together.
enum PrimalTile {
  #if KERNELS_v4
    static let vectors = 4
  #else
    static let vectors = 1
  #endif
}

/// Splits `vectors` into the fewest panels of at most `widest`, as equal as possible: 13 are 4 + 3 + 3 + 3.
@inline(__always)
func eachPanel(_ vectors: Int, widest: Int, _ body: (_ first: Int, _ width: Int) -> Void) {
  var first = 0
  while first < vectors {
    let panels = (vectors - first + widest - 1) / widest
    let width = (vectors - first + panels - 1) / panels
    body(first, width)
    first += width
  }
}

/// The operands of `advance`: one panel of W and the lanes it drives.
struct PrimalStep<V: Lanes> {
  let units: Int
  let leak: V.Scalar
  let weights: UnsafePointer<V.Scalar>
  let rates: UnsafePointer<V.Scalar>
  let drive: UnsafePointer<V.Scalar>
  let state: UnsafeMutablePointer<V.Scalar>
}

/// x + leak (W r - x) + drive for `NV` vectors.
@inline(__always)
func advance<let NV: Int, V: Lanes>(_ step: PrimalStep<V>, _ width: Width<NV>.Type) {
  let currents = panelProduct(step.weights, step.rates, count: step.units, V.self, width)
  for n in 0..<NV {
    let place = n * V.scalarCount
    let x = V.load(step.state + place)
    (V.fused(currents[n] - x, step.leak, x) + V.load(step.drive + place)).store(step.state + place)
  }
}

/// sum_j a[j, lanes] b[j] over one contiguous panel, in four chains (j mod 4) that are added in pairs.
@inline(__always)
func panelProduct<let NV: Int, V: Lanes>(
  _ a: UnsafePointer<V.Scalar>, _ b: UnsafePointer<V.Scalar>, count: Int, _: V.Type, _: Width<NV>.Type
) -> InlineArray<NV, V> {
  typealias Row = InlineArray<NV, V>
  var sums = InlineArray<4, Row>(repeating: Row(repeating: V.zero))
  var a = a
  var j = 0
  while j + 4 <= count {
    for chain in 0..<4 {
      let factor = V(repeating: b[j + chain])
      for n in 0..<NV { sums[chain][n] = V.fused(V.load(a + n * V.scalarCount), factor, sums[chain][n]) }
      a += NV * V.scalarCount
    }
    j += 4
  }
  for chain in 0..<3 where j + chain < count {
    let factor = V(repeating: b[j + chain])
    for n in 0..<NV { sums[chain][n] = V.fused(V.load(a + n * V.scalarCount), factor, sums[chain][n]) }
    a += NV * V.scalarCount
  }
  var result = Row(repeating: V.zero)
  for n in 0..<NV { result[n] = (sums[0][n] + sums[1][n]) + (sums[2][n] + sums[3][n]) }
  return result
}

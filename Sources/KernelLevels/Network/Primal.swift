import KernelCalls

/// Runs the networks of several trials side by side, one trial each, and keeps r_t and delta_t; see `PrimalCall`.
///
/// A small network waits: each step for the step before, through f and one product. Steps of several fill that wait;
/// each does the same operations as alone. All have as many units and steps.
///
/// W is read T times: where it is wider than one tile it is first copied into panels as wide, so that each is one
/// contiguous stream. The product W r of one lane is summed in four chains (j mod 4), whatever the sizes.
@inline(__always)
func runPrimals<V: Lanes, F: RateLaw>(
  _ calls: UnsafeMutablePointer<PrimalCall<V.Scalar>>, _ count: Int, _: V.Type, _: F.Type
) {
  for c in 0..<count { PrimalTrial<V, F>(calls[c]).begin() }
  switch calls[0].ld / V.scalarCount {
  #if KERNELS_v4
    // One panel: all that is short enough to wait for is compiled for its size.
    case 1: runPanels(calls, count, Width<1>.self, V.self, F.self)
    case 2: runPanels(calls, count, Width<2>.self, V.self, F.self)
    case 3: runPanels(calls, count, Width<3>.self, V.self, F.self)
    case 4: runPanels(calls, count, Width<4>.self, V.self, F.self)
  #endif
  default:
    runSteps(calls, count, V.self, F.self) { trial, t in
      if t > 0 { trial.advanceByPanels(t &- 1) }
      trial.emit(t, ld: trial.call.ld)
    }
  }
  for c in 0..<count { calls[c].isInside = PrimalTrial<V, F>(calls[c]).isInside }
}

/// The steps of networks of one panel.
@inline(__always)
private func runPanels<let NV: Int, V: Lanes, F: RateLaw>(
  _ calls: UnsafeMutablePointer<PrimalCall<V.Scalar>>, _ count: Int, _ width: Width<NV>.Type, _: V.Type,
  _: F.Type
) {
  runSteps(calls, count, V.self, F.self) { trial, t in
    if t > 0 { trial.advanceAtOnce(t &- 1, width) }
    trial.emit(t, ld: NV &* V.scalarCount)
  }
}

/// Brings every trial to x_t and r_t, step by step. The product of one, which waits for memory, and f of the one before,
/// which waits for itself, lie next to each other, where the core runs them together. x_T enters nothing.
@inline(__always)
private func runSteps<V: Lanes, F: RateLaw>(
  _ calls: UnsafeMutablePointer<PrimalCall<V.Scalar>>, _ count: Int, _: V.Type, _: F.Type,
  _ step: (PrimalTrial<V, F>, Int) -> Void
) {
  for t in 0..<calls[0].steps {
    for c in 0..<count { step(PrimalTrial(calls[c]), t) }
  }
}

/// One of the trials that run side by side.
struct PrimalTrial<V: Lanes, F: RateLaw> {
  let call: PrimalCall<V.Scalar>
  private let space: PrimalSpace<V>

  @inline(__always) init(_ call: PrimalCall<V.Scalar>) {
    self.call = call
    space = PrimalSpace(call)
  }

  @inline(__always) func begin() {
    if call.ld / V.scalarCount > PrimalTile.vectors {
      packPanels(call.weights, units: call.units, ld: call.ld, to: space.panels, V.self)
    }
    for i in stride(from: 0, to: call.ld, by: V.scalarCount) {
      V.load(call.initial + i).store(space.state + i)
      V.load(call.initial + i).store(space.mean + i)
    }
    V.zero.store(space.excess)
  }

  @inline(__always) var isInside: Bool { V.load(space.excess).hasNoSign }

  /// r_t and delta_t from x_t, and xbar one step on.
  @inline(__always) func emit(_ t: Int, ld: Int) {
    let rates = call.rates + t &* ld
    let fluctuations = call.fluctuations + t &* ld
    var excess = V.load(space.excess)
    var i = 0
    while i < ld {
      let x = V.load(space.state + i)
      let xbar = V.load(space.mean + i)
      excess = V.union(excess, x.excess(over: call.bound))
      F.rates(x).store(rates + i)
      (xbar - x).store(fluctuations + i)
      V.fused(x - xbar, call.leakBar, xbar).store(space.mean + i)
      i &+= V.scalarCount
    }
    excess.store(space.excess)
  }

  /// x_{t+1} of a network of one panel.
  @inline(__always) func advanceAtOnce<let NV: Int>(_ t: Int, _ width: Width<NV>.Type) {
    let ld = NV &* V.scalarCount
    advance(
      PrimalStep<V>(
        units: call.units, leak: call.leak, weights: call.weights, rates: call.rates + t &* ld,
        drive: call.drive + t &* ld, state: space.state), width)
  }

  /// x_{t+1} of any network.
  @inline(__always) func advanceByPanels(_ t: Int) {
    let vectors = call.ld / V.scalarCount
    let weights = vectors > PrimalTile.vectors ? UnsafePointer(space.panels) : call.weights
    eachPanel(vectors, widest: PrimalTile.vectors) { first, width in
      let lane = first * V.scalarCount
      let step = PrimalStep<V>(
        units: call.units, leak: call.leak, weights: weights + call.units * lane,
        rates: call.rates + t * call.ld, drive: call.drive + t * call.ld + lane, state: space.state + lane)
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
}

/// The scratch space of a `PrimalCall`.
struct PrimalSpace<V: Lanes> {
  typealias Pointer = UnsafeMutablePointer<V.Scalar>
  let state: Pointer  // ld: x
  let mean: Pointer  // ld: xbar
  let excess: Pointer  // one vector: negative lanes were outside the bound
  let panels: Pointer  // N x ld: W

  @inline(__always) init(_ scratch: inout Scratch<V.Scalar>, units: Int, ld: Int) {
    state = scratch.take(ld)
    mean = scratch.take(ld)
    excess = scratch.take(V.scalarCount)
    panels = scratch.take(units &* ld)
  }

  @inline(__always) init(_ call: PrimalCall<V.Scalar>) {
    var scratch = Scratch(call.scratch)
    self.init(&scratch, units: call.units, ld: call.ld)
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
    let place = n &* V.scalarCount
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
  while j &+ 4 <= count {
    for chain in 0..<4 {
      let factor = V(repeating: b[j &+ chain])
      for n in 0..<NV { sums[chain][n] = V.fused(V.load(a + n &* V.scalarCount), factor, sums[chain][n]) }
      a += NV &* V.scalarCount
    }
    j &+= 4
  }
  for chain in 0..<3 where j &+ chain < count {
    let factor = V(repeating: b[j &+ chain])
    for n in 0..<NV { sums[chain][n] = V.fused(V.load(a + n &* V.scalarCount), factor, sums[chain][n]) }
    a += NV &* V.scalarCount
  }
  var result = Row(repeating: V.zero)
  for n in 0..<NV { result[n] = (sums[0][n] + sums[1][n]) + (sums[2][n] + sums[3][n]) }
  return result
}

import KernelCalls

/// The recursion of xdot and xbardot through a block, all directions: leaves rdot and deltadot of every step packed
/// for the tiles of edot, and zdot.
///
/// Each tile of W rdot goes straight into the next step, so xdot and xbardot are read and written once a step.
@inline(__always)
func runRecursion<V: Lanes>(_ call: TangentCall<V.Scalar>, _ space: TangentSpace<V>, first: Int, steps: Int) {
  emitFirst(call, space, first: first, steps: steps)
  for t in 0..<steps {
    if first + t >= call.firstReadStep { readTangents(call, space, step: first + t) }
    if call.rateTangents != nil || call.fluctuationTangents != nil {
      keepTangents(call, space, step: first + t)
    }
    if first + t + 1 == call.steps { return }
    eachPanel(call.ld / V.scalarCount, widest: RecursionTile.vectors) { panel, width in
      let lane = panel * V.scalarCount
      var q = 0
      while q < call.directions {
        let directions = min(TraceTile.directions, call.directions - q)
        let step = RecursionStep<V>(
          units: call.units, ld: call.ld, weights: call.weights + lane,
          packedRates: space.rateTangents + space.ratePlace(0, t, q, steps: steps),
          sourceStep: space.groups * steps * TraceTile.directions * TraceTile.sources,
          current: space.current + (q * steps + t) * call.ld + lane, currentStep: steps * call.ld,
          state: space.state + q * call.ld + lane, mean: space.mean + q * call.ld + lane, leak: call.leak,
          leakBar: call.leakBar, emits: t + 1 < steps,
          nextSlopes: space.rateSlopes + (first + t + 1) * call.ld + lane,
          packedDelta: space.deltaTangents + space.deltaPlace(lane, t + 1, q, steps: steps),
          laneStep: space.groups * steps * TraceTile.directions * V.scalarCount,
          nextPackedRates: space.rateTangents + space.ratePlace(lane, t + 1, q, steps: steps))
        switch width {
        #if KERNELS_v4
          case 4: runDirections(step, directions, Width<4>.self)
          case 3: runDirections(step, directions, Width<3>.self)
          case 2: runDirections(step, directions, Width<2>.self)
        #endif
        default: runDirections(step, directions, Width<1>.self)
        }
        q += directions
      }
    }
  }
}

/// Vectors of a tile of the recursion; its rows are the directions of a tile of edot.
enum RecursionTile {
  #if KERNELS_v4
    static let vectors = 4
  #else
    static let vectors = 1
  #endif
}

@inline(__always)
private func runDirections<let NV: Int, V: Lanes>(
  _ step: RecursionStep<V>, _ directions: Int, _ width: Width<NV>.Type
) {
  switch directions {
  #if KERNELS_FUSED
    case 6: advanceTangents(step, Width<6>.self, width)
    case 5: advanceTangents(step, Width<5>.self, width)
    case 4: advanceTangents(step, Width<4>.self, width)
    case 3: advanceTangents(step, Width<3>.self, width)
  #endif
  case 2: advanceTangents(step, Width<2>.self, width)
  default: advanceTangents(step, Width<1>.self, width)
  }
}

/// One tile of one step: `Width` directions and a panel of lanes.
struct RecursionStep<V: Lanes> {
  typealias Pointer = UnsafeMutablePointer<V.Scalar>
  let units: Int, ld: Int
  let weights: UnsafePointer<V.Scalar>
  let packedRates: Pointer  // rdot_t of the group
  let sourceStep: Int  // from one group of sources to the next in packed rates
  let current: Pointer  // U r_t
  let currentStep: Int
  let state: Pointer
  let mean: Pointer
  let leak: V.Scalar, leakBar: V.Scalar
  let emits: Bool  // false at the last step of a block
  let nextSlopes: Pointer  // f'(x_{t+1})
  let packedDelta: Pointer  // deltadot_{t+1}
  let laneStep: Int  // from one vector of lanes to the next in packed deltas
  let nextPackedRates: Pointer  // rdot_{t+1}
}

/// U r + W rdot of one tile, and xdot, xbardot, rdot and deltadot one step on.
@inline(never)
func advanceTangents<let PR: Int, let NV: Int, V: Lanes>(
  _ step: RecursionStep<V>, _: Width<PR>.Type, _: Width<NV>.Type
) {
  typealias Row = InlineArray<NV, V>
  let sources = TraceTile.sources
  var sums = InlineArray<PR, Row>(repeating: Row(repeating: V.zero))
  for p in 0..<PR {
    for n in 0..<NV { sums[p][n] = V.load(step.current + p &* step.currentStep + n &* V.scalarCount) }
  }
  var weights = step.weights
  var rates = step.packedRates
  for _ in 0..<step.units / sources {
    for source in 0..<sources {
      var left = Row(repeating: V.zero)
      for n in 0..<NV { left[n] = V.load(weights + n &* V.scalarCount) }
      for p in 0..<PR {
        let right = V(repeating: rates[p &* sources + source])
        for n in 0..<NV { sums[p][n] = V.fused(left[n], right, sums[p][n]) }
      }
      weights += step.ld
    }
    rates += step.sourceStep
  }
  for source in 0..<step.units % sources {
    for p in 0..<PR {
      let right = V(repeating: rates[p &* sources + source])
      for n in 0..<NV { sums[p][n] = V.fused(V.load(weights + n &* V.scalarCount), right, sums[p][n]) }
    }
    weights += step.ld
  }
  // Through memory: a loop too long to unroll would keep the sums out of the registers above.
  for p in 0..<PR {
    for n in 0..<NV { sums[p][n].store(step.current + p &* step.currentStep + n &* V.scalarCount) }
  }
  for n in 0..<NV { finishStep(step, lane: n &* V.scalarCount, vector: n, directions: PR) }
}

/// One vector of lanes of all directions of a tile, one step on.
@inline(__always)
private func finishStep<V: Lanes>(_ step: RecursionStep<V>, lane: Int, vector: Int, directions: Int) {
  let slope = V.load(step.nextSlopes + lane)
  for p in 0..<directions {
    let place = p &* step.ld &+ lane
    let old = V.load(step.state + place)
    let mean = V.load(step.mean + place)
    let x = V.fused(V.load(step.current + p &* step.currentStep + lane) - old, step.leak, old)
    let xbar = V.fused(old - mean, step.leakBar, mean)
    x.store(step.state + place)
    xbar.store(step.mean + place)
    if step.emits {
      (xbar - x).store(step.packedDelta + vector &* step.laneStep + p &* V.scalarCount)
      let parts = vector &* (V.scalarCount / TraceTile.sources) &* step.sourceStep
      (slope * x).storeParts(step.nextPackedRates + parts + p &* TraceTile.sources, step: step.sourceStep)
    }
  }
}

/// rdot and deltadot of the first step of a block from the state the block before left.
@inline(__always)
private func emitFirst<V: Lanes>(
  _ call: TangentCall<V.Scalar>, _ space: TangentSpace<V>, first: Int, steps: Int
) {
  let sourceStep = space.groups * steps * TraceTile.directions * TraceTile.sources
  for i in stride(from: 0, to: call.ld, by: V.scalarCount) {
    let slope = V.load(space.rateSlopes + first * call.ld + i)
    for q in 0..<call.directions {
      let x = V.load(space.state + q * call.ld + i)
      let xbar = V.load(space.mean + q * call.ld + i)
      (xbar - x).store(space.deltaTangents + space.deltaPlace(i, 0, q, steps: steps))
      (slope * x).storeParts(space.rateTangents + space.ratePlace(i, 0, q, steps: steps), step: sourceStep)
    }
  }
}

/// zdot of one step: the read-out of rdot, one chain a lane, lanes added last.
@inline(__always)
private func readTangents<V: Lanes>(_ call: TangentCall<V.Scalar>, _ space: TangentSpace<V>, step: Int) {
  for q in 0..<call.directions {
    for o in 0..<call.outputs {
      var sum = V.zero
      for i in stride(from: 0, to: call.ld, by: V.scalarCount) {
        let rateTangent =
          V.load(space.rateSlopes + step * call.ld + i) * V.load(space.state + q * call.ld + i)
        sum = V.fused(V.load(call.readout + o * call.ld + i), rateTangent, sum)
      }
      call.outputTangents[(q * call.steps + step) * call.outputs + o] = sum.total
    }
  }
}

/// rdot and deltadot of one step, for who asks for them.
@inline(__always)
private func keepTangents<V: Lanes>(_ call: TangentCall<V.Scalar>, _ space: TangentSpace<V>, step: Int) {
  for i in stride(from: 0, to: call.ld, by: V.scalarCount) {
    let slope = V.load(space.rateSlopes + step * call.ld + i)
    for q in 0..<call.directions {
      let x = V.load(space.state + q * call.ld + i)
      let place = (q * call.steps + step) * call.ld + i
      if let target = call.rateTangents { (slope * x).store(target + place) }
      if let target = call.fluctuationTangents {
        (V.load(space.mean + q * call.ld + i) - x).store(target + place)
      }
    }
  }
}

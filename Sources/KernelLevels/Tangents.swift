import KernelCalls

/// The forward tangents of one trial; see `TangentCall`.
///
/// The direct term of every direction is one product over the whole trial. What follows from U goes block by block
/// of time: U r for all steps of the block, the recursion with W rdot of all directions at once, then the tiles of
/// edot. Each element of edot(T) is summed in that order whatever the range of directions.
@inline(__always)
func runTangents<V: Lanes>(_ call: TangentCall<V.Scalar>, _: V.Type) {
  if call.directions == 0 { return }
  let space = TangentSpace<V>(call)
  writeDirectTerms(call, space)
  guard call.carried != nil else {
    // U = 0: the state does not move, only the direct term is left.
    for q in 0..<call.directions {
      for place in call.firstReadStep * call.outputs..<max(call.firstReadStep, call.steps) * call.outputs {
        call.outputTangents[q * call.steps * call.outputs + place] = 0
      }
    }
    return
  }
  var first = 0
  while first < call.steps {
    let steps = min(timeBlock, call.steps - first)
    multiplyCarried(call, space, first: first, steps: steps)
    addKicks(call, space, first: first, steps: steps)
    for t in 0..<steps { stepTangents(call, space, first: first, step: t) }
    writeBlockTables(call, space, first: first, steps: steps)
    accumulateTraceTangents(call, space, steps: steps, first: first)
    first += steps
  }
}

/// Where the parts of the scratch space of `runTangents` start, and how the packed ones are laid out.
struct TangentSpace<V: Lanes> {
  typealias Pointer = UnsafeMutablePointer<V.Scalar>
  let ratePowers: Pointer  // degree x steps x ld: r_t^k, k >= 1
  let deltaPowers: Pointer  // degree x steps x ld: w_t delta_t^l, l >= 1
  let rateSums: Pointer  // terms x ld: sum_t w_t r_t^k
  let deltaSums: Pointer  // terms x ld: sum_t w_t delta_t^l
  let slopes: Pointer  // timeBlock x terms x ld: w_t sum_l c_kl l delta^(l - 1)
  let values: Pointer  // timeBlock x degree x ld: w_t k sum_l c_kl delta^l, k >= 1
  let current: Pointer  // directions x timeBlock x ld: U r, then W rdot + U r
  let rates: Pointer  // directions x ld: rdot_t
  let state: Pointer  // directions x ld
  let mean: Pointer  // directions x ld
  let last: Pointer  // directions x ld: `current` of the last step of the block before
  let deltaTangents: Pointer  // vectors x groups x timeBlock x TraceTile.directions vectors
  let rateTangents: Pointer  // source groups x groups x timeBlock x directions x TraceTile.sources
  let factors: Pointer  // timeBlock x 2 TraceTile.sources vectors: G, H
  let groups: Int

  @inline(__always) init(_ call: TangentCall<V.Scalar>) {
    let ld = call.ld
    let terms = call.degree + 1
    groups = (call.directions + TraceTile.directions - 1) / TraceTile.directions
    let block = min(timeBlock, call.steps)
    let grouped = groups * TraceTile.directions
    ratePowers = call.scratch
    deltaPowers = ratePowers + call.degree * call.steps * ld
    rateSums = deltaPowers + call.degree * call.steps * ld
    deltaSums = rateSums + terms * ld
    slopes = deltaSums + terms * ld
    values = slopes + block * terms * ld
    current = values + block * call.degree * ld
    rates = current + call.directions * block * ld
    state = rates + call.directions * ld
    mean = state + call.directions * ld
    last = mean + call.directions * ld
    deltaTangents = last + call.directions * ld
    rateTangents = deltaTangents + grouped * block * ld
    factors = rateTangents + grouped * block * ld
  }

  /// W rdot + U r of the step before step t of the block, direction q.
  @inline(__always) func previous(_ q: Int, _ t: Int, steps: Int, ld: Int) -> Pointer {
    t == 0 ? last + q * ld : current + (q * steps + t - 1) * ld
  }

  /// deltadot of the vector at lane `lane`, step t, direction q of the block.
  @inline(__always) func deltaPlace(_ lane: Int, _ t: Int, _ q: Int, steps: Int) -> Int {
    let (group, place) = q.quotientAndRemainder(dividingBy: TraceTile.directions)
    return (((lane / V.scalarCount * groups) + group) * steps + t) * (TraceTile.directions * V.scalarCount)
      + place * V.scalarCount
  }

  /// rdot of the source group that starts at unit j, step t, direction q of the block.
  @inline(__always) func ratePlace(_ j: Int, _ t: Int, _ q: Int, steps: Int) -> Int {
    let (group, place) = q.quotientAndRemainder(dividingBy: TraceTile.directions)
    return (((j / TraceTile.sources * groups) + group) * steps + t)
      * (TraceTile.directions * TraceTile.sources)
      + place * TraceTile.sources
  }
}

/// edot <- sum_t w_t s delta^l (r^k)^T of every direction: a product where k, l >= 1, of rank one elsewhere.
@inline(__always)
func writeDirectTerms<V: Lanes>(_ call: TangentCall<V.Scalar>, _ space: TangentSpace<V>) {
  let ld = call.ld
  let terms = call.degree + 1
  let table = call.steps * ld
  for i in stride(from: 0, to: terms * ld, by: V.scalarCount) {
    V.zero.store(space.rateSums + i)
    V.zero.store(space.deltaSums + i)
  }
  for i in stride(from: 0, to: ld, by: V.scalarCount) {
    for t in 0..<call.steps {
      let weight = V(repeating: call.stepWeights[t])
      let rate = V.load(call.rates + t * ld + i)
      let delta = V.load(call.fluctuations + t * ld + i)
      var ratePower = V(repeating: 1)
      var deltaPower = weight
      for k in 0..<terms {
        let place = k * ld + i
        V.fused(ratePower, weight, V.load(space.rateSums + place)).store(space.rateSums + place)
        (V.load(space.deltaSums + place) + deltaPower).store(space.deltaSums + place)
        if k == call.degree { break }
        ratePower *= rate
        deltaPower *= delta
        ratePower.store(space.ratePowers + k * table + t * ld + i)
        deltaPower.store(space.deltaPowers + k * table + t * ld + i)
      }
    }
  }
  for q in 0..<call.directions {
    let (k, l) = (call.firstDirection + q).quotientAndRemainder(dividingBy: terms)
    let scale = call.scales[call.firstDirection + q]
    let trace = call.traceTangents + q * call.units * ld
    if l == 0 {
      for j in 0..<call.units {
        let sum = V(repeating: space.rateSums[k * ld + j] * scale)
        for i in stride(from: 0, to: ld, by: V.scalarCount) { sum.store(trace + j * ld + i) }
      }
    } else if k == 0 {
      for i in stride(from: 0, to: ld, by: V.scalarCount) {
        let sum = V.load(space.deltaSums + l * ld + i) * V(repeating: scale)
        for j in 0..<call.units { sum.store(trace + j * ld + i) }
      }
    } else {
      LaneProduct<V>(
        a: space.deltaPowers + (l - 1) * table, aStep: ld, b: space.ratePowers + (k - 1) * table, bRow: 1,
        bStep: ld, c: trace, cRow: ld, count: call.steps, accumulates: false
      ).run(rows: call.units, ld: ld)
      for place in stride(from: 0, to: call.units * ld, by: V.scalarCount) {
        (V.load(trace + place) * V(repeating: scale)).store(trace + place)
      }
    }
  }
}

/// current[q, t] = U_q r_t for the steps of a block.
@inline(__always)
func multiplyCarried<V: Lanes>(
  _ call: TangentCall<V.Scalar>, _ space: TangentSpace<V>, first: Int, steps: Int
) {
  guard let carried = call.carried else { return }
  for q in 0..<call.directions {
    LaneProduct<V>(
      a: carried + q * call.units * call.ld, aStep: call.ld, b: call.rates + first * call.ld, bRow: call.ld,
      bStep: 1, c: space.current + q * steps * call.ld, cRow: call.ld, count: call.units, accumulates: false
    ).run(rows: steps, ld: call.ld)
  }
}

/// current[q, t] += kickdot / leak for the steps of a block: the recursion then multiplies by the leak.
@inline(__always)
func addKicks<V: Lanes>(_ call: TangentCall<V.Scalar>, _ space: TangentSpace<V>, first: Int, steps: Int) {
  guard let kicks = call.kicks, let slopes = call.kickSlopes else { return }
  for q in 0..<call.directions {
    let slope = slopes[q] / call.leak
    for place in stride(from: 0, to: steps * call.ld, by: V.scalarCount) {
      let current = space.current + q * steps * call.ld + place
      V.fused(V.load(kicks + first * call.ld + place), slope, V.load(current)).store(current)
    }
  }
}

/// Step t of a block for all directions: xdot from what the step before left in `current`, then rdot, deltadot and
/// zdot, xbardot one step on, and W rdot + U r.
@inline(__always)
func stepTangents<V: Lanes>(_ call: TangentCall<V.Scalar>, _ space: TangentSpace<V>, first: Int, step t: Int)
{
  let ld = call.ld
  let steps = min(timeBlock, call.steps - first)
  // Lanes outside, directions inside: the packed copies are then written in the order they lie in.
  var i = 0
  while i < ld {
    let rate = V.load(call.rates + (first + t) * ld + i)
    let slope = V.fused(-rate, rate, V(repeating: 1))
    var q = 0
    while q < call.directions {
      let group = StepGroup<V>(
        leak: call.leak, leakBar: call.leakBar, isFirst: first + t == 0, slope: slope,
        current: space.previous(q, t, steps: steps, ld: ld) + i, currentStep: t == 0 ? ld : steps * ld,
        state: space.state + q * ld + i, mean: space.mean + q * ld + i,
        rateTangents: space.rates + q * ld + i,
        ld: ld, packedDelta: space.deltaTangents + space.deltaPlace(i, t, q, steps: steps),
        packedRates: space.rateTangents + space.ratePlace(i, t, q, steps: steps),
        sourceStep: space.groups * steps * TraceTile.directions * TraceTile.sources)
      group.run(directions: min(TraceTile.directions, call.directions - q))
      q += TraceTile.directions
    }
    i += V.scalarCount
  }
  if first + t >= call.firstReadStep { readTangents(call, space, step: first + t) }
  if first + t + 1 == call.steps { return }
  LaneProduct<V>(
    a: call.weights, aStep: ld, b: space.rates, bRow: ld, bStep: 1, c: space.current + t * ld,
    cRow: steps * ld,
    count: call.units, accumulates: true
  ).run(rows: call.directions, ld: ld)
  if t + 1 == steps {
    for q in 0..<call.directions {
      for i in stride(from: 0, to: ld, by: V.scalarCount) {
        V.load(space.current + (q * steps + t) * ld + i).store(space.last + q * ld + i)
      }
    }
  }
}

/// One vector of one step of a group of directions: pointers to what it reads and writes.
struct StepGroup<V: Lanes> {
  typealias Pointer = UnsafeMutablePointer<V.Scalar>
  let leak: V.Scalar, leakBar: V.Scalar
  let isFirst: Bool
  let slope: V  // 1 - r^2
  let current: Pointer  // W rdot + U r of the step before
  let currentStep: Int
  let state: Pointer
  let mean: Pointer
  let rateTangents: Pointer
  let ld: Int  // between directions of state, mean and rateTangents
  let packedDelta: Pointer
  let packedRates: Pointer
  let sourceStep: Int  // between groups of sources of packedRates

  @inline(__always) func run(directions: Int) {
    for place in 0..<directions {
      let row = place &* ld
      var x = V.zero
      var xbar = V.zero
      if !isFirst {
        let old = V.load(state + row)
        x = V.fused(V.load(current + place &* currentStep) - old, leak, old)
        xbar = V.load(mean + row)
      }
      x.store(state + row)
      V.fused(x - xbar, leakBar, xbar).store(mean + row)
      (xbar - x).store(packedDelta + place &* V.scalarCount)
      (slope * x).store(rateTangents + row)
      var packed = packedRates + place &* TraceTile.sources
      var source = rateTangents + row
      for _ in 0..<V.scalarCount / TraceTile.sources {
        for n in 0..<TraceTile.sources { packed[n] = source[n] }
        packed += sourceStep
        source += TraceTile.sources
      }
    }
  }
}

/// zdot of one step: the read-out of rdot, one chain a lane, lanes added last.
@inline(__always)
func readTangents<V: Lanes>(_ call: TangentCall<V.Scalar>, _ space: TangentSpace<V>, step: Int) {
  for q in 0..<call.directions {
    for o in 0..<call.outputs {
      var sum = V.zero
      for i in stride(from: 0, to: call.ld, by: V.scalarCount) {
        sum = V.fused(V.load(call.readout + o * call.ld + i), V.load(space.rates + q * call.ld + i), sum)
      }
      call.outputTangents[(q * call.steps + step) * call.outputs + o] = sum.total
    }
  }
}

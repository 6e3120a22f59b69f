import CPrefetch
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
  for i in stride(from: 0, to: call.directions * call.ld, by: V.scalarCount) {
    V.zero.store(space.state + i)
    V.zero.store(space.mean + i)
  }
  writeSlopes(
    call.rateFunction, of: call.rates, count: call.steps * call.ld, to: space.rateSlopes, V.self)
  writeSlopeCoefficients(of: call.coefficients, terms: call.degree + 1, to: space.slopes)
  let block = blockLength(call.steps)
  var first = 0
  while first < call.steps {
    let steps = min(block, call.steps - first)
    multiplyCarried(call, space, first: first, steps: steps)
    addKicks(call, space, first: first, steps: steps)
    addDrives(call, space, first: first, steps: steps)
    runRecursion(call, space, first: first, steps: steps)
    BlockTables(call: call, space: space, first: first, steps: steps).run(degree: call.degree)
    accumulateTraceTangents(call, space, steps: steps, first: first)
    first += steps
  }
}

/// r_t^k, w_t delta_t^l and their sums over the trial.
struct PowerTables<V: Lanes>: DegreeJob {
  let call: TangentCall<V.Scalar>
  let space: TangentSpace<V>

  @inline(never)
  func run<D: RuleDegree>(_ degree: D) {
    let ld = call.ld
    let terms = degree.value &+ 1
    let table = call.steps &* ld
    for i in stride(from: 0, to: terms &* ld, by: V.scalarCount) {
      V.zero.store(space.rateSums + i)
      V.zero.store(space.deltaSums + i)
    }
    for i in stride(from: 0, to: ld, by: V.scalarCount) {
      for t in 0..<call.steps {
        let weight = V(repeating: call.stepWeights[t])
        let rate = V.load(call.rates + t &* ld + i)
        let delta = V.load(call.fluctuations + t &* ld + i)
        var ratePower = V(repeating: 1)
        var deltaPower = weight
        for k in 0..<terms {
          let place = k &* ld + i
          V.fused(ratePower, weight, V.load(space.rateSums + place)).store(space.rateSums + place)
          (V.load(space.deltaSums + place) + deltaPower).store(space.deltaSums + place)
          if k == degree.value { break }
          ratePower *= rate
          deltaPower *= delta
          ratePower.store(space.ratePowers + k &* table + t &* ld + i)
          deltaPower.store(space.deltaPowers + k &* table + t &* ld + i)
        }
      }
    }
  }
}

/// edot <- sum_t w_t s delta^l (r^k)^T of every direction: a product where k, l >= 1, of rank one elsewhere.
@inline(__always)
func writeDirectTerms<V: Lanes>(_ call: TangentCall<V.Scalar>, _ space: TangentSpace<V>) {
  let ld = call.ld
  let terms = call.degree + 1
  let table = call.steps * ld
  PowerTables(call: call, space: space).run(degree: call.degree)
  for q in 0..<call.directions {
    let term = call.terms[q]
    if term < 0 { continue }
    let (k, l) = term.quotientAndRemainder(dividingBy: terms)
    let scale = call.scales[term]
    let trace = call.traceTangents + q * call.planeRows * ld
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
        bStep: ld, c: trace, cRow: ld, count: call.steps
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
    let next = q + 1 < call.directions ? q + 1 : 0
    let product = LaneProduct<V>(
      a: carried + q * call.planeRows * call.ld, aStep: call.ld, b: call.rates + first * call.ld,
      bRow: call.ld,
      bStep: 1, c: space.current + q * steps * call.ld, cRow: call.ld, count: call.units)
    product.run(rows: steps, ld: call.ld) {
      bringPanel(after: $0, of: product, rows: steps, next: carried + next * call.planeRows * call.ld)
    }
  }
}

/// Brings the panel of U after this one near, the first of the next direction after the last: a share of its rows a tile.
@inline(__always)
private func bringPanel<V: Lanes>(
  after tile: TilePlace, of product: LaneProduct<V>, rows: Int, next: UnsafePointer<V.Scalar>
) {
  let end = tile.vector + tile.width
  // The rows of U are `aStep` apart, which is ld.
  let panel = end * V.scalarCount == product.aStep ? next : product.a + end * V.scalarCount
  for k in product.count * tile.row / rows..<product.count * (tile.row + tile.height) / rows {
    for n in 0..<tile.width { prefetchLine(panel + k * product.aStep + n * V.scalarCount) }
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

/// current[q, t] += the drive of direction q for the steps of a block.
@inline(__always)
func addDrives<V: Lanes>(_ call: TangentCall<V.Scalar>, _ space: TangentSpace<V>, first: Int, steps: Int) {
  guard let drives = call.drives else { return }
  for q in 0..<call.directions {
    for place in stride(from: 0, to: steps * call.ld, by: V.scalarCount) {
      let current = space.current + q * steps * call.ld + place
      (V.load(current) + V.load(drives + (q * call.steps + first) * call.ld + place)).store(current)
    }
  }
}

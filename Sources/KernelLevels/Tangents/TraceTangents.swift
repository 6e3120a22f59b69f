import CPrefetch
import KernelCalls

/// What G and H of a block are made of, in the order `writeFactors` reads: the polynomials in delta of a vector of
/// lanes, and the powers of r of a group of sources.
struct BlockTables<V: Lanes>: DegreeJob {
  let call: TangentCall<V.Scalar>
  let space: TangentSpace<V>
  let first: Int
  let steps: Int

  @inline(never)
  func run<D: RuleDegree>(_ degree: D) {
    let ld = call.ld
    let d = degree.value
    for i in stride(from: 0, to: ld, by: V.scalarCount) {
      for t in 0..<steps {
        let weight = call.stepWeights[first &+ t]
        let delta = V.load(call.fluctuations + (first &+ t) &* ld + i)
        let polynomials = space.polynomials + space.polynomialPlace(i, t, degree: d, steps: steps)
        for k in 0..<d &+ 1 {
          let c = call.coefficients + k &* (d &+ 1)
          let slope =
            hornerSlope(space.slopes + k &* (d &+ 1), degree: degree, at: delta) * V(repeating: weight)
          slope.store(polynomials + k &* V.scalarCount)
          if k == 0 { continue }
          let value = hornerValue(c, degree: degree, at: delta) * V(repeating: weight * V.Scalar(k))
          value.store(polynomials + (d &+ k) &* V.scalarCount)
          V.load(space.ratePowers + ((k &- 1) &* call.steps &+ first &+ t) &* ld + i).storeParts(
            space.sourcePowers + space.powerPlace(i, t, k, degree: d, steps: steps),
            step: steps &* d &* TraceTile.sources)
        }
      }
    }
  }
}

/// edot += sum_t (G deltadot + H rdot) over a block, for all synapses and directions.
@inline(__always)
func accumulateTraceTangents<V: Lanes>(
  _ call: TangentCall<V.Scalar>, _ space: TangentSpace<V>, steps: Int, first: Int
) {
  if call.degree == 0 { return }
  for i in stride(from: 0, to: call.ld, by: V.scalarCount) {
    var j = 0
    while j < call.units {
      let sources = min(TraceTile.sources, call.units - j)
      switch sources {
      #if KERNELS_v4
        case 4: runSources(call, space, Width<4>.self, post: i, pre: j, steps: steps, first: first)
        case 3: runSources(call, space, Width<3>.self, post: i, pre: j, steps: steps, first: first)
        case 2: runSources(call, space, Width<2>.self, post: i, pre: j, steps: steps, first: first)
      #endif
      default: runSources(call, space, Width<1>.self, post: i, pre: j, steps: steps, first: first)
      }
      j += sources
    }
  }
}

/// G and H of `JR` sources once, then the tiles of all groups of directions.
@inline(__always)
func runSources<let JR: Int, V: Lanes>(
  _ call: TangentCall<V.Scalar>, _ space: TangentSpace<V>, _ sources: Width<JR>.Type, post i: Int, pre j: Int,
  steps: Int, first: Int
) {
  writeFactors(
    FactorTile<V>(
      degree: call.degree, steps: steps,
      powers: space.sourcePowers + space.powerPlace(j, 0, 1, degree: call.degree, steps: steps),
      polynomials: space.polynomials + space.polynomialPlace(i, 0, degree: call.degree, steps: steps),
      factors: space.factors), sources)
  var q = 0
  while q < call.directions {
    let directions = min(TraceTile.directions, call.directions - q)
    let tile = TraceProduct<V>(
      steps: steps, factors: space.factors,
      deltaTangents: space.deltaTangents + space.deltaPlace(i, 0, q, steps: steps),
      rateTangents: space.rateTangents + space.ratePlace(j, 0, q, steps: steps),
      trace: call.traceTangents + (q * call.planeRows + j) * call.ld + i,
      directionStep: call.planeRows * call.ld,
      sourceStep: call.ld)
    switch directions {
    #if KERNELS_FUSED
      case 6: multiplyTrace(tile, Width<6>.self, sources)
      case 5: multiplyTrace(tile, Width<5>.self, sources)
      case 4: multiplyTrace(tile, Width<4>.self, sources)
      case 3: multiplyTrace(tile, Width<3>.self, sources)
    #endif
    case 2: multiplyTrace(tile, Width<2>.self, sources)
    default: multiplyTrace(tile, Width<1>.self, sources)
    }
    q += directions
  }
}

/// The operands of `writeFactors`.
struct FactorTile<V: Lanes> {
  let degree: Int, steps: Int
  let powers: UnsafePointer<V.Scalar>
  let polynomials: UnsafePointer<V.Scalar>
  let factors: UnsafeMutablePointer<V.Scalar>
}

/// w_t G and w_t H of one vector of synapses of each of `JR` sources, for the steps of a block.
@inline(never)
func writeFactors<let JR: Int, V: Lanes>(_ tile: FactorTile<V>, _: Width<JR>.Type) {
  typealias Row = InlineArray<JR, V>
  let sources = TraceTile.sources
  var powers = tile.powers
  var slopes = tile.polynomials
  var factors = tile.factors
  for _ in 0..<tile.steps {
    let values = slopes + (tile.degree + 1) * V.scalarCount
    var g = Row(repeating: V.load(slopes))
    var h = Row(repeating: V.load(values))
    for k in 1..<tile.degree {
      let slope = V.load(slopes + k &* V.scalarCount)
      let value = V.load(values + k &* V.scalarCount)
      for n in 0..<JR {
        let power = V(repeating: powers[(k &- 1) &* sources + n])
        g[n] = V.fused(slope, power, g[n])
        h[n] = V.fused(value, power, h[n])
      }
    }
    let slope = V.load(slopes + tile.degree &* V.scalarCount)
    for n in 0..<JR {
      let power = V(repeating: powers[(tile.degree &- 1) &* sources + n])
      V.fused(slope, power, g[n]).store(factors + 2 &* n &* V.scalarCount)
      h[n].store(factors + (2 &* n + 1) &* V.scalarCount)
    }
    powers += tile.degree * sources
    slopes += (2 * tile.degree + 1) * V.scalarCount
    factors += 2 * sources * V.scalarCount
  }
}

/// The operands of `multiplyTrace`.
struct TraceProduct<V: Lanes> {
  let steps: Int
  let factors: UnsafePointer<V.Scalar>
  let deltaTangents: UnsafePointer<V.Scalar>
  let rateTangents: UnsafePointer<V.Scalar>
  let trace: UnsafeMutablePointer<V.Scalar>
  let directionStep: Int
  let sourceStep: Int
}

/// edot += sum_t (G deltadot + H rdot) of one tile. The sum of the block starts from 0 and edot is read last: it
/// comes from far away and nothing waits for it.
@inline(never)
func multiplyTrace<let PR: Int, let JR: Int, V: Lanes>(
  _ tile: TraceProduct<V>, _: Width<PR>.Type, _: Width<JR>.Type
) {
  typealias Row = InlineArray<JR, V>
  var sums = InlineArray<PR, Row>(repeating: Row(repeating: V.zero))
  for p in 0..<PR {
    for n in 0..<JR { prefetchLine(tile.trace + p &* tile.directionStep + n &* tile.sourceStep) }
  }
  var factors = tile.factors
  var delta = tile.deltaTangents
  var rate = tile.rateTangents
  for _ in 0..<tile.steps {
    for p in 0..<PR {
      let deltaTangent = V.load(delta + p &* V.scalarCount)
      for n in 0..<JR {
        sums[p][n] = V.fused(V.load(factors + 2 &* n &* V.scalarCount), deltaTangent, sums[p][n])
      }
    }
    for p in 0..<PR {
      for n in 0..<JR {
        sums[p][n] = V.fused(
          V.load(factors + (2 &* n + 1) &* V.scalarCount), rate[p &* TraceTile.sources + n], sums[p][n])
      }
    }
    factors += 2 * TraceTile.sources * V.scalarCount
    delta += TraceTile.directions * V.scalarCount
    rate += TraceTile.directions * TraceTile.sources
  }
  for p in 0..<PR {
    for n in 0..<JR {
      let place = tile.trace + p &* tile.directionStep + n &* tile.sourceStep
      (V.load(place) + sums[p][n]).store(place)
    }
  }
}

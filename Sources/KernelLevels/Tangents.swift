import KernelCalls

/// The forward tangents of one trial; see `TangentCall`: first the recursion of every direction, then edot(T) with
/// G and H shared by all of them.
@inline(__always)
func runTangents<V: Lanes>(_ call: TangentCall<V.Scalar>, _: V.Type) {
  if call.directions == 0 { return }
  let space = TangentSpace(call)
  for q in 0..<call.directions { runRecursion(call, space, direction: q, V.self) }
  let terms = call.degree + 1
  for t in 0..<call.steps {
    writePowers(
      of: call.rates + t * call.ld, ld: call.ld, degree: call.degree,
      to: space.ratePowers + t * terms * call.ld,
      V.self)
    writePowers(
      of: call.fluctuations + t * call.ld, ld: call.ld, degree: call.degree,
      to: space.deltaPowers + t * terms * call.ld, V.self)
    writePolynomials(
      of: call.fluctuations + t * call.ld, ld: call.ld, degree: call.degree, coefficients: call.coefficients,
      weight: call.stepWeights[t], value: space.values + t * terms * call.ld,
      slope: space.slopes + t * terms * call.ld, V.self)
  }
  for i in stride(from: 0, to: call.ld, by: V.scalarCount) {
    for j in 0..<call.units { accumulateTrace(call, space, post: i, pre: j, V.self) }
  }
}

/// Where the parts of the scratch space of `runTangents` start.
struct TangentSpace<S> {
  let ratePowers: UnsafeMutablePointer<S>  // steps x terms x ld: r^k
  let deltaPowers: UnsafeMutablePointer<S>  // steps x terms x ld: delta^l
  let values: UnsafeMutablePointer<S>  // steps x terms x ld
  let slopes: UnsafeMutablePointer<S>  // steps x terms x ld
  let rateTangents: UnsafeMutablePointer<S>  // directions x steps x ld
  let deltaTangents: UnsafeMutablePointer<S>  // directions x steps x ld
  let state: UnsafeMutablePointer<S>  // ld
  let mean: UnsafeMutablePointer<S>  // ld
  let factors: UnsafeMutablePointer<S>  // steps x 2 vectors: G, H

  @inline(__always) init(_ call: TangentCall<S>) {
    let table = call.steps * (call.degree + 1) * call.ld
    let trajectory = call.directions * call.steps * call.ld
    ratePowers = call.scratch
    deltaPowers = ratePowers + table
    values = deltaPowers + table
    slopes = values + table
    rateTangents = slopes + table
    deltaTangents = rateTangents + trajectory
    state = deltaTangents + trajectory
    mean = state + call.ld
    factors = mean + call.ld
  }
}

/// xdot, xbardot, zdot of one direction; keeps rdot_t and deltadot_t.
@inline(__always)
func runRecursion<V: Lanes>(
  _ call: TangentCall<V.Scalar>, _ space: TangentSpace<V.Scalar>, direction q: Int, _: V.Type
) {
  let ld = call.ld
  for i in stride(from: 0, to: ld, by: V.scalarCount) {
    V.zero.store(space.state + i)
    V.zero.store(space.mean + i)
  }
  for t in 0..<call.steps {
    let rateTangent = space.rateTangents + (q * call.steps + t) * ld
    let deltaTangent = space.deltaTangents + (q * call.steps + t) * ld
    for i in stride(from: 0, to: ld, by: V.scalarCount) {
      let rate = V.load(call.rates + t * ld + i)
      let state = V.load(space.state + i)
      let mean = V.load(space.mean + i)
      (V.fused(-rate, rate, V(repeating: 1)) * state).store(rateTangent + i)
      (mean - state).store(deltaTangent + i)
      V.fused(state - mean, call.leakBar, mean).store(space.mean + i)
    }
    if t >= call.firstReadStep {
      for o in 0..<call.outputs {
        var sum = V.zero
        for i in stride(from: 0, to: ld, by: V.scalarCount) {
          sum = V.fused(V.load(call.readout + o * ld + i), V.load(rateTangent + i), sum)
        }
        call.outputTangents[(q * call.steps + t) * call.outputs + o] = sum.total
      }
    }
    for i in stride(from: 0, to: ld, by: V.scalarCount) {
      var current: V = rowProduct(call.weights + i, rateTangent, count: call.units, stride: ld)
      if let carried = call.carried {
        let direct: V = rowProduct(
          carried + q * call.units * ld + i, call.rates + t * ld, count: call.units, stride: ld)
        current += direct
      }
      let state = V.load(space.state + i)
      V.fused(current - state, call.leak, state).store(space.state + i)
    }
  }
}

/// edot(T) of one vector of synapses i <- j, all directions: G and H of every step once, then one sum over t each.
@inline(__always)
func accumulateTrace<V: Lanes>(
  _ call: TangentCall<V.Scalar>, _ space: TangentSpace<V.Scalar>, post i: Int, pre j: Int, _: V.Type
) {
  let ld = call.ld
  let terms = call.degree + 1
  for t in 0..<call.steps {
    let table = t * terms * ld
    var g = V.load(space.slopes + table + i)
    var h = V.zero
    for k in 1..<max(terms, 1) {
      let row = table + k * ld
      g = V.fused(V.load(space.slopes + row + i), space.ratePowers[row + j], g)
      h = V.fused(V.load(space.values + row + i), space.ratePowers[row - ld + j] * V.Scalar(k), h)
    }
    g.store(space.factors + 2 * t * V.scalarCount)
    h.store(space.factors + (2 * t + 1) * V.scalarCount)
  }
  for q in 0..<call.directions {
    let p = call.firstDirection + q
    let k = p / terms
    let l = p % terms
    let scale = call.scales[p]
    var sum = V.zero
    for t in 0..<call.steps {
      let place = (q * call.steps + t) * ld
      let table = t * terms * ld
      let direct = V.load(space.deltaPowers + table + l * ld + i)
      let rate = space.ratePowers[table + k * ld + j] * (call.stepWeights[t] * scale)
      sum = V.fused(direct, rate, sum)
      sum = V.fused(
        V.load(space.factors + 2 * t * V.scalarCount), V.load(space.deltaTangents + place + i), sum)
      sum = V.fused(V.load(space.factors + (2 * t + 1) * V.scalarCount), space.rateTangents[place + j], sum)
    }
    sum.store(call.traceTangents + (q * call.units + j) * ld + i)
  }
}

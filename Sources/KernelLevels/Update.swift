import KernelCalls

/// The three-factor update of W, in place; see `UpdateCall`. Padded lanes of W and `open` become 0.
@inline(__always)
func updateWeights<V: Lanes>(_ call: UpdateCall<V.Scalar>, _: V.Type) -> Bool {
  var inside = V(repeating: 1)
  for i in stride(from: 0, to: call.ld, by: V.scalarCount) {
    let mask = V.mask(first: i, units: call.units)
    for j in 0..<call.units {
      let place = j * call.ld + i
      let weight = V.load(call.weights + place)
      let trace = V.load(call.trace + place).kept(where: mask)
      let raw = V.fused(trace, call.gain, V(repeating: -call.growth) * weight)
      let change = raw.cut(above: call.clip).cut(below: -call.clip)
      raw.notBeyond(call.clip).kept(where: mask).store(call.open + place)
      var next = weight + change
      if let noise = call.noise { next = V.fused(V.load(noise + place), call.sigma, next) }
      next = next.kept(where: mask)
      inside *= trace.within(V.Scalar.greatestFiniteMagnitude) * next.within(call.bound)
      next.store(call.weights + place)
    }
  }
  return inside.total == V.Scalar(V.scalarCount)
}

extension Lanes {
  /// 0 where |lane| > limit, 1 elsewhere (NaN included).
  @inline(__always) func notBeyond(_ limit: Scalar) -> Self {
    let size = magnitudes
    var result = self
    for i in 0..<Self.scalarCount { result[i] = size[i] > limit ? 0 : 1 }
    return result
  }
}

/// U' = carry U + mudot and <noise, U'>; see `TangentUpdateCall`.
///
/// The product is summed in one chain for each lane, over the vectors of a row and then over the rows.
@inline(__always)
func updateTangents<V: Lanes>(_ call: TangentUpdateCall<V.Scalar>, _: V.Type) {
  let size = call.units * call.ld
  let keeps = call.carry && !call.carriedIsZero
  for q in 0..<call.directions {
    let tangents = call.tangents + q * size
    let traceTangents = call.traceTangents + q * size
    let success = call.successTangents[q]
    let traceFactor = call.eta * success
    let weightFactor = -(call.growthSlope * success)
    var product = V.zero
    for j in 0..<call.units {
      for i in stride(from: 0, to: call.ld, by: V.scalarCount) {
        let place = j * call.ld + i
        var change = V.load(traceTangents + place) * V(repeating: call.gain)
        change = V.fused(V.load(call.trace + place), traceFactor, change)
        change = V.fused(V.load(call.weights + place), weightFactor, change)
        if !call.carriedIsZero { change = V.fused(V.load(tangents + place), -call.growth, change) }
        change = change.kept(where: V.load(call.open + place))
        if keeps { change += V.load(tangents + place) }
        change.store(tangents + place)
        // Noise is drawn for padded lanes too; U is 0 there.
        if let noise = call.noise { product = V.fused(V.load(noise + place), change, product) }
      }
    }
    if call.noise != nil { call.products[q] = product.total }
  }
}

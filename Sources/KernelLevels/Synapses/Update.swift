import KernelCalls

/// The three-factor update of W, in place; see `UpdateCall`. Padded lanes of W and `open` become 0.
@inline(__always)
func updateWeights<V: Lanes>(_ call: UpdateCall<V.Scalar>, _: V.Type) -> Bool {
  if call.exists != nil || call.signs != nil { return updateWired(call, V.self) }
  let full = call.units / V.scalarCount * V.scalarCount
  var excess = V.zero
  for j in 0..<call.rows {
    for i in stride(from: 0, to: full, by: V.scalarCount) {
      excess = V.union(excess, updateVector(call, place: j * call.ld + i, mask: V(repeating: 1)))
    }
    for i in stride(from: full, to: call.ld, by: V.scalarCount) {
      excess = V.union(
        excess, updateVector(call, place: j * call.ld + i, mask: V.mask(count: call.units - i)))
    }
  }
  return excess.hasNoSign
}

/// The same in a network whose wiring has a law.
@inline(never)
func updateWired<V: Lanes>(_ call: UpdateCall<V.Scalar>, _: V.Type) -> Bool {
  var excess = V.zero
  for j in 0..<call.rows {
    for i in stride(from: 0, to: call.ld, by: V.scalarCount) {
      let place = j * call.ld + i
      var mask = V.mask(count: call.units - i)
      if let exists = call.exists { mask = V.load(exists + place) }
      var (next, damage) = nextVector(call, place: place, mask: mask)
      if let signs = call.signs, let uncut = call.uncut {
        next.store(uncut + place)
        damage = V.union(damage, next.excess(over: V.Scalar.greatestFiniteMagnitude))
        next = next.zeroWhereNegative(signs[j] > 0 ? next : V.zero - next)
      }
      next.store(call.weights + place)
      excess = V.union(excess, V.union(damage, next.excess(over: call.bound)))
    }
  }
  return excess.hasNoSign
}

/// One vector of W; the result is negative where e or W went out of bounds.
@inline(__always)
func updateVector<V: Lanes>(_ call: UpdateCall<V.Scalar>, place: Int, mask: V) -> V {
  let (next, damage) = nextVector(call, place: place, mask: mask)
  next.store(call.weights + place)
  return V.union(damage, next.excess(over: call.bound))
}

/// W + mu + sigma xi of one vector, 0 where the mask is; writes `open` and `before`. `damage` is negative where e is
/// not finite.
@inline(__always)
func nextVector<V: Lanes>(
  _ call: UpdateCall<V.Scalar>, place: Int, mask: V
) -> (next: V, damage: V) {
  let weight = V.load(call.weights + place)
  if let before = call.before { weight.store(before + place) }
  let trace = V.load(call.trace + place).kept(where: mask)
  let raw = V.fused(trace, call.gain, V(repeating: -call.growth) * weight)
  mask.zeroWhereNegative(raw.excess(over: call.clip)).store(call.open + place)
  var next = weight + raw.clamped(to: call.clip)
  if let noise = call.noise { next = V.fused(V.load(noise + place), call.sigma, next) }
  return (next.kept(where: mask), trace.excess(over: V.Scalar.greatestFiniteMagnitude))
}

/// U' = carry U + mudot and <noise, U'>; see `TangentUpdateCall`.
///
/// The product is summed in one chain for each lane, over the vectors of a row and then over the rows. The loop over
/// synapses holds no branch: what it would decide is the same for all of them.
@inline(__always)
func updateTangents<V: Lanes>(_ call: TangentUpdateCall<V.Scalar>, _: V.Type) {
  if call.carriedIsZero {
    updateDirections(call, V.self, isZero: true, keeps: false)
  } else if call.carry {
    updateDirections(call, V.self, isZero: false, keeps: true)
  } else {
    updateDirections(call, V.self, isZero: false, keeps: false)
  }
}

@inline(__always)
private func updateDirections<V: Lanes>(
  _ call: TangentUpdateCall<V.Scalar>, _: V.Type, isZero: Bool, keeps: Bool
) {
  if let noise = call.noise {
    for q in 0..<call.directions {
      call.products[q] = updateDirection(call, V.self, q, isZero: isZero, keeps: keeps, noise: noise).total
    }
  } else {
    for q in 0..<call.directions {
      _ = updateDirection(call, V.self, q, isZero: isZero, keeps: keeps, noise: nil)
    }
  }
}

/// - Returns: <noise, U'_q> by lane.
@inline(__always)
private func updateDirection<V: Lanes>(
  _ call: TangentUpdateCall<V.Scalar>, _: V.Type, _ q: Int, isZero: Bool, keeps: Bool,
  noise: UnsafePointer<V.Scalar>?
) -> V {
  // Rows follow one another without a gap.
  let size = call.rows &* call.ld
  let tangents = call.tangents + q &* size
  let traceTangents = call.traceTangents + q &* size
  let gain = V(repeating: call.gain)
  let growth = -call.growth
  let traceFactor = call.traceFactors[q]
  let weightFactor = call.weightFactors[q]
  var product = V.zero
  var place = 0
  while place < size {
    var change = V.load(traceTangents + place) * gain
    change = V.fused(V.load(call.trace + place), traceFactor, change)
    change = V.fused(V.load(call.weights + place), weightFactor, change)
    if !isZero { change = V.fused(V.load(tangents + place), growth, change) }
    change = change.kept(where: V.load(call.open + place))
    if keeps { change += V.load(tangents + place) }
    change.store(tangents + place)
    // Noise is drawn for padded lanes too; U is 0 there.
    if let noise { product = V.fused(V.load(noise + place), change, product) }
    place &+= V.scalarCount
  }
  return product
}

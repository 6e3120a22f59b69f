import KernelCalls

/// e of a layer of few rows, or its change along tangents of its signals; see `LayerCall`. Every element is summed over
/// (t, k) in order.
@inline(__always)
func accumulateLayer<V: Lanes>(_ call: LayerCall<V.Scalar>, _: V.Type) {
  let ld = call.ld
  let degree = call.degree
  let space = LayerSpace<V>(call.scratch, ld: ld, degree: degree)
  writeSlopeCoefficients(of: call.coefficients, terms: degree + 1, to: space.slopes)
  let isTangent = call.rowTangents != nil || call.laneTangents != nil
  for place in stride(from: 0, to: call.rows * ld, by: V.scalarCount) { V.zero.store(call.trace + place) }
  for t in 0..<call.steps {
    let lanes = call.laneSignals + t * ld
    if isTangent {
      if let tangents = call.laneTangents {
        writeLayerSlopes(call, space, at: lanes, tangents + t * ld, weight: call.stepWeights[t], V.self)
        for s in 0..<call.rows {
          writeLayerPowers(space.powers, of: call.rowSignals[t * call.rows + s], degree: degree)
          addLayerRow(call, space, row: s, V.self)
        }
      }
      if let tangents = call.rowTangents {
        writeLayerValues(call, space, at: lanes, weight: call.stepWeights[t], V.self)
        for s in 0..<call.rows {
          let place = t * call.rows + s
          writeLayerPowers(space.powers, of: call.rowSignals[place], degree: degree)
          var k = degree
          while k >= 1 {
            space.powers[k] = V.Scalar(k) * space.powers[k - 1] * tangents[place]
            k -= 1
          }
          space.powers[0] = 0
          addLayerRow(call, space, row: s, V.self)
        }
      }
    } else {
      writeLayerValues(call, space, at: lanes, weight: call.stepWeights[t], V.self)
      for s in 0..<call.rows {
        writeLayerPowers(space.powers, of: call.rowSignals[t * call.rows + s], degree: degree)
        addLayerRow(call, space, row: s, V.self)
      }
    }
  }
}

/// The scratch space of the layer kernels.
struct LayerSpace<V: Lanes> {
  typealias Pointer = UnsafeMutablePointer<V.Scalar>
  let values: Pointer  // terms x ld: of every power of a, what multiplies it
  let powers: Pointer  // terms, in whole vectors: a^k
  let slopes: Pointer  // terms^2: l c_kl
  let sums: Pointer  // terms^2 vectors: products before their lanes are added

  @inline(__always) init(_ scratch: inout Scratch<V.Scalar>, ld: Int, degree: Int) {
    let terms = degree + 1
    values = scratch.take(terms * ld)
    powers = scratch.take(paddedCount(terms))
    slopes = scratch.take(paddedCount(terms * terms))
    sums = scratch.take(terms * terms * V.scalarCount)
  }

  @inline(__always) init(_ start: UnsafeMutablePointer<V.Scalar>, ld: Int, degree: Int) {
    var scratch = Scratch(start)
    self.init(&scratch, ld: ld, degree: degree)
  }
}

/// values[k] = w_t sum_l c_kl b^l.
@inline(__always)
private func writeLayerValues<V: Lanes>(
  _ call: LayerCall<V.Scalar>, _ space: LayerSpace<V>, at lanes: UnsafePointer<V.Scalar>, weight: V.Scalar,
  _: V.Type
) {
  let terms = call.degree + 1
  for i in stride(from: 0, to: call.ld, by: V.scalarCount) {
    let b = V.load(lanes + i)
    for k in 0..<terms {
      let value = hornerValue(call.coefficients + k * terms, degree: OpenDegree(value: call.degree), at: b)
      (value * V(repeating: weight)).store(space.values + k * call.ld + i)
    }
  }
}

/// values[k] = w_t bdot sum_l l c_kl b^(l - 1).
@inline(__always)
private func writeLayerSlopes<V: Lanes>(
  _ call: LayerCall<V.Scalar>, _ space: LayerSpace<V>, at lanes: UnsafePointer<V.Scalar>,
  _ tangents: UnsafePointer<V.Scalar>, weight: V.Scalar, _: V.Type
) {
  let terms = call.degree + 1
  for i in stride(from: 0, to: call.ld, by: V.scalarCount) {
    let b = V.load(lanes + i)
    let change = V.load(tangents + i) * V(repeating: weight)
    for k in 0..<terms {
      let slope = hornerSlope(space.slopes + k * terms, degree: OpenDegree(value: call.degree), at: b)
      (slope * change).store(space.values + k * call.ld + i)
    }
  }
}

/// powers[k] = a^k, k = 0...degree.
@inline(__always)
private func writeLayerPowers<S: BinaryFloatingPoint>(_ powers: UnsafeMutablePointer<S>, of a: S, degree: Int)
{
  powers[0] = 1
  var k = 1
  while k <= degree {
    powers[k] = powers[k - 1] * a
    k += 1
  }
}

/// trace[s] += sum_k powers[k] values[k].
@inline(__always)
private func addLayerRow<V: Lanes>(
  _ call: LayerCall<V.Scalar>, _ space: LayerSpace<V>, row s: Int, _: V.Type
) {
  for i in stride(from: 0, to: call.ld, by: V.scalarCount) {
    var sum = V.load(call.trace + s * call.ld + i)
    for k in 0...call.degree {
      sum = V.fused(V.load(space.values + k * call.ld + i), space.powers[k], sum)
    }
    sum.store(call.trace + s * call.ld + i)
  }
}

/// E of a layer read backwards; see `LayerAdjointCall`. Products are summed in one chain a lane over t, then over the
/// vectors of a row; lanes are added last.
@inline(__always)
func reverseLayer<V: Lanes>(_ call: LayerAdjointCall<V.Scalar>, _: V.Type) {
  let ld = call.ld
  let terms = call.degree + 1
  let space = LayerSpace<V>(call.scratch, ld: ld, degree: call.degree)
  for index in 0..<terms * terms { V.zero.store(space.sums + index * V.scalarCount) }
  writeSlopeCoefficients(of: call.coefficients, terms: terms, to: space.slopes)
  for t in 0..<call.steps {
    let weight = call.stepWeights[t]
    writeLayerCurrents(call, space, step: t, V.self)
    for i in stride(from: 0, to: ld, by: V.scalarCount) {
      let b = V.load(call.laneSignals + t * ld + i)
      var adjoint = V.zero
      for k in 0..<terms {
        let current = V.load(space.values + k * ld + i) * V(repeating: weight)
        let slope = hornerSlope(space.slopes + k * terms, degree: OpenDegree(value: call.degree), at: b)
        adjoint = adjoint + current * slope
        var term = current
        for l in 0..<terms {
          let sum = space.sums + (k * terms + l) * V.scalarCount
          (V.load(sum) + term).store(sum)
          term *= b
        }
      }
      if let target = call.laneAdjoints { (V.load(target + t * ld + i) + adjoint).store(target + t * ld + i) }
    }
    if call.rowAdjoints != nil { addRowAdjoints(call, space, step: t, V.self) }
  }
  for index in 0..<terms * terms { call.products[index] += V.load(space.sums + index * V.scalarCount).total }
}

/// values[k] = sum_s E_s a_ts^k.
@inline(__always)
private func writeLayerCurrents<V: Lanes>(
  _ call: LayerAdjointCall<V.Scalar>, _ space: LayerSpace<V>, step t: Int, _: V.Type
) {
  let terms = call.degree + 1
  for place in stride(from: 0, to: terms * call.ld, by: V.scalarCount) { V.zero.store(space.values + place) }
  for s in 0..<call.rows {
    writeLayerPowers(space.powers, of: call.rowSignals[t * call.rows + s], degree: call.degree)
    for i in stride(from: 0, to: call.ld, by: V.scalarCount) {
      let adjoint = V.load(call.traceAdjoint + s * call.ld + i)
      for k in 0..<terms {
        let target = space.values + k * call.ld + i
        V.fused(adjoint, space.powers[k], V.load(target)).store(target)
      }
    }
  }
}

/// da_ts += w_t sum_k k a^(k-1) <E_s, sum_l c_kl b^l>.
@inline(__always)
private func addRowAdjoints<V: Lanes>(
  _ call: LayerAdjointCall<V.Scalar>, _ space: LayerSpace<V>, step t: Int, _: V.Type
) {
  let terms = call.degree + 1
  guard let target = call.rowAdjoints else { return }
  for s in 0..<call.rows {
    writeLayerPowers(space.powers, of: call.rowSignals[t * call.rows + s], degree: call.degree)
    var sum = V.zero
    for i in stride(from: 0, to: call.ld, by: V.scalarCount) {
      let b = V.load(call.laneSignals + t * call.ld + i)
      var slope = V.zero
      var k = 1
      while k < terms {
        let value = hornerValue(call.coefficients + k * terms, degree: OpenDegree(value: call.degree), at: b)
        slope = V.fused(value, V.Scalar(k) * space.powers[k - 1], slope)
        k += 1
      }
      sum = sum + slope * V.load(call.traceAdjoint + s * call.ld + i)
    }
    target[t * call.rows + s] += call.stepWeights[t] * sum.total
  }
}

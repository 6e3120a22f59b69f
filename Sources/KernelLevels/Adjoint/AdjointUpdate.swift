import KernelCalls

/// The update of W read backwards; see `AdjointUpdateCall`.
///
/// The sum over synapses runs in one chain a lane, over the vectors of a row and then over the rows.
@inline(__always)
func reverseUpdate<V: Lanes>(_ call: AdjointUpdateCall<V.Scalar>, _: V.Type) {
  let full = call.units / V.scalarCount * V.scalarCount
  var success = V.zero
  for j in 0..<call.rows {
    for i in stride(from: 0, to: call.ld, by: V.scalarCount) {
      let place = j * call.ld + i
      var adjoint = V.load(call.weightAdjoint + place)
      if let noise = call.noise {
        var draw = V.load(noise + place)
        if i >= full { draw = draw.kept(where: V.mask(count: call.units - i)) }
        adjoint = V.fused(draw, call.noiseFactor, adjoint)
      }
      // `open` is 0 in the padded lanes, where e may hold anything.
      let gate = V.load(call.open + place)
      let open = adjoint.kept(where: gate)
      let trace = V.load(call.trace + place).kept(where: gate)
      let slope = V.fused(
        V.load(call.weights + place), -call.growthSlope, trace * V(repeating: call.eta))
      success = V.fused(open, slope, success)
      (open * V(repeating: call.gain)).store(call.traceAdjoint + place)
      let kept = call.carry ? adjoint : V.zero
      V.fused(open, -call.growth, kept).store(call.weightAdjoint + place)
    }
  }
  call.successAdjoint.pointee = success.total
}

import Invariants
import KernelCalls

/// The kernels of this level for Float.
public let floatKernels = KernelSet<Float>(
  primals: primalsFloat, drive: driveFloat, eligibility: eligibilityFloat, update: updateFloat,
  tangents: tangentsFloat,
  tangentUpdate: tangentUpdateFloat, layer: layerFloat, layerAdjoint: layerAdjointFloat, score: scoreFloat,
  adjointUpdate: adjointUpdateFloat,
  adjoint: adjointFloat, boxMuller: boxMullerPairs, normals: normalsFloat, tanh: tanhFloat,
  multiplyAdds: multiplyAddsFloat,
  scratchCount: scratchCountFloat)

/// The kernels of this level for Double.
public let doubleKernels = KernelSet<Double>(
  primals: primalsDouble, drive: driveDouble, eligibility: eligibilityDouble, update: updateDouble,
  tangents: tangentsDouble,
  tangentUpdate: tangentUpdateDouble, layer: layerDouble, layerAdjoint: layerAdjointDouble,
  score: scoreDouble, adjointUpdate: adjointUpdateDouble,
  adjoint: adjointDouble, boxMuller: boxMullerPairs, normals: normalsDouble, tanh: tanhDouble,
  multiplyAdds: multiplyAddsDouble,
  scratchCount: scratchCountDouble)

// One entry point for every kernel and type: nothing generic leaves this module, so each is compiled for this
// level's instructions only.

@inline(never) @Sendable public func primalsFloat(
  _ calls: UnsafeMutablePointer<PrimalCall<Float>>, _ count: Int
) {
  switch calls[0].rateFunction {
  case .tanh: runPrimalsFloat(calls, count, TanhLaw.self)
  case .rectifiedTanh: runPrimalsFloat(calls, count, RectifiedTanhLaw.self)
  case .sigmoid: runPrimalsFloat(calls, count, SigmoidLaw.self)
  case .thresholdLinear: runPrimalsFloat(calls, count, ThresholdLinearLaw.self)
  }
}

@inline(never) @Sendable public func primalsDouble(
  _ calls: UnsafeMutablePointer<PrimalCall<Double>>, _ count: Int
) {
  switch calls[0].rateFunction {
  case .tanh: runPrimalsDouble(calls, count, TanhLaw.self)
  case .rectifiedTanh: runPrimalsDouble(calls, count, RectifiedTanhLaw.self)
  case .sigmoid: runPrimalsDouble(calls, count, SigmoidLaw.self)
  case .thresholdLinear: runPrimalsDouble(calls, count, ThresholdLinearLaw.self)
  }
}

// One copy for each law, by itself: the others cost it nothing.

@inline(never) func runPrimalsFloat<F: RateLaw>(
  _ calls: UnsafeMutablePointer<PrimalCall<Float>>, _ count: Int, _: F.Type
) {
  runPrimals(calls, count, SIMD16<Float>.self, F.self)
}

@inline(never) func runPrimalsDouble<F: RateLaw>(
  _ calls: UnsafeMutablePointer<PrimalCall<Double>>, _ count: Int, _: F.Type
) {
  runPrimals(calls, count, SIMD8<Double>.self, F.self)
}

@inline(never) @Sendable public func driveFloat(_ call: DriveCall<Float>) {
  writeDrive(call, SIMD16<Float>.self)
}

@inline(never) @Sendable public func eligibilityFloat(_ call: EligibilityCall<Float>) {
  accumulateEligibility(call, SIMD16<Float>.self)
}

@inline(never) @Sendable public func driveDouble(_ call: DriveCall<Double>) {
  writeDrive(call, SIMD8<Double>.self)
}

@inline(never) @Sendable public func eligibilityDouble(_ call: EligibilityCall<Double>) {
  accumulateEligibility(call, SIMD8<Double>.self)
}

@inline(never) @Sendable public func updateFloat(_ call: UpdateCall<Float>) -> Bool {
  updateWeights(call, SIMD16<Float>.self)
}

@inline(never) @Sendable public func updateDouble(_ call: UpdateCall<Double>) -> Bool {
  updateWeights(call, SIMD8<Double>.self)
}

@inline(never) @Sendable public func tangentsFloat(_ call: TangentCall<Float>) {
  runTangents(call, SIMD16<Float>.self)
}

@inline(never) @Sendable public func tangentsDouble(_ call: TangentCall<Double>) {
  runTangents(call, SIMD8<Double>.self)
}

@inline(never) @Sendable public func tangentUpdateFloat(_ call: TangentUpdateCall<Float>) {
  updateTangents(call, SIMD16<Float>.self)
}

@inline(never) @Sendable public func tangentUpdateDouble(_ call: TangentUpdateCall<Double>) {
  updateTangents(call, SIMD8<Double>.self)
}

@inline(never) @Sendable public func layerFloat(_ call: LayerCall<Float>) {
  accumulateLayer(call, SIMD16<Float>.self)
}

@inline(never) @Sendable public func layerAdjointFloat(_ call: LayerAdjointCall<Float>) {
  reverseLayer(call, SIMD16<Float>.self)
}

@inline(never) @Sendable public func scoreFloat(_ call: ScoreCall<Float>) {
  accumulateScore(call, SIMD16<Float>.self)
}

@inline(never) @Sendable public func layerDouble(_ call: LayerCall<Double>) {
  accumulateLayer(call, SIMD8<Double>.self)
}

@inline(never) @Sendable public func layerAdjointDouble(_ call: LayerAdjointCall<Double>) {
  reverseLayer(call, SIMD8<Double>.self)
}

@inline(never) @Sendable public func scoreDouble(_ call: ScoreCall<Double>) {
  accumulateScore(call, SIMD8<Double>.self)
}

@inline(never) @Sendable public func adjointUpdateFloat(_ call: AdjointUpdateCall<Float>) {
  reverseUpdate(call, SIMD16<Float>.self)
}

@inline(never) @Sendable public func adjointFloat(_ call: AdjointCall<Float>) {
  runAdjoint(call, SIMD16<Float>.self)
}

@inline(never) @Sendable public func boxMullerPairs(
  _ radii: UnsafePointer<UInt32>, _ angles: UnsafePointer<UInt32>, _ cosines: UnsafeMutablePointer<Float>,
  _ sines: UnsafeMutablePointer<Float>, _ count: Int
) {
  invariant(count % 16 == 0, "pairs are made 16 at a time, not \(count)")
  var n = 0
  while n &+ 64 <= count {
    writePairs(radii + n, angles + n, cosines + n, sines + n, Width<4>.self)
    n &+= 64
  }
  while n < count {
    writePairs(radii + n, angles + n, cosines + n, sines + n, Width<1>.self)
    n &+= 16
  }
}

@inline(never) @Sendable public func normalsFloat(_ call: NormalsCall<Float>) {
  writeNormals(call) { lanes, place in lanes.store(call.output + place) }
}

@inline(never) @Sendable public func adjointUpdateDouble(_ call: AdjointUpdateCall<Double>) {
  reverseUpdate(call, SIMD8<Double>.self)
}

@inline(never) @Sendable public func adjointDouble(_ call: AdjointCall<Double>) {
  runAdjoint(call, SIMD8<Double>.self)
}

@inline(never) @Sendable public func normalsDouble(_ call: NormalsCall<Double>) {
  writeNormals(call) { lanes, place in
    var low = SIMD8<Double>.zero
    var high = SIMD8<Double>.zero
    for i in 0..<8 {
      low[i] = Double(lanes[i])
      high[i] = Double(lanes[i + 8])
    }
    low.store(call.output + place)
    high.store(call.output + place + 8)
  }
}

/// tanh of `count` values (a multiple of 16), for tests and read-outs outside a trial.
@inline(never) @Sendable public func tanhFloat(
  _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, _ count: Int
) {
  for i in stride(from: 0, to: count, by: 16) { SIMD16<Float>.load(input + i).tanhLanes().store(output + i) }
}

@inline(never) @Sendable public func tanhDouble(
  _ input: UnsafePointer<Double>, _ output: UnsafeMutablePointer<Double>, _ count: Int
) {
  for i in stride(from: 0, to: count, by: 8) { SIMD8<Double>.load(input + i).tanhLanes().store(output + i) }
}

@inline(never) @Sendable public func multiplyAddsFloat(_ rounds: Int) -> Int {
  runMultiplyAdds(rounds, SIMD16<Float>.self)
}

@inline(never) @Sendable public func multiplyAddsDouble(_ rounds: Int) -> Int {
  runMultiplyAdds(rounds, SIMD8<Double>.self)
}

/// Scalars of scratch space that any kernel needs at these sizes.
@inline(never) @Sendable public func scratchCountFloat(
  units: Int, steps: Int, degree: Int, directions: Int
) -> Int {
  scratchCount(
    ScratchSizes(units: units, steps: steps, degree: degree, directions: directions), SIMD16<Float>.self)
}

@inline(never) @Sendable public func scratchCountDouble(
  units: Int, steps: Int, degree: Int, directions: Int
) -> Int {
  scratchCount(
    ScratchSizes(units: units, steps: steps, degree: degree, directions: directions), SIMD8<Double>.self)
}

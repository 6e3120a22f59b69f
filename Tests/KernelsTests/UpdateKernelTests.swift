import KernelCalls
import Kernels
import Testing

/// The updates of W and U and the score products against their formulas.
@Suite struct UpdateKernelTests {
  @Test(arguments: Shape.allCases, levels) func weights(_ shape: Shape, level: SIMDLevel) {
    for (clip, sigma, growth) in [(Double.infinity, 0.01, 0.0), (0.05, 0.003, 0.02), (0.05, 0, 0)] {
      checkWeights(shape, level, clip, sigma, growth, Float.self)
      checkWeights(shape, level, clip, sigma, growth, Double.self)
    }
  }

  private func checkWeights<S: KernelScalar>(
    _ shape: Shape, _ level: SIMDLevel, _ clip: Double, _ sigma: Double, _ growth: Double, _: S.Type
  ) {
    let trial = TrialCase<S>(shape)
    let before = trial.weights.values
    let trace = Buffer<S>(rows: shape.units, columns: shape.units)
    trace.poison()
    for j in 0..<shape.units {
      for i in 0..<shape.units { trace[j, i] = trial.carried[j, i] }
    }
    // Noise is drawn over the padding as well; it must not reach W.
    for j in 0..<shape.units {
      for i in shape.units..<shape.ld { trial.noise.pointer[j * shape.ld + i] = 1 }
    }
    let open = Buffer<S>(rows: shape.units, columns: shape.units)
    open.poison()
    let gain = S(0.3)
    let isInside = S.kernels(level).update(
      UpdateCall(
        units: shape.units, ld: shape.ld, weights: trial.weights.pointer, trace: trace.pointer,
        noise: sigma > 0 ? UnsafePointer(trial.noise.pointer) : nil, gain: gain, growth: S(growth),
        clip: S(clip), sigma: S(sigma), bound: 1e6, open: open.pointer))
    #expect(isInside)
    #expect(trial.weights.paddingIsZero && open.paddingIsZero)
    var expected = before
    for j in 0..<shape.units {
      for i in 0..<shape.units {
        let raw = Double(gain) * Double(trace[j, i]) - Double(S(growth)) * before[j][i]
        let change = max(-Double(S(clip)), min(Double(S(clip)), raw))
        expected[j][i] += change + (sigma > 0 ? Double(S(sigma)) * Double(trial.noise[j, i]) : 0)
        if abs(abs(raw) - clip) > 1e-6 { #expect(open[j, i] == (abs(raw) > clip ? 0 : 1)) }
      }
    }
    let worst = relativeError(trial.weights.values, expected)
    #expect(worst <= tolerance(S.self), "worst error \(worst) for \(S.self)")
  }

  /// W with synapses that do not exist and signs to keep: the plain update, where there is one, cut at 0.
  @Test(arguments: Shape.allCases, levels) func wiredWeights(_ shape: Shape, level: SIMDLevel) {
    for (hasMask, hasSigns) in [(true, false), (false, true), (true, true)] {
      checkWired(shape, level, hasMask, hasSigns, Float.self)
      checkWired(shape, level, hasMask, hasSigns, Double.self)
    }
  }

  private func checkWired<S: KernelScalar>(
    _ shape: Shape, _ level: SIMDLevel, _ hasMask: Bool, _ hasSigns: Bool, _: S.Type
  ) {
    let n = shape.units
    func exists(_ j: Int, _ i: Int) -> Bool { !hasMask || (i + 2 * j) % 3 != 0 }
    func run(wired: Bool) -> (weights: Buffer<S>, open: Buffer<S>, uncut: Buffer<S>, isInside: Bool) {
      let trial = TrialCase<S>(shape)
      let trace = Buffer<S>(rows: n, columns: n)
      trace.poison()
      let mask = Buffer<S>(rows: n, columns: n)
      let signs = Buffer<S>(rows: 1, columns: n)
      for j in 0..<n {
        signs[0, j] = j % 2 == 0 ? 1 : -1
        for i in 0..<n {
          mask[j, i] = exists(j, i) ? 1 : 0
          if !exists(j, i) { trial.weights[j, i] = 0 }
          if !exists(j, i) { trial.noise[j, i] = 0 }
          if exists(j, i) || !wired { trace[j, i] = exists(j, i) ? trial.carried[j, i] : 0 }
        }
      }
      let open = Buffer<S>(rows: n, columns: n)
      let uncut = Buffer<S>(rows: n, columns: n)
      for buffer in [open, uncut] { buffer.poison() }
      var call = UpdateCall(
        units: n, ld: shape.ld, weights: trial.weights.pointer, trace: trace.pointer,
        noise: UnsafePointer(trial.noise.pointer), gain: S(0.3), growth: S(0.02), clip: S(0.05),
        sigma: S(0.4),
        bound: 1e6, open: open.pointer)
      if wired, hasMask { call.exists = UnsafePointer(mask.pointer) }
      if wired, hasSigns {
        call.signs = UnsafePointer(signs.pointer)
        call.uncut = uncut.pointer
      }
      let isInside = S.kernels(level).update(call)
      return (trial.weights, open, uncut, isInside)
    }
    let plain = run(wired: false)
    let wired = run(wired: true)
    #expect(wired.isInside && wired.weights.paddingIsZero && wired.open.paddingIsZero)
    for j in 0..<n {
      for i in 0..<n {
        let free = plain.weights[j, i]
        let isKept = exists(j, i) && (!hasSigns || (j % 2 == 0 ? free > 0 : free < 0))
        #expect(wired.weights[j, i] == (isKept ? free : 0))
        #expect(wired.open[j, i] == (exists(j, i) ? plain.open[j, i] : 0))
        if hasSigns { #expect(wired.uncut[j, i] == free) }
      }
    }
  }

  @Test(arguments: levels) func damageIsSeen(_ level: SIMDLevel) {
    let shape = Shape(units: 18, steps: 1, degree: 0, outputs: 1)
    for (value, clip) in [(Float.nan, Float.infinity), (.infinity, 0.1), (-.infinity, 0.1), (1e8, .infinity)]
    {
      let trial = TrialCase<Float>(shape)
      let trace = Buffer<Float>(rows: shape.units, columns: shape.units)
      let open = Buffer<Float>(rows: shape.units, columns: shape.units)
      for place in [(0, 0), (17, 17), (3, 16)] {
        trace.poison(0)
        trace[place.0, place.1] = value
        let isInside = Float.kernels(level).update(
          UpdateCall(
            units: shape.units, ld: shape.ld, weights: trial.weights.pointer, trace: trace.pointer,
            noise: nil,
            gain: 1, growth: 0, clip: clip, sigma: 0, bound: 1e6, open: open.pointer))
        #expect(!isInside, "\(value) at \(place)")
      }
    }
  }

  @Test(arguments: Shape.allCases, levels) func carriedTangents(_ shape: Shape, level: SIMDLevel) {
    for (carry, isZero) in [(true, false), (false, false), (true, true), (false, true)] {
      checkTangentUpdate(shape, level, carry, isZero, Float.self)
      checkTangentUpdate(shape, level, carry, isZero, Double.self)
    }
  }

  private func checkTangentUpdate<S: KernelScalar>(
    _ shape: Shape, _ level: SIMDLevel, _ carry: Bool, _ isZero: Bool, _: S.Type
  ) {
    let trial = TrialCase<S>(shape)
    let result = TrialResult(trial, level)
    let trace = result.trace(trial, level)
    let tangents = result.tangents(trial, level, carried: true, firstReadStep: 0).trace
    let open = TrialResult<S>.gate(shape)
    let before = trial.carried.values
    if isZero { trial.carried.poison() }
    let success = Buffer<S>(rows: 1, columns: shape.directions)
    for p in 0..<shape.directions { success[0, p] = S(0.1) * S(p) - S(0.3) }
    let products = Buffer<S>(rows: 1, columns: shape.directions)
    products.poison()
    let (gain, eta, growth, slope) = (S(0.7), S(0.4), S(0.02), S(0.05))
    let traceFactors = (0..<shape.directions).map { eta * success[0, $0] }
    let weightFactors = (0..<shape.directions).map { -(slope * success[0, $0]) }
    S.kernels(level).tangentUpdate(
      TangentUpdateCall(
        rows: shape.units, ld: shape.ld, directions: shape.directions, carry: carry, carriedIsZero: isZero,
        tangents: trial.carried.pointer, traceTangents: tangents.pointer, trace: trace.pointer,
        weights: trial.weights.pointer, open: open.pointer, gain: gain, growth: growth,
        traceFactors: traceFactors, weightFactors: weightFactors, noise: trial.noise.pointer,
        products: products.pointer))
    var expected = before
    var sums = [Double](repeating: 0, count: shape.directions)
    for p in 0..<shape.directions {
      let dot = Double(success[0, p])
      for j in 0..<shape.units {
        for i in 0..<shape.units {
          let row = p * shape.units + j
          let old = isZero ? 0 : before[row][i]
          let change =
            Double(gain) * Double(tangents[row, i]) + Double(eta) * dot * Double(trace[j, i])
            - Double(growth) * old - Double(slope) * dot * Double(trial.weights[j, i])
          expected[row][i] = (carry ? old : 0) + (open[j, i] == 0 ? 0 : change)
          sums[p] += expected[row][i] * Double(trial.noise[j, i])
        }
      }
    }
    let worst = max(relativeError(trial.carried.values, expected), relativeError(products.values, [sums]))
    #expect(worst <= 4 * tolerance(S.self), "worst error \(worst) for \(S.self)")
    #expect(trial.carried.paddingIsZero)
  }

  @Test(arguments: Shape.allCases, levels) func score(_ shape: Shape, level: SIMDLevel) {
    checkScore(shape, level, Float.self)
    checkScore(shape, level, Double.self)
  }

  private func checkScore<S: KernelScalar>(_ shape: Shape, _ level: SIMDLevel, _: S.Type) {
    let trial = TrialCase<S>(shape)
    let result = TrialResult(trial, level)
    let seen = result.score(trial, level).map { Double($0) }
    let open = TrialResult<S>.gate(shape)
    let reference = ReferenceTrial(trial)
    let w = trial.stepWeights.values[0]
    var expected: [Double] = []
    for k in 0...shape.degree {
      for l in 0...shape.degree {
        var sum = 0.0
        for t in 0..<shape.steps {
          for j in 0..<shape.units {
            for i in 0..<shape.units where open[j, i] == 1 {
              sum +=
                w[t] * ReferenceTrial.power(reference.fluctuations[t][i], l) * Double(trial.noise[j, i])
                * ReferenceTrial.power(reference.rates[t][j], k)
            }
          }
        }
        expected.append(sum)
      }
    }
    let worst = relativeError([seen], [expected])
    #expect(worst <= 4 * tolerance(S.self), "worst error \(worst) for \(S.self)")
  }
}

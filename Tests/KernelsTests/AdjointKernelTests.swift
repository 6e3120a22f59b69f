import KernelCalls
import Kernels
import Testing

/// The adjoint of a trial and of the update, held against the forward tangents of the reference.
@Suite struct AdjointKernelTests {
  /// For L = <E, e(T)> + <zbar, z> and any U: s_p products_p + <Wbar, U_p> = <E, edot_p> + <zbar, zdot_p>, with
  /// edot and zdot from the loops of `ReferenceTrial`; at U = 0 the products stand alone.
  @Test(arguments: Shape.allCases, levels) func trialIsDualToTangents(_ shape: Shape, level: SIMDLevel) {
    for hasReadout in [false, true] {
      checkTrial(shape, level, hasReadout, Float.self)
      checkTrial(shape, level, hasReadout, Double.self)
    }
  }

  private func checkTrial<S: KernelScalar>(
    _ shape: Shape, _ level: SIMDLevel, _ hasReadout: Bool, _: S.Type
  ) {
    let trial = TrialCase<S>(shape)
    let firstRead = shape.steps / 2
    let adjoint = AdjointResult(trial, level, hasReadout: hasReadout, firstReadStep: firstRead)
    let reference = ReferenceTrial(trial)
    let traceAdjoint = adjoint.traceAdjoint.values
    let weightAdjoint = adjoint.weightAdjoint.values
    let scales = trial.scales.values[0]
    var seen: [[Double]] = [[], []]
    var expected: [[Double]] = [[], []]
    for p in 0..<shape.directions {
      let carried = Array(trial.carried.values[p * shape.units..<(p + 1) * shape.units])
      let product = scales[p] * Double(adjoint.products[0, p])
      seen[0].append(product)
      seen[1].append(product + innerProduct(weightAdjoint, carried))
      for (index, carried) in [nil, carried].enumerated() {
        let tangents = reference.tangents(trial, direction: p, carried: carried)
        var sum = innerProduct(traceAdjoint, tangents.trace)
        if hasReadout {
          for t in firstRead..<shape.steps {
            for o in 0..<shape.outputs {
              sum += Double(adjoint.outputAdjoint[0, t * shape.outputs + o]) * tangents.outputs[t][o]
            }
          }
        }
        expected[index].append(sum)
      }
    }
    let worst = max(
      relativeError([seen[0]], [expected[0]]), relativeError([seen[1]], [expected[1]]))
    // As for the tangents: the recursion amplifies roundings by the gain of the network over the trial.
    #expect(worst <= 20 * tolerance(S.self), "worst error \(worst) for \(S.self)")
    #expect(adjoint.weightAdjoint.paddingIsZero)
  }

  /// The derivative of L by a common factor of the kicks is <E, edot> + <zbar, zdot> for the tangents that the kicks
  /// themselves drive; all else stays as it is to the bit.
  @Test(arguments: Shape.allCases, levels) func kicksAreDualToTangents(_ shape: Shape, level: SIMDLevel) {
    checkKicks(shape, level, Float.self)
    checkKicks(shape, level, Double.self)
  }

  private func checkKicks<S: KernelScalar>(_ shape: Shape, _ level: SIMDLevel, _: S.Type) {
    let trial = TrialCase<S>(shape)
    let plain = AdjointResult(trial, level, hasReadout: true, firstReadStep: 0)
    let adjoint = AdjointResult(trial, level, hasReadout: true, firstReadStep: 0, kicks: trial.drive)
    #expect(adjoint.weightAdjoint.bits == plain.weightAdjoint.bits)
    #expect(adjoint.products.bits == plain.products.bits)
    let tangents = ReferenceTrial(trial).tangents(
      trial, direction: nil, carried: nil, kicks: trial.drive.values)
    var expected = innerProduct(adjoint.traceAdjoint.values, tangents.trace)
    // Terms of both signs cancel: the error is relative to their size.
    var size = zip(adjoint.traceAdjoint.values.joined(), tangents.trace.joined()).reduce(0) {
      $0 + ($1.0 * $1.1) * ($1.0 * $1.1)
    }
    for t in 0..<shape.steps {
      for o in 0..<shape.outputs {
        let term = Double(adjoint.outputAdjoint[0, t * shape.outputs + o]) * tangents.outputs[t][o]
        expected += term
        size += term * term
      }
    }
    let error = abs(Double(adjoint.kickProduct[0, 0]) - expected) / max(size.squareRoot(), 1e-300)
    #expect(error <= 20 * tolerance(S.self), "error \(error) for \(S.self)")
    if shape.steps == 1 { #expect(adjoint.kickProduct[0, 0] == 0) }
  }

  private func innerProduct(_ a: [[Double]], _ b: [[Double]]) -> Double {
    zip(a.joined(), b.joined()).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// Both results are added to what the buffers hold.
  @Test(arguments: levels) func resultsAccumulate(_ level: SIMDLevel) {
    let trial = TrialCase<Double>(Shape(units: 19, steps: 35, degree: 2, outputs: 1))
    let once = AdjointResult(trial, level, hasReadout: true, firstReadStep: 30)
    let twice = AdjointResult(trial, level, hasReadout: true, firstReadStep: 30, runs: 2)
    let doubled = once.weightAdjoint.values.map { $0.map { 2 * $0 } }
    #expect(relativeError(twice.weightAdjoint.values, doubled) < 1e-14)
    let products = once.products.values.map { $0.map { 2 * $0 } }
    #expect(relativeError(twice.products.values, products) < 1e-14)
  }

  @Test(.enabled(if: SIMDLevel.highest == .v4, "needs a CPU with AVX-512"), arguments: Shape.allCases)
  func fusedLevelsAgreeToTheBit(_ shape: Shape) {
    checkAgreement(TrialCase<Float>(shape))
    checkAgreement(TrialCase<Double>(shape))
  }

  private func checkAgreement<S: KernelScalar>(_ trial: TrialCase<S>) {
    let a = AdjointResult(trial, .v3, hasReadout: true, firstReadStep: 0, kicks: trial.drive)
    let b = AdjointResult(trial, .v4, hasReadout: true, firstReadStep: 0, kicks: trial.drive)
    #expect(a.kickProduct[0, 0] == b.kickProduct[0, 0])
    #expect(a.weightAdjoint.bits == b.weightAdjoint.bits)
    #expect(a.products.bits == b.products.bits)
  }

  @Test(arguments: Shape.allCases, levels) func updateIsReversed(_ shape: Shape, level: SIMDLevel) {
    for (carry, hasNoise) in [(true, true), (false, true), (true, false)] {
      checkUpdate(shape, level, carry, hasNoise, Float.self)
      checkUpdate(shape, level, carry, hasNoise, Double.self)
    }
  }

  private func checkUpdate<S: KernelScalar>(
    _ shape: Shape, _ level: SIMDLevel, _ carry: Bool, _ hasNoise: Bool, _: S.Type
  ) {
    let n = shape.units
    let trial = TrialCase<S>(shape)
    let trace = Buffer<S>(rows: n, columns: n)
    trace.poison()
    let weightAdjoint = Buffer<S>(rows: n, columns: n)
    let traceAdjoint = Buffer<S>(rows: n, columns: n)
    traceAdjoint.poison()
    for j in 0..<n {
      for i in 0..<n {
        trace[j, i] = trial.carried[j, i]
        weightAdjoint[j, i] = trial.carried[j, i] * 3 - trial.weights[j, i]
      }
      for i in n..<shape.ld { trial.noise.pointer[j * shape.ld + i] = 1 }
    }
    let before = weightAdjoint.values
    let open = TrialResult<S>.gate(shape)
    let success = Buffer<S>(rows: 1, columns: 1)
    let (factor, gain, eta, growth, slope) = (S(0.25), S(0.7), S(0.4), S(0.02), S(0.05))
    S.kernels(level).adjointUpdate(
      AdjointUpdateCall(
        units: n, ld: shape.ld, carry: carry, weightAdjoint: weightAdjoint.pointer,
        noise: hasNoise ? UnsafePointer(trial.noise.pointer) : nil, noiseFactor: factor,
        trace: trace.pointer, weights: trial.weights.pointer, open: open.pointer, gain: gain, eta: eta,
        growth: growth, growthSlope: slope, traceAdjoint: traceAdjoint.pointer,
        successAdjoint: success.pointer))
    var weights = before
    var traces = before
    var sum = 0.0
    for j in 0..<n {
      for i in 0..<n {
        let b = before[j][i] + (hasNoise ? Double(factor) * Double(trial.noise[j, i]) : 0)
        let a = open[j, i] == 0 ? 0 : b
        sum += a * (Double(eta) * Double(trace[j, i]) - Double(slope) * Double(trial.weights[j, i]))
        traces[j][i] = Double(gain) * a
        weights[j][i] = (carry ? b : 0) - Double(growth) * a
      }
    }
    let worst = max(
      relativeError(weightAdjoint.values, weights), relativeError(traceAdjoint.values, traces),
      relativeError(success.values, [[sum]]))
    #expect(worst <= 4 * tolerance(S.self), "worst error \(worst) for \(S.self)")
    #expect(weightAdjoint.paddingIsZero && traceAdjoint.paddingIsZero)
  }
}

/// What the adjoint kernel of one level makes of random adjoints of e(T) and z.
final class AdjointResult<S: KernelScalar> {
  let traceAdjoint: Buffer<S>
  let outputAdjoint: Buffer<S>
  let weightAdjoint: Buffer<S>
  let products: Buffer<S>
  /// NaN where no kicks were given.
  let kickProduct: Buffer<S>

  init(
    _ trial: TrialCase<S>, _ level: SIMDLevel, hasReadout: Bool, firstReadStep: Int, runs: Int = 1,
    kicks: Buffer<S>? = nil
  ) {
    let shape = trial.shape
    traceAdjoint = Buffer(rows: shape.units, columns: shape.units)
    outputAdjoint = Buffer(rows: 1, columns: shape.steps * shape.outputs)
    weightAdjoint = Buffer(rows: shape.units, columns: shape.units)
    products = Buffer(rows: 1, columns: shape.directions)
    kickProduct = Buffer(rows: 1, columns: 1)
    kickProduct.poison()
    var stream = RandomStream(seed: 77, purpose: 9001, lifetime: UInt32(shape.units))
    for j in 0..<shape.units {
      for i in 0..<shape.units { traceAdjoint[j, i] = S(stream.normal()) }
    }
    for n in 0..<shape.steps * shape.outputs { outputAdjoint[0, n] = S(stream.normal()) }
    let result = TrialResult(trial, level)
    for _ in 0..<runs {
      trial.scratch.poison()
      var call = AdjointCall(
        units: shape.units, ld: shape.ld, steps: shape.steps, degree: shape.degree,
        outputs: shape.outputs, weights: trial.weights.pointer, rates: result.rates.pointer,
        fluctuations: result.fluctuations.pointer, coefficients: trial.coefficients.pointer,
        stepWeights: trial.stepWeights.pointer, leak: trial.leak, leakBar: trial.leakBar,
        traceAdjoint: traceAdjoint.pointer, readout: trial.readout.pointer, firstReadStep: firstReadStep,
        outputAdjoint: hasReadout ? UnsafePointer(outputAdjoint.pointer) : nil,
        weightAdjoint: weightAdjoint.pointer, products: products.pointer,
        scratch: trial.scratch.pointer)
      if let kicks {
        call.kicks = UnsafePointer(kicks.pointer)
        call.kickProduct = kickProduct.pointer
      }
      S.kernels(level).adjoint(call)
    }
  }
}

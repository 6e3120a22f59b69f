import KernelCalls
import Kernels
import Testing

/// Primal, eligibility and tangents against the loops of `ReferenceTrial`, at every level and in both types.
@Suite struct TrialKernelTests {
  @Test(arguments: Shape.allCases, levels) func primal(_ shape: Shape, level: SIMDLevel) {
    checkPrimal(shape, level, Float.self)
    checkPrimal(shape, level, Double.self)
  }

  private func checkPrimal<S: KernelScalar>(_ shape: Shape, _ level: SIMDLevel, _: S.Type) {
    let trial = TrialCase<S>(shape)
    let result = TrialResult(trial, level)
    let reference = ReferenceTrial(trial)
    #expect(result.isInside)
    let worst = max(
      relativeError(result.rates.values, reference.rates),
      relativeError(result.fluctuations.values, reference.fluctuations))
    #expect(worst <= tolerance(S.self), "worst error \(worst) for \(S.self)")
    #expect(result.rates.paddingIsZero && result.fluctuations.paddingIsZero)
  }

  /// Networks side by side give what each gives alone, to the bit, and only the one that leaves the bound is told so.
  @Test(arguments: Shape.allCases, levels) func primals(_ shape: Shape, level: SIMDLevel) {
    checkPrimals(shape, level, Float.self)
    checkPrimals(shape, level, Double.self)
  }

  private func checkPrimals<S: KernelScalar>(_ shape: Shape, _ level: SIMDLevel, _: S.Type) {
    let trials = (1...5).map { TrialCase<S>(shape, seed: $0) }
    trials[3].initial[0, 0] = 100
    let alone = trials.map { TrialResult($0, level, bound: 50) }
    for count in 1...5 {
      let together = TrialResult.sideBySide(Array(trials.prefix(count)), level, bound: 50)
      for (one, other) in zip(together, alone) {
        #expect(one.isInside == other.isInside)
        #expect(one.rates.values == other.rates.values)
        #expect(one.fluctuations.values == other.fluctuations.values)
      }
      #expect(together.map(\.isInside) == (0..<count).map { $0 != 3 })
    }
  }

  @Test(arguments: Shape.allCases, levels) func eligibility(_ shape: Shape, level: SIMDLevel) {
    checkEligibility(shape, level, Float.self)
    checkEligibility(shape, level, Double.self)
  }

  private func checkEligibility<S: KernelScalar>(_ shape: Shape, _ level: SIMDLevel, _: S.Type) {
    let trial = TrialCase<S>(shape)
    let result = TrialResult(trial, level)
    let trace = result.trace(trial, level)
    let reference = ReferenceTrial(trial).trace(
      coefficients: trial.coefficients.values[0], stepWeights: trial.stepWeights.values[0])
    let worst = relativeError(trace.values, reference)
    #expect(worst <= 4 * tolerance(S.self), "worst error \(worst) for \(S.self)")
  }

  @Test(arguments: Shape.allCases, levels) func tangents(_ shape: Shape, level: SIMDLevel) {
    for isCarried in [false, true] {
      checkTangents(shape, level, isCarried, Float.self)
      checkTangents(shape, level, isCarried, Double.self)
    }
  }

  private func checkTangents<S: KernelScalar>(
    _ shape: Shape, _ level: SIMDLevel, _ isCarried: Bool, _: S.Type
  ) {
    let trial = TrialCase<S>(shape)
    let result = TrialResult(trial, level)
    let firstRead = shape.steps / 2
    let tangents = result.tangents(trial, level, carried: isCarried, firstReadStep: firstRead)
    let reference = ReferenceTrial(trial)
    var worst = 0.0
    for p in 0..<shape.directions {
      let rows = p * shape.units..<(p + 1) * shape.units
      let carried = isCarried ? Array(trial.carried.values[rows]) : nil
      let expected = reference.tangents(trial, direction: p, carried: carried)
      let trace = Array(tangents.trace.values[rows])
      worst = max(worst, relativeError(trace, expected.trace))
      for t in firstRead..<shape.steps {
        for o in 0..<shape.outputs {
          let seen = Double(tangents.outputs[0, (p * shape.steps + t) * shape.outputs + o])
          let scale = expected.outputs.joined().map { abs($0) }.max() ?? 0
          worst = max(worst, abs(seen - expected.outputs[t][o]) / max(scale, 1e-3))
        }
      }
    }
    // The recursion amplifies the roundings of the trajectory by the gain of the network over the trial.
    #expect(worst <= 20 * tolerance(S.self), "worst error \(worst) for \(S.self)")
  }

  @Test func boundIsSeen() {
    let shape = Shape(units: 5, steps: 4, degree: 1, outputs: 1)
    for level in levels {
      for value: Float in [.nan, .infinity, -.infinity, 2e6] {
        for step in 0..<shape.steps {
          let trial = TrialCase<Float>(shape)
          trial.drive[step, 3] = value
          // The drive of the last step reaches x_T only, which enters nothing.
          #expect(TrialResult(trial, level).isInside == (step == shape.steps - 1), "\(value) at \(step)")
        }
      }
    }
  }

  @Test func directionSlicesGiveTheSameBits() {
    for shape in [
      Shape(units: 7, steps: 13, degree: 2, outputs: 2), Shape(units: 33, steps: 37, degree: 3, outputs: 1),
    ] {
      for level in levels {
        checkSlices(shape, level, Float.self)
        checkSlices(shape, level, Double.self)
      }
    }
  }

  private func checkSlices<S: KernelScalar>(_ shape: Shape, _ level: SIMDLevel, _: S.Type) {
    let trial = TrialCase<S>(shape)
    let result = TrialResult(trial, level)
    let whole = result.tangents(trial, level, carried: true, firstReadStep: 0)
    for (first, count) in [(0, 1), (0, 4), (1, 5), (2, 7), (shape.directions - 1, 1), (3, 0)] {
      let part = result.tangents(trial, level, carried: true, firstReadStep: 0, first: first, count: count)
      for q in 0..<count {
        for j in 0..<shape.units {
          for i in 0..<shape.units {
            #expect(
              part.trace[q * shape.units + j, i] == whole.trace[(first + q) * shape.units + j, i],
              "direction \(first + q) of slice \(first)+\(count) at \(level)")
          }
        }
        let size = shape.steps * shape.outputs
        for n in 0..<size {
          #expect(part.outputs[0, q * size + n] == whole.outputs[0, (first + q) * size + n])
        }
      }
    }
  }

  @Test(.enabled(if: SIMDLevel.highest == .v4, "needs a CPU with AVX-512"), arguments: Shape.allCases)
  func fusedLevelsAgreeToTheBit(_ shape: Shape) {
    checkAgreement(shape, Float.self)
    checkAgreement(shape, Double.self)
  }

  private func checkAgreement<S: KernelScalar>(_ shape: Shape, _: S.Type) {
    let trial = TrialCase<S>(shape)
    let a = TrialResult(trial, .v3)
    let b = TrialResult(trial, .v4)
    #expect(a.rates.bits == b.rates.bits)
    #expect(a.fluctuations.bits == b.fluctuations.bits)
    #expect(a.trace(trial, .v3).values == b.trace(trial, .v4).values)
    let left = a.tangents(trial, .v3, carried: true, firstReadStep: 0)
    let right = b.tangents(trial, .v4, carried: true, firstReadStep: 0)
    #expect(left.trace.values == right.trace.values)
    #expect(left.outputs.values == right.outputs.values)
    #expect(a.score(trial, .v3) == b.score(trial, .v4))
  }
}

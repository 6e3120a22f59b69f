import Foundation
import KernelCalls
import Kernels
import Testing

/// r = f(x) of every nonlinearity, and its slope as tangents and adjoints use it.
@Suite struct RateFunctionTests {
  private func rate(_ function: RateFunction, _ x: Double) -> Double {
    switch function {
    case .tanh: tanh(x)
    case .rectifiedTanh: max(0, tanh(x))
    case .sigmoid: 1 / (1 + exp(-x))
    case .thresholdLinear: min(max(x + 2, 0), 20)
    }
  }

  private func slope(_ function: RateFunction, _ x: Double) -> Double {
    switch function {
    case .tanh: 1 - tanh(x) * tanh(x)
    case .rectifiedTanh: x > 0 ? 1 - tanh(x) * tanh(x) : 0
    case .sigmoid: rate(.sigmoid, x) * (1 - rate(.sigmoid, x))
    case .thresholdLinear: x > -2 && x < 18 ? 1 : 0
    }
  }

  private let states = [-1e30, -40, -5, -1, -1e-3, -1e-30, 0, 1e-30, 1e-3, 0.3, 1, 5, 40, 1e30]

  /// 4 ulp of 1, or of r: the error of tanh, and one rounding.
  @Test(arguments: RateFunction.allCases, levels)
  func ratesAreTheFunction(function: RateFunction, level: SIMDLevel) {
    check(Float.self)
    check(Double.self)
    func check<S: KernelScalar>(_: S.Type) {
      let rates = primal(function, level, S.self)
      for (x, r) in zip(states, rates) {
        let wanted = rate(function, Double(S(x)))
        #expect(abs(Double(r) - wanted) <= 4 * Double(S.ulpOfOne) * max(1, wanted), "f(\(x)) = \(r)")
        if function == .rectifiedTanh, x <= 0 { #expect(r == 0 && r.sign == .plus) }
      }
    }
  }

  /// One step of a network without recurrent weights and directions that carry U: zdot_1 = Wout f'(x_1) leak U r_0.
  @Test(arguments: RateFunction.allCases, levels)
  func tangentsUseTheSlope(function: RateFunction, level: SIMDLevel) {
    let n = states.count
    let ld = paddedCount(n)
    let weights = Buffer<Double>(rows: n, columns: n)
    let carried = Buffer<Double>(rows: n, columns: n)
    let initial = Buffer<Double>(rows: 1, columns: n)
    let drive = Buffer<Double>(rows: 2, columns: n)
    let rates = Buffer<Double>(rows: 2, columns: n)
    let fluctuations = Buffer<Double>(rows: 2, columns: n)
    let readout = Buffer<Double>(rows: n, columns: n)
    let trace = Buffer<Double>(rows: n, columns: n)
    let outputs = Buffer<Double>(rows: 1, columns: 2 * n)
    let ones = Buffer<Double>(rows: 1, columns: 2)
    let kernels = Double.kernels(level)
    let scratch = Buffer<Double>(rows: 1, columns: kernels.scratchCount(n, 2, 0, 1))
    for i in 0..<n {
      initial[0, i] = 0.5
      // x_1 = x_0 (1 - leak) + drive.
      drive[0, i] = min(max(states[i], -100), 100) - 0.25
      carried[i, i] = 1
      readout[i, i] = 1
    }
    var primal = PrimalCall(
      units: n, ld: ld, steps: 2, weights: weights.pointer, initial: initial.pointer, drive: drive.pointer,
      leak: 0.5, leakBar: 0.5, bound: 1e6, rates: rates.pointer, fluctuations: fluctuations.pointer,
      scratch: scratch.pointer)
    primal.rateFunction = function
    #expect(kernels.primal(primal))
    withUnsafePointer(to: 0) { term in
      var call = TangentCall(
        units: n, ld: ld, steps: 2, degree: 0, outputs: n, directions: 1, terms: term,
        weights: weights.pointer, rates: rates.pointer, fluctuations: fluctuations.pointer,
        coefficients: ones.pointer, scales: ones.pointer, stepWeights: ones.pointer, leak: 0.5, leakBar: 0.5,
        carried: UnsafePointer(carried.pointer), readout: readout.pointer, firstReadStep: 0,
        traceTangents: trace.pointer, outputTangents: outputs.pointer, scratch: scratch.pointer)
      call.rateFunction = function
      kernels.tangents(call)
    }
    for i in 0..<n {
      let x = 0.25 + drive[0, i]
      let wanted = slope(function, x) * 0.5 * rate(function, 0.5)
      #expect(abs(outputs[0, n + i] - wanted) <= 4e-15, "slope at \(x)")
    }
  }

  private func primal<S: KernelScalar>(_ function: RateFunction, _ level: SIMDLevel, _: S.Type) -> [S] {
    let n = states.count
    let weights = Buffer<S>(rows: n, columns: n)
    let initial = Buffer<S>(rows: 1, columns: n)
    let row = Buffer<S>(rows: 1, columns: n)
    let rates = Buffer<S>(rows: 1, columns: n)
    let fluctuations = Buffer<S>(rows: 1, columns: n)
    let scratch = Buffer<S>(rows: 1, columns: S.kernels(level).scratchCount(n, 1, 0, 0))
    for (i, x) in states.enumerated() { initial[0, i] = S(x) }
    var call = PrimalCall(
      units: n, ld: paddedCount(n), steps: 1, weights: weights.pointer, initial: initial.pointer,
      drive: row.pointer, leak: 0.5, leakBar: 0.5, bound: 1e35, rates: rates.pointer,
      fluctuations: fluctuations.pointer, scratch: scratch.pointer)
    call.rateFunction = function
    #expect(S.kernels(level).primal(call))
    return (0..<n).map { rates[0, $0] }
  }
}

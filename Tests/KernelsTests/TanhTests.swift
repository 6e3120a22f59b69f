import Foundation
import Kernels
import Testing

@Suite struct TanhTests {
  @Test(arguments: levels) func errorIsAFewUlps(_ level: SIMDLevel) {
    // Sizes from 1e-6 to beyond saturation, evenly in the logarithm, and the crossing of n = 0 to n = 1.
    let magnitudes = (0..<40_000).map { exp(-14 + 17.5 * Double($0) / 40_000) }
    var worstFloat = 0.0
    for (x, y) in evaluated(magnitudes.map { Float($0) }, level) {
      let exact = Foundation.tanh(Double(x))
      worstFloat = max(worstFloat, abs(Double(y) - exact) / Double(Float(exact).ulp))
    }
    #expect(worstFloat < 4, "worst error \(worstFloat) ulp of Float")
    var worstDouble = 0.0
    for (x, y) in evaluated(magnitudes, level) {
      let exact = Foundation.tanh(x)
      worstDouble = max(worstDouble, abs(y - exact) / exact)
    }
    #expect(worstDouble < 1e-15, "worst relative error \(worstDouble) of Double")
  }

  @Test(arguments: levels) func specialValues(_ level: SIMDLevel) {
    check(Float.self)
    check(Double.self)
    func check<S: KernelScalar>(_: S.Type) {
      let inputs: [S] = [
        0, 1e-30, 0.1, 0.3466, 0.5, 3, 9, 30, 1000, .greatestFiniteMagnitude, .infinity,
        .leastNormalMagnitude,
      ]
      let positive = evaluated(inputs, level)
      let negative = evaluated(inputs.map { -$0 }, level)
      for ((x, y), (_, z)) in zip(positive, negative) {
        #expect(z == -y && z.sign == .minus && y.sign == .plus, "tanh is odd at \(x)")
        #expect(y <= 1)
        if x >= 30 { #expect(y == 1) }
        if x < 1e-20 { #expect(abs(y - x) <= x.ulp) }
      }
      #expect(evaluated([S.nan, 1], level)[0].1.isNaN)
    }
  }

  private func evaluated<S: KernelScalar>(_ inputs: [S], _ level: SIMDLevel) -> [(S, S)] {
    let buffer = Buffer<S>(rows: 1, columns: inputs.count)
    let output = Buffer<S>(rows: 1, columns: inputs.count)
    for (place, x) in inputs.enumerated() { buffer[0, place] = x }
    S.kernels(level).tanh(buffer.pointer, output.pointer, buffer.ld)
    return inputs.indices.map { (inputs[$0], output[0, $0]) }
  }
}

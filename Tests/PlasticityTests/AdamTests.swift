import Foundation
import Testing

@testable import Plasticity

@Suite struct AdamTests {
  /// Against the moments written as sums over the past. 1e-13: some fifty terms of rounding 1e-16 each.
  @Test func followsItsDefinition() {
    let gradients = (0..<60).map { t in [sin(Double(t)), 1e3 * cos(0.3 * Double(t)), 0, 1e-9 * Double(t % 3)]
    }
    var adam = Adam(count: 4)
    var parameters = [1.0, -2, 3, 0]
    var expected = parameters
    for t in gradients.indices {
      let rate = 0.1 / Double(t + 1)
      adam.ascend(&parameters, gradient: gradients[t], rate: rate)
      for i in 0..<4 {
        let m = (0...t).reduce(0) { $0 + 0.1 * pow(0.9, Double(t - $1)) * gradients[$1][i] }
        let v = (0...t).reduce(0) {
          $0 + 0.01 * pow(0.99, Double(t - $1)) * gradients[$1][i] * gradients[$1][i]
        }
        let mhat = m / (1 - pow(0.9, Double(t + 1)))
        let vhat = v / (1 - pow(0.99, Double(t + 1)))
        expected[i] += rate * mhat / (sqrt(vhat) + 1e-8)
      }
      let worst = zip(parameters, expected).map { abs($0 - $1) }.max()!
      #expect(worst <= 1e-13, "step \(t + 1): off by \(worst)")
    }
    #expect(adam.steps == 60)
    #expect(parameters[2] == 3)
  }

  /// A first step is the rate, whatever the gradient's size.
  @Test(arguments: [1e-3, 1, 1e6])
  func firstStepIsTheRate(size: Double) {
    var adam = Adam(count: 2)
    var parameters = [0.0, 0]
    adam.ascend(&parameters, gradient: [size, -size], rate: 0.25)
    #expect(abs(parameters[0] - 0.25) <= 0.25 * 1e-8 / size + 1e-15 && parameters[1] == -parameters[0])
  }

  @Test func resetForgets() {
    var adam = Adam(count: 1)
    var parameters = [0.0]
    for _ in 0..<5 { adam.ascend(&parameters, gradient: [2], rate: 1) }
    adam.reset()
    #expect(adam == Adam(count: 1))
  }
}

import Kernels
import Model
import Tasks
import Testing

@testable import Plasticity

@Suite struct CalibrationTests {
  private let task = NoiseTask(inputs: 2, outputs: 1, steps: 12, conditions: 2)
  private let method = Method(units: 14, trials: 30, reward: .absolute, weightNoise: 0.01)

  private func scales(_ method: Method, _ constants: LocalConstants = LocalConstants(), degree: Int = 3)
    -> [Double]
  {
    Calibration.scales(
      task: task, method: method, constants: constants, shape: RuleShape(degree: degree), level: .highest)
  }

  /// Times its scale, every monomial's end-of-trial trace has rms 1 over the synapses of the calibration networks: the
  /// reference's direct term says so.
  @Test(arguments: [400, Double.infinity])
  func normalisesToRmsOne(tauE: Double) {
    let constants = LocalConstants([.tauE: tauE, .probability: 0.05])
    let degree = 3
    let scale = scales(method, constants, degree: degree)
    var squares = Array(repeating: 0.0, count: 16)
    var one = method
    one.trials = 1
    let rule = Rule(degree: degree, theta: Array(repeating: 0, count: 16), scale: scale, constants: constants)
    for index in 0..<Calibration.networks {
      let address = LifetimeAddress(seed: 0, domain: .calibration, index: UInt32(index))
      let inputs = task.inputs(address, method: one, constants: constants)
      let trial = ReferenceTrial(inputs, inputs.trials[0], method: one, rule: rule, weights: inputs.weights)
      for p in 0..<16 { squares[p] += trial.direct[p].reduce(0) { $0 + $1 * $1 } }
    }
    for p in 0..<16 {
      let rms = (squares[p] / Double(Calibration.networks * 14 * 14)).squareRoot()
      #expect(abs(rms - 1) <= 1e-12, "monomial \(p): rms \(rms)")
    }
  }

  /// s belongs to (k, l), not to the degree around it.
  @Test func doesNotDependOnTheDegree() {
    let five = scales(method, degree: 5)
    for degree in 0...4 {
      let expected = (0...degree).flatMap { k in (0...degree).map { l in five[k * 6 + l] } }
      #expect(scales(method, degree: degree) == expected)
    }
  }

  /// Neither do trials, weight noise, reward and horizon, nor what only the update uses.
  @Test func dependsOnTheTraceAlone() {
    let expected = scales(method)
    var other = method
    other.trials = 3
    other.weightNoise = 0
    other.reward = .binary
    other.horizon = nil
    #expect(
      scales(
        other,
        LocalConstants([.eta: 7, .clip: 1, .baselineRate: 0.1, .gate: -1, .growth0: 3, .traceMean: 0.2]))
        == expected)
    other.gain = 0.5
    #expect(scales(other) != expected)
    #expect(scales(method, LocalConstants([.tauBar: 40])) != expected)
    #expect(scales(method, LocalConstants([.amplitude: 1])) != expected)
  }

  /// A silent network has no fluctuation: monomials of delta or r are 0 and keep s = 1; k = l = 0 is a constant.
  @Test func silenceKeepsScaleOne() {
    var silent = method
    silent.initialScale = 0
    silent.inputScale = 0
    silent.kicks = .none
    let constants = LocalConstants([.tauE: .infinity])
    #expect(scales(silent, constants, degree: 2) == [1 / (12 * 15)] + Array(repeating: 1, count: 8))
  }
}

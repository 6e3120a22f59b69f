import Foundation
import KernelCalls
import Kernels
import Model
import Tasks

/// The units of theta: s_kl = 1 / rms of the monomial's end-of-trial trace.
///
/// The rms is over all synapses that exist in 20 networks that serve nothing else, one trial each, with kicks and
/// without plasticity; s is 1 where the trace is 0 or not finite. It does not depend on the seed or the degree, and is always
/// measured in Double.
public enum Calibration {
  public static let networks = 20

  /// s for every (k, l, m) up to the degrees.
  public static func scales(
    task: any LearningTask, method: Method, constants: LocalConstants, degree: Int, weightDegree: Int = 0,
    level: SIMDLevel
  ) -> [Double] {
    let count = Rule.count(degree: degree, weightDegree: weightDegree)
    var method = method
    method.trials = 1
    method.weightNoise = 0
    // s belongs to e itself: at a first visit, without updates, no mechanism changes anything but e.
    let constants = Mechanisms.off(in: constants)
    let rule = Rule(degree: degree, theta: Array(repeating: 0, count: count), constants: constants)
    let meter = TraceMeter(task: task, method: method, rule: rule, level: level)
    var squares = Array(repeating: 0.0, count: count)
    var synapses = 0
    // One direction at a time keeps memory at N^2 whatever the degree.
    for p in 0..<count {
      for index in 0..<networks {
        let address = LifetimeAddress(seed: 0, domain: .calibration, index: UInt32(index))
        squares[p] += meter.square(address, direction: p)
        if p == 0 { synapses += meter.synapses }
      }
    }
    return squares.map { square in
      let rms = (square / Double(synapses)).squareRoot()
      return rms.isFinite && rms > 0 ? 1 / rms : 1
    }
  }
}

/// Sums of squared monomial traces of one trial: the direct term of the tangents of a silent rule.
private final class TraceMeter {
  private let lifetime: Lifetime<ThreeFactor<Double>, ForwardGradient<Double>>
  private let rule: Rule

  init(task: any LearningTask, method: Method, rule: Rule, level: SIMDLevel) {
    let state = LifetimeState(method: method, task: task, kernels: Double.kernels(level))
    lifetime = Lifetime(state, ThreeFactor(state), ForwardGradient(state))
    self.rule = rule
  }

  func square(_ address: LifetimeAddress, direction p: Int) -> Double {
    _ = lifetime.run(
      address, rule: rule, request: LifetimeRequest(estimators: [.pathwise], directions: p..<p + 1),
      record: nil)
    return lifetime.gradient.traceSquares(in: lifetime.loop.state.network)
  }

  /// Of the network seen last.
  var synapses: Int {
    lifetime.loop.state.network.count(units: lifetime.loop.state.method.units)
  }
}

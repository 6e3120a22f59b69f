import Foundation
import KernelCalls
import Kernels
import Model
import Tasks

/// The units of theta: s_kl = 1 / rms of the monomial's end-of-trial trace.
///
/// The rms is over all synapses that exist in 20 networks that serve nothing else, one trial each, with kicks and
/// without plasticity: the recurrent ones, or those of the layer that a coefficient is of; s is 1 where the trace is 0 or not finite. It does not depend on the seed or the degree, and is always
/// measured in Double.
public enum Calibration {
  public static let networks = 20

  /// s for every (k, l, m) up to the degrees, and for every layer that has its own.
  public static func scales(
    task: any LearningTask, method: Method, constants: LocalConstants, shape: RuleShape, level: SIMDLevel
  ) -> [Double] {
    let count = shape.coefficients
    var method = method
    method.trials = 1
    method.weightNoise = 0
    // s belongs to e itself: at a first visit, without updates, no mechanism changes anything but e.
    let constants = Mechanisms.off(in: constants).replacing([.inputRate: 1, .readoutRate: 1])
    // Where layers share theta, s is that of the recurrent synapses, whichever learn.
    if shape.layers.isEmpty { method.plastic = [.recurrent] }
    let rule = Rule(
      degree: shape.degree, theta: Array(repeating: 0, count: count), constants: constants,
      layers: shape.layers)
    let meter = TraceMeter(task: task, method: method, rule: rule, level: level)
    var squares = Array(repeating: 0.0, count: count)
    var synapses: [Layer: Int] = [:]
    // One direction at a time keeps memory at N^2 whatever the degree.
    for p in 0..<count {
      for index in 0..<networks {
        let address = LifetimeAddress(seed: 0, domain: .calibration, index: UInt32(index))
        let layer = shape.term(p).layer ?? .recurrent
        squares[p] += meter.square(address, direction: p, layer)
        if p == shape.range(of: layer).lowerBound { synapses[layer, default: 0] += meter.synapses(layer) }
      }
    }
    return squares.enumerated().map { p, square in
      let rms = (square / Double(synapses[shape.term(p).layer ?? .recurrent]!)).squareRoot()
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

  func square(_ address: LifetimeAddress, direction p: Int, _ layer: Layer) -> Double {
    _ = lifetime.run(
      address, rule: rule, request: LifetimeRequest(estimators: [.pathwise], directions: p..<p + 1),
      record: nil)
    let state = lifetime.loop.state
    return lifetime.gradient.traceSquares(in: state.network, layer: state.rows.range(of: layer))
  }

  /// Of the network seen last.
  func synapses(_ layer: Layer) -> Int {
    let state = lifetime.loop.state
    guard layer != .recurrent else { return state.network.count(units: state.method.units) }
    return state.rows.range(of: layer).count * state.method.units
  }
}

import Foundation
import Kernels

/// The published example of RFLO (Murray, eLife 8:e43299, 2019; repository murray-lab/rflo-learning): a check of the
/// dense-error references against outside numbers, 1.52e-4 for RFLO and 2.32e-4 for BPTT, one run each.
///
/// Compared with the notebook line by line: sizes, target, initial state and weights, rates, loss and RFLO's rule are
/// the same, and its slope, 1 / cosh^2(10 tanh(u/10)), is tanh' to 1 % for |u| < 1.2. What differs is the draw: of 40
/// networks that an independent program trained by RFLO with the notebook's own slope, the median ended at 8.3e-4, the
/// quartiles at 6.0e-4 and 1.4e-3, the best at 1.75e-4; the published run, without a seed, is as lucky as the best. Its
/// backward pass is no gradient: it counts the error of every step as that of the step before, and the last one twice
/// (`publishedBPTT`); `bptt` is exact.
///
/// Here the non-linearity is inside the leak, unlike in METHOD's network:
///
///     u(t+1) = W h(t);  h(t+1) = h(t) + (-h(t) + tanh u(t+1)) / tau;  y = Wout h
///     p_ab(t+1) = (1 - 1/tau) p_ab(t) + tanh'(u_a(t+1)) h_b(t) / tau
///     dWout = eta/T sum err h^T;  dW = eta/T sum [B err]_a p_ab   at the end of a trial
///
/// N = 50, T = 100, tau = 10 steps, g = 1.5, h(0) = 0.1, Wout = 0.1 U(-1, 1) / sqrt(N), B = N(0, 1), eta 0.03, no input;
/// the target is sin + 0.5 sin(2.) + 0.25 sin(4.) of one period. The loss is half the mean squared error.
public struct RFLONotebook: Sendable, Equatable {
  public enum Learner: String, Sendable, CaseIterable {
    case rflo
    /// Its backward pass as published: the error of every step counts as that of the step before, the last one twice.
    case publishedBPTT = "bptt-as-published"
    /// The exact gradient.
    case bptt
  }

  public var units = 50
  public var steps = 100
  public var tau = 10.0
  public var gain = 1.5
  public var eta = 0.03

  public init() {}

  /// y of step t.
  public func target(_ t: Int) -> Double {
    let phase = 2 * Double.pi * Double(t) / Double(steps)
    return sin(phase) + 0.5 * sin(2 * phase) + 0.25 * sin(4 * phase)
  }

  /// The loss of every trial, before its update.
  public func run(_ learner: Learner, _ address: LifetimeAddress, trials: Int) -> [Double] {
    var state = State(self, address)
    return (0..<trials).map { _ in state.learn(learner) }
  }

  /// One network, row-major W.
  struct State {
    let model: RFLONotebook
    var weights: [Double]
    var readout: [Double]
    var feedback: [Double]
    /// h and tanh'(u), T x N.
    private var rates: [Double]
    private var slopes: [Double]
    private var errors: [Double]
    private var trace: [Double]
    private(set) var change: [Double]

    init(_ model: RFLONotebook, _ address: LifetimeAddress) {
      self.model = model
      let n = model.units
      let root = Double(n).squareRoot()
      var stream = address.stream(.weights)
      weights = (0..<n * n).map { _ in model.gain * Double(stream.normal()) / root }
      stream = address.stream(.readout)
      readout = (0..<n).map { _ in 0.1 * (2 * stream.uniform() - 1) / root }
      stream = address.stream(.feedback)
      feedback = (0..<n).map { _ in Double(stream.normal()) }
      rates = Array(repeating: 0.1, count: model.steps * n)
      slopes = Array(repeating: 1, count: model.steps * n)
      errors = (0..<model.steps).map { model.target($0) }
      trace = Array(repeating: 0, count: n * n)
      change = trace
    }

    /// One trial and its update.
    mutating func learn(_ learner: Learner) -> Double {
      let loss = runTrial()
      let n = model.units
      let factor = model.eta / Double(model.steps)
      credit(learner)
      var readoutChange = Array(repeating: 0.0, count: n)
      for t in 1..<model.steps {
        for i in 0..<n { readoutChange[i] += errors[t] * rates[t * n + i] }
      }
      for i in 0..<n { readout[i] += factor * readoutChange[i] }
      for s in 0..<n * n { weights[s] += factor * change[s] }
      return loss
    }

    /// Half the mean squared error; the first step counts with y = 0, as published.
    mutating func runTrial() -> Double {
      let n = model.units
      var loss = errors[0] * errors[0]
      for t in 1..<model.steps {
        var y = 0.0
        for i in 0..<n {
          var u = 0.0
          for j in 0..<n { u += weights[i * n + j] * rates[(t - 1) * n + j] }
          let r = tanh(u)
          let h = rates[(t - 1) * n + i]
          rates[t * n + i] = h + (r - h) / model.tau
          slopes[t * n + i] = 1 - r * r
          y += readout[i] * rates[t * n + i]
        }
        errors[t] = model.target(t) - y
        loss += errors[t] * errors[t]
      }
      return loss / Double(2 * model.steps)
    }

    /// `change` = the sum that eta/T multiplies; for BPTT minus the gradient of the summed half squares.
    mutating func credit(_ learner: Learner) {
      let n = model.units
      for s in 0..<n * n { change[s] = 0 }
      switch learner {
      case .rflo:
        for s in 0..<n * n { trace[s] = 0 }
        let kept = 1 - 1 / model.tau
        for t in 1..<model.steps {
          for a in 0..<n {
            let slope = slopes[t * n + a] / model.tau
            let signal = feedback[a] * errors[t]
            for b in 0..<n {
              let p = kept * trace[a * n + b] + slope * rates[(t - 1) * n + b]
              trace[a * n + b] = p
              change[a * n + b] += signal * p
            }
          }
        }
      case .bptt, .publishedBPTT:
        let delay = learner == .publishedBPTT ? 1 : 0
        var z = Array(repeating: 0.0, count: n)
        for t in stride(from: model.steps - 1, through: 1, by: -1) {
          let error = errors[min(t + delay, model.steps - 1)]
          for a in 0..<n { z[a] += readout[a] * error }
          var earlier = z.map { $0 * (1 - 1 / model.tau) }
          for a in 0..<n {
            let signal = z[a] * slopes[t * n + a] / model.tau
            for b in 0..<n {
              change[a * n + b] += signal * rates[(t - 1) * n + b]
              earlier[b] += signal * weights[a * n + b]
            }
          }
          z = earlier
        }
      }
    }
  }
}

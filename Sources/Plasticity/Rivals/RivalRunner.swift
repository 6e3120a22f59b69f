import Kernels
import Model
import Tasks

/// A rival as a rule of degree 0, so that everything that runs, learns, stores or evaluates rules also takes rivals.
///
/// theta_00 is the factor of eta (`standardGain`, so that eta means the same in a sweep as in `trifactor evaluate`) and
/// s_00 that of the trace: a rival's update is clip(eta theta_00 s_00 m e). theta_00 = 0 is no plasticity. Of the local
/// constants a rival has eta, clip, the baseline's rate and those of the exploration; the others have no effect.
extension RivalRule {
  /// - Parameters:
  ///   - gain: theta_00.
  ///   - scale: s_00, as `scale` measures it.
  public func rule(gain: Double, scale: Double, constants: LocalConstants) -> Rule {
    Rule(degree: 0, theta: [gain], scale: [scale], constants: constants)
  }

  /// 1 / rms of the trace over all synapses of the calibration networks, measured as `Calibration` does for monomials:
  /// 20 networks of their own, one trial each, no plasticity, in Double. 1 where that is 0 or not finite; sigma for
  /// weight perturbation, whose trace is N(0, 1) / sigma.
  public func scale(
    task: any LearningTask, method: Method, constants: LocalConstants, level: SIMDLevel
  ) -> Double {
    Calibration.scale(of: self, task: task, method: method, constants, level: level)
  }
}

extension LearningTask {
  /// The engine that runs lifetimes of a rival on this task; every rule given to it must be of the form of
  /// `RivalRule.rule`.
  ///
  /// It computes no gradients: what a request asks for beyond rewards and twins is left out.
  /// - Throws: `RivalError` where `constants`, those that lifetimes start from, leave the rival nothing to learn from.
  public func runner(
    _ rival: RivalRule, _ method: Method, constants: LocalConstants, double: Bool, level: SIMDLevel
  ) throws -> any LifetimeRunner {
    if let reason = rival.refusal(method: method, constants: constants, movingTarget: hasMovingTarget) {
      throw RivalError("learner \(rival.rawValue) \(reason)")
    }
    var method = method
    // A rival changes recurrent synapses, whatever learns in the rules it is compared with.
    method.plastic = [.recurrent]
    // As for rules, every scalar has a name here.
    let own = method
    let width = LifetimeWidth(units: own.units)
    if double {
      let kernels = Double.kernels(level)
      return NamedScalarRunner(own, width, primal: true) {
        let state = LifetimeState(method: own, task: self, kernels: kernels)
        return RivalLifetime(state, RivalSynapse(rival, state), NoGradient())
      }
    }
    let kernels = Float.kernels(level)
    return NamedScalarRunner(own, width, primal: true) {
      let state = LifetimeState(method: own, task: self, kernels: kernels)
      return RivalLifetime(state, RivalSynapse(rival, state), NoGradient())
    }
  }
}

extension LearningTask {
  /// B of RFLO in the lifetime at `address`, N x K, in Double.
  public func randomFeedback(_ address: LifetimeAddress, method: Method) -> [Double] {
    var traces = RivalTraces<Double>(method: method, task: self, kernels: Double.kernels(.baseline))
    traces.drawFeedback(address, method: method)
    return traces.feedback
  }
}

extension Calibration {
  /// See `RivalRule.scale`.
  static func scale(
    of rival: RivalRule, task: any LearningTask, method: Method, _ constants: LocalConstants, level: SIMDLevel
  ) -> Double {
    if rival == .weightPerturbation { return method.weightNoise }
    var method = method
    method.trials = 1
    method.plastic = [.recurrent]
    let state = LifetimeState(method: method, task: task, kernels: Double.kernels(level))
    let lifetimes = RivalLifetime(state, RivalSynapse(rival, state), NoGradient())
    let rule = rival.rule(gain: 0, scale: 1, constants: constants)
    let meter = TraceSquare<Double>()
    var sum = 0.0
    var synapses = 0
    for index in 0..<networks {
      meter.sum = .nan
      _ = lifetimes.run(
        LifetimeJob(LifetimeAddress(seed: 0, domain: .calibration, index: UInt32(index)), rule), meter)
      sum += meter.sum
      synapses += state.network.count(units: method.units)
    }
    let rms = (sum / Double(synapses)).squareRoot()
    return rms.isFinite && rms > 0 ? 1 / rms : 1
  }
}

/// Sum of e^2 over all synapses that exist in the last trial that ran.
final class TraceSquare<S: KernelScalar>: TrialObserver {
  var sum = Double.nan

  func traced(_ trial: EarnedTrial, _ state: LifetimeState<S>) {
    sum = 0
    let ld = state.primal.ld
    let existing = state.network.existingPointer
    for j in 0..<state.method.units {
      for i in 0..<state.method.units {
        if let existing, existing[j * ld + i] == 0 { continue }
        let e = Double(state.primal.traces.pointer[j * ld + i])
        sum += e * e
      }
    }
  }
}

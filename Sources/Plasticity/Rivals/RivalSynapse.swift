import KernelCalls
import Kernels
import Model
import Tasks

/// Lifetimes of a rival, whose rules are of the form of `RivalRule.rule`.
typealias RivalLifetime<S: KernelScalar> = Lifetime<RivalSynapse<S>, NoGradient<S>>

/// The synapse of a rival: the update of the engine with another trace.
///
/// Every trace is a sum over time of outer products post_t pre_t^T, so rivals differ only in what they put into two
/// trajectories (`RivalTraces`); only weight perturbation takes its trace from the noise. The one theta of the rule is
/// the factor of eta, and its one scale that of e. Mechanisms that move W beside e do not apply.
final class RivalSynapse<S: KernelScalar>: Synapse {
  let rule: RivalRule
  private var traces: RivalTraces<S>
  /// What eta is multiplied by, and what e is: 1 / rms of the trace, or 1.
  private var gain = 1.0
  private var scale = 1.0
  /// True to make RFLO's B Wout^T instead of random, so that it must equal e-prop.
  let usesReadoutAsFeedback: Bool

  init(_ rule: RivalRule, _ state: LifetimeState<S>, usesReadoutAsFeedback: Bool = false) {
    self.rule = rule
    self.usesReadoutAsFeedback = usesReadoutAsFeedback
    traces = RivalTraces(method: state.method, task: state.task, kernels: state.kernels)
  }

  func begin(_ state: LifetimeState<S>) {
    let own = state.rule
    invariant(own.degree == 0, "a rival's rule is of degree 0, not \(own.degree)")
    gain = own.theta[0]
    scale = own.scale[0]
    traces.drawFeedback(state.address, method: state.method)
  }

  func trace(_ trial: EarnedTrial, _ state: LifetimeState<S>) {
    let trace = state.primal.traces.pointer
    let rates = state.primal.rates.pointer
    switch rule {
    case .nodePerturbation:
      traces.takeKicks(state.kicks)
      traces.sum(pre: rates, into: trace)
    case .weightPerturbation:
      traces.takeNoise(
        state.primal.noise.pointer, isFirst: trial.index == 0, sigma: state.method.weightNoise, into: trace)
    case .rewardEprop, .rflo, .eprop:
      traces.takeErrors(state.readout, state.trial, decided: rule == .rewardEprop)
      traces.project(
        randomly: rule == .rflo && !usesReadoutAsFeedback, state.network, state.primal.rates)
      traces.filterRates(state.primal.rates)
      traces.sumFiltered(into: trace)
    case .bptt:
      traces.takeErrors(state.readout, state.trial, decided: false)
      traces.propagateBack(
        readout: state.network.readout.pointer, state.primal.rates, weights: state.primal.weights)
      traces.sum(pre: rates, into: trace)
    }
  }

  func update(_ trial: EarnedTrial, _ state: LifetimeState<S>) -> Bool {
    let eta = state.eta * gain * scale
    let success = rule.feedback == .denseError ? 1 : trial.success
    return state.primal.update(gain: eta * (sign * success), decay: 0, clip: state.clip)
  }

  /// -1 for the rules that descend an error.
  private var sign: Double {
    switch rule {
    case .nodePerturbation, .weightPerturbation: 1
    case .rewardEprop, .rflo, .eprop, .bptt: -1
    }
  }
}

import Kernels
import Model

/// How the constants of a rule act in one trial, outside e(T): the derivatives of each place by the coordinate that a
/// constant is learned in, all else held fixed.
struct ConstantSlopes {
  private let lived: LivedRule
  private let trial: EarnedTrial

  init<S>(_ trial: EarnedTrial, _ state: LifetimeState<S>) {
    lived = state.lived
    self.trial = trial
  }

  private var rule: Rule { lived.rule }
  private var mechanisms: Mechanisms { lived.mechanisms }

  /// d log(kick).
  func kick(_ constant: LocalConstant) -> Double {
    if constant == .amplitude { return 1 }
    return rule.chain(constant) * mechanisms.kickTangent(by: constant, baseline: trial.expected)
  }

  /// d(eta m), which multiplies e.
  func gain(_ constant: LocalConstant) -> Double {
    constant == .eta ? rule.constants.eta * trial.success : 0
  }

  /// d decay, which multiplies W.
  func decay(_ constant: LocalConstant) -> Double {
    rule.chain(constant) * mechanisms.decayTangent(by: constant, success: trial.success)
  }

  /// d|mu| where mu is cut.
  func cut(_ constant: LocalConstant) -> Double { constant == .clip ? rule.constants.clip : 0 }

  /// da_R.
  func baselineRate(_ constant: LocalConstant) -> Double {
    constant == .baselineRate ? rule.constants.baselineRate : 0
  }

  /// Of the constant of a trace filter.
  func filter(_ constant: LocalConstant, of own: LocalConstant?) -> Double {
    constant == own ? rule.chain(constant) : 0
  }
}

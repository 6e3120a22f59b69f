import Tasks

/// The learners of the literature that are no point of the theta-space.
///
/// With alpha = dt/tau, psi_i = 1 - r_i^2, m = R - Rbar_c and, inside the response window, err = z - y and
/// act = z - a, where a is the sign of the window mean of z (the network's own decision):
///
/// | rule | trace e_ij | weight change before the clip |
/// |---|---|---|
/// | node-perturbation | sum_t kick_i(t) r_j(t) | eta m e |
/// | weight-perturbation | xi_ij / sigma of the noise this trial ran with | eta m e |
/// | reward-e-prop | sum_t [Wout^T act]_i psi_i p_j | -eta m e |
/// | rflo | sum_t [B err]_i psi_i p_j, B random and fixed | -eta e |
/// | e-prop | sum_t [Wout^T err]_i psi_i p_j | -eta e |
/// | bptt | d/dW_ij of sum_t |err|^2 / 2, exact | -eta e |
///
/// p_j(t+1) = (1 - alpha) p_j(t) + alpha r_j(t), p_j(0) = 0: dx_i/dW_ij without the paths through other neurons. Every
/// change is cut at +-clip and sigma xi is added, as for a rule of the theta-space.
public enum RivalRule: String, Sendable, CaseIterable {
  /// Fiete and Seung, Phys. Rev. Lett. 97:048104 (2006), as in Miconi, eLife 6:e20899 (2017). Sees the kicks.
  case nodePerturbation = "node-perturbation"
  /// Zuege, Klos and Memmesheimer, Phys. Rev. X 13:021006 (2023). The weight noise is the perturbation.
  case weightPerturbation = "weight-perturbation"
  /// Bellec et al., Nat. Commun. 11:3625 (2020), reward-based e-prop with one decision at the end of a trial.
  case rewardEprop = "reward-e-prop"
  /// Murray, eLife 8:e43299 (2019): random feedback local online learning.
  case rflo
  /// Bellec et al. (2020), symmetric feedback: RFLO with B = Wout^T.
  case eprop = "e-prop"
  /// Back-propagation through time (Werbos 1990).
  case bptt

  public var feedback: Feedback {
    switch self {
    case .nodePerturbation, .weightPerturbation: .scalar
    case .rewardEprop: .scalarAndAction
    case .rflo, .eprop, .bptt: .denseError
    }
  }

  public var summary: String {
    switch self {
    case .nodePerturbation: "reward times kick times presynaptic rate (Fiete & Seung 2006); sees the kicks"
    case .weightPerturbation: "reward times the weight noise of the trial (Zuege et al. 2023)"
    case .rewardEprop: "reward times e-prop's trace of the network's own decision (Bellec et al. 2020)"
    case .rflo: "signed error through random feedback (Murray 2019)"
    case .eprop: "signed error through the read-out weights (Bellec et al. 2020)"
    case .bptt: "the exact gradient of the squared error"
    }
  }

  /// eta of a rival whose trace has rms 1, as a multiple of the configuration's eta: the best of 1/10, 1/3, 1, 3, 10 on
  /// cue-association at the working defaults (40 networks each). Other tasks may want another.
  public var standardGain: Double {
    switch self {
    case .nodePerturbation, .weightPerturbation, .rewardEprop: 1
    case .rflo, .eprop, .bptt: 0.1
    }
  }

  /// Why the rival has nothing to learn from in a configuration, and what to change; nil where it has.
  public func refusal(_ method: Method, _ constants: LocalConstants, task: any LearningTask) -> String? {
    refusal(method: method, constants: constants, movingTarget: task.hasMovingTarget)
  }

  func refusal(method: Method, constants: LocalConstants, movingTarget: Bool) -> String? {
    switch self {
    case .nodePerturbation where method.kicks == .none || constants.amplitude == 0:
      "learns from kicks, and exploration is off; set exploration.kind and exploration.amplitude"
    case .weightPerturbation where method.weightNoise == 0:
      "learns from weight noise, and exploration.weight-noise is 0; set it above 0"
    case .rewardEprop where movingTarget:
      "learns from the network's own decision, and a task with a moving target has none; leave the learner or the task out"
    default: nil
    }
  }
}

/// A rival cannot learn in this configuration; the message says why and what to change.
public struct RivalError: Error, CustomStringConvertible, Equatable {
  public var description: String
  public init(_ description: String) { self.description = description }
}

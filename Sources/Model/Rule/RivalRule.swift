/// The learners of the literature that are no rules of theta.
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
}

/// Which learner a lifetime has: the rule of theta, or a rival that is tuned in its place.
public enum LearnerKind: Sendable, Hashable {
  case threeFactor
  case rival(RivalRule)

  /// nil for the rule of theta.
  public var rival: RivalRule? {
    if case .rival(let rival) = self { rival } else { nil }
  }

  /// True for a learner that is no rule of theta.
  public var isRival: Bool { rival != nil }

  /// True where a constant of this declaration changes what the learner does.
  public func has(_ constant: LocalConstant.Declaration) -> Bool { !isRival || constant.learners == .all }
}

extension LearnerKind: RawRepresentable, CaseIterable {
  public static let allCases: [LearnerKind] = [.threeFactor] + RivalRule.allCases.map { .rival($0) }

  /// As sweep files name it.
  public var rawValue: String { rival?.rawValue ?? "three-factor" }

  public init?(rawValue name: String) {
    guard let found = Self.allCases.first(where: { $0.rawValue == name }) else { return nil }
    self = found
  }
}

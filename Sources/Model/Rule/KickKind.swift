/// Exploration on the state: what is added to x.
public enum KickKind: String, Sendable, CaseIterable {
  case none
  /// Each unit and step with probability p, uniform in +-A (Miconi 2017).
  case sparse
  /// A N(0, 1) for every unit and step.
  case gaussian
}

/// Ways to estimate the gradient of J by theta.
public enum Estimator: String, Sendable, CaseIterable {
  case tangent, antithetic, score, pathwise, evolution

  /// True where U is propagated.
  public var needsTangents: Bool { self == .tangent || self == .antithetic || self == .pathwise }
  /// True where the weight noise carries the gradient, so that sigma = 0 is refused.
  public var needsWeightNoise: Bool { self == .tangent || self == .antithetic || self == .score }
}

/// How derivatives are computed.
public enum Engine: String, Sendable, CaseIterable {
  /// Tangents of every direction, carried forward with the trials.
  case forward
  /// One reverse sweep over a lifetime.
  case adjoint
}

/// Changes e(T) in place, trial after trial of one lifetime.
///
/// It is called through its class: an implementation names the scalars it is compiled for (`@specialized`). Planes are in
/// the kernels' layout; their padded lanes may hold anything.
open class TraceFilter<S: BinaryFloatingPoint & SIMDScalar> {
  public init() {}
  /// Replaces e(T) by what the update uses.
  open func apply(_ traces: UnsafeMutablePointer<S>, condition: Int) {}
  /// True where the last trial was the first that the filter saw of its kind, and left nothing to use.
  open var startedAnew: Bool { false }
  /// The same filter in the same state, for lifetimes that are run again from the middle.
  open func copy() -> TraceFilter<S> { self }
  /// The filter's derivative along so many directions; nil where it has none.
  open func tangents(directions: Int) -> TraceTangentFilter<S>? { nil }
  /// The filter read backwards; nil where it has no derivative.
  open func adjoints() -> TraceAdjointFilter<S>? { nil }
}

/// The derivative of a `TraceFilter` along directions, which follow the same trials.
open class TraceTangentFilter<S: BinaryFloatingPoint & SIMDScalar> {
  public init() {}
  /// Replaces edot of every direction by the tangent of what the update uses.
  /// - Parameters:
  ///   - tangents: directions x N x ld.
  ///   - rest: what the filter made of e in this trial.
  ///   - slopes: by direction, its change of the filter's own constant; nil where none changes it.
  open func apply(
    _ tangents: UnsafeMutablePointer<S>, rest: UnsafePointer<S>, slopes: [S]?, condition: Int
  ) {}
}

/// A `TraceFilter` read backwards, from the last trial to the first.
open class TraceAdjointFilter<S: BinaryFloatingPoint & SIMDScalar> {
  public init() {}
  /// Replaces the adjoint of what the update used by that of e(T).
  /// - Parameters:
  ///   - rest: what the filter made of e in this trial.
  ///   - startedAnew: as the filter said after this trial.
  /// - Returns: dL / d the filter's own constant by way of this trial.
  open func apply(
    _ adjoint: UnsafeMutablePointer<S>, rest: UnsafePointer<S>, startedAnew: Bool, condition: Int
  ) -> Double { 0 }
}

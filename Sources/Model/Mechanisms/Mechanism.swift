/// Something a rule may have beside its polynomial: a mechanism with constants of its own, off where they are 0.
///
/// One file says all there is to a mechanism: its constants with their settings, what it does in the trial loop, the
/// derivatives of that for both engines, and its slow twin for the oracle. It says nothing about the places where it
/// does nothing.
///
/// | place | value | derivative |
/// |---|---|---|
/// | kicks | times `kickFactor` | `kickSlope`, by Rbar_c |
/// | e(T) | `traceFilter` | none: say so in `hasDerivatives` |
/// | mu | minus `decay` W, before the clip | `decaySlope`, by m |
public protocol Mechanism: Sendable {
  /// As messages call it: "the gate".
  static var name: String { get }
  /// Its constants, in the order of records.
  static var constants: [LocalConstant.Declaration] { get }
  /// False where no engine has its derivatives, so that only evolution learns rules that have it.
  static var hasDerivatives: Bool { get }

  /// The mechanism as `constants` have it; nil where they have it off.
  /// - Parameter traceMeanBy: what a running mean of e is kept for.
  init?(_ constants: LocalConstants, traceMeanBy: TraceMeanGroup)

  /// What the kicks of a trial are multiplied by in a condition met before, whose running baseline is Rbar_c.
  func kickFactor(baseline: Double) -> Double
  /// d log(kickFactor) / d Rbar_c.
  func kickSlope(baseline: Double) -> Double

  /// The share of W that an update with success m = R - Rbar_c takes away, before the clip.
  func decay(success m: Double) -> Double
  /// d decay / d m.
  func decaySlope(success m: Double) -> Double

  /// What changes e(T) before an update uses it, over one lifetime; nil for a mechanism that leaves e alone.
  /// - Parameter count: scalars of e(T) in the kernels' layout, a multiple of 16.
  func traceFilter<S: BinaryFloatingPoint & SIMDScalar>(count: Int, conditions: Int) -> TraceFilter<S>?
  /// The same, written as the method writes it, for the slow reference.
  func referenceFilter() -> ReferenceFilter?
}

/// What of e(T) (N x N) an update in a trial of this condition uses; called once a trial, in order.
public typealias ReferenceFilter = (_ trace: [Double], _ condition: Int) -> [Double]

extension Mechanism {
  public static var hasDerivatives: Bool { true }
  public func kickFactor(baseline: Double) -> Double { 1 }
  public func kickSlope(baseline: Double) -> Double { 0 }
  public func decay(success m: Double) -> Double { 0 }
  public func decaySlope(success m: Double) -> Double { 0 }
  public func traceFilter<S: BinaryFloatingPoint & SIMDScalar>(count: Int, conditions: Int) -> TraceFilter<S>?
  {
    nil
  }
  public func referenceFilter() -> ReferenceFilter? { nil }
}

/// Changes e(T) in place, trial after trial of one lifetime.
///
/// It is called through its class: an implementation names the scalars it is compiled for (`@specialized`).
open class TraceFilter<S: BinaryFloatingPoint & SIMDScalar> {
  public init() {}
  /// - Parameter traces: e(T) in the kernels' layout; padded lanes may hold anything.
  open func apply(_ traces: UnsafeMutablePointer<S>, condition: Int) {}
}

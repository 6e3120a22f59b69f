/// Something a rule may have beside its polynomial: a mechanism with constants of its own, off where they are 0.
///
/// One file says all there is to a mechanism: its constants with their settings, what it does in the trial loop, the
/// derivatives of that for both engines, and its slow twin for the oracle. It says nothing about the places where it
/// does nothing.
///
/// | place | value | derivative |
/// |---|---|---|
/// | kicks | times `kickFactor` | `kickSlope` by b, `kickTangent` by a constant |
/// | e(T) | `traceFilter` | the filter's `tangents` and `adjoints` |
/// | mu | minus `decay` W, before the clip | `decaySlope` by m, `decayTangent` by a constant |
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
  /// True where it changes nothing as it is, and is there for its derivatives by its own constants alone.
  var isIdle: Bool { get }

  /// What the kicks of a trial are multiplied by where the critic expects b.
  func kickFactor(baseline: Double) -> Double
  /// d log(kickFactor) / d b.
  func kickSlope(baseline: Double) -> Double
  /// d log(kickFactor) / d constant.
  func kickTangent(by constant: LocalConstant, baseline: Double) -> Double

  /// The share of W that an update with success m = R - b takes away, before the clip.
  func decay(success m: Double) -> Double
  /// d decay / d m.
  func decaySlope(success m: Double) -> Double
  /// d decay / d constant.
  func decayTangent(by constant: LocalConstant, success m: Double) -> Double

  /// What changes e(T) before an update uses it, over one lifetime; nil for a mechanism that leaves e alone.
  /// - Parameter count: scalars of e(T) in the kernels' layout, a multiple of 16.
  func traceFilter<S: BinaryFloatingPoint & SIMDScalar>(count: Int, conditions: Int) -> TraceFilter<S>?
  /// The constant of that filter.
  static var filterConstant: LocalConstant? { get }
  /// The same, written as the method writes it, for the slow reference.
  func referenceFilter() -> ReferenceFilter?
}

/// What of e(T) (N x N) an update in a trial of this condition uses, and its tangent by every direction; called once a
/// trial, in order. `slopes` has the change of the filter's own constant by direction.
public typealias ReferenceFilter = (
  _ trace: [Double], _ tangents: [[Double]], _ slopes: [Double], _ condition: Int
) -> (trace: [Double], tangents: [[Double]])

extension Mechanism {
  public static var hasDerivatives: Bool { true }
  public var isIdle: Bool { false }
  public func kickFactor(baseline: Double) -> Double { 1 }
  public func kickSlope(baseline: Double) -> Double { 0 }
  public func kickTangent(by constant: LocalConstant, baseline: Double) -> Double { 0 }
  public func decay(success m: Double) -> Double { 0 }
  public func decaySlope(success m: Double) -> Double { 0 }
  public func decayTangent(by constant: LocalConstant, success m: Double) -> Double { 0 }
  public func traceFilter<S: BinaryFloatingPoint & SIMDScalar>(count: Int, conditions: Int) -> TraceFilter<S>?
  {
    nil
  }
  public static var filterConstant: LocalConstant? { nil }
  public func referenceFilter() -> ReferenceFilter? { nil }
}

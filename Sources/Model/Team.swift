/// The ranks that share the lifetimes of one cell. Work is split by member and numbers are gathered in order, so the
/// result does not depend on how many members there are.
public protocol Team: AnyObject {
  /// This member's place, 0 ..< size.
  var member: Int { get }
  var size: Int { get }
  /// Every member's numbers, in member order. All members must call it.
  func gather(_ numbers: [Double]) throws -> [[Double]]
  /// Called between lifetimes, so that messages are answered during a long iteration.
  func pulse() throws
}

/// A team of one.
public final class Solo: Team {
  public init() {}
  public var member: Int { 0 }
  public var size: Int { 1 }
  public func gather(_ numbers: [Double]) -> [[Double]] { [numbers] }
  public func pulse() {}
}

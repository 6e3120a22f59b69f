import Model

/// Those who share the lifetimes of one cell. Plasticity knows nothing of ranks: it splits work by place and gathers
/// numbers in order, so the result does not depend on how many there are.
public protocol Team: AnyObject {
  /// This member's place, 0 ..< size.
  var member: Int { get }
  var size: Int { get }
  /// Every member's numbers, in member order. All members must call it.
  func gather(_ numbers: [Double]) throws -> [[Double]]
  /// Called between lifetimes, so that a long iteration can answer questions.
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

extension Team {
  /// Runs `work` for every index below `count`, spread over the team, and returns all results by index. Every result
  /// holds `width` numbers.
  public func spread(_ count: Int, width: Int, _ work: (Int) throws -> [Double]) throws -> [[Double]] {
    var own: [Double] = []
    for index in stride(from: member, to: count, by: size) {
      let result = try work(index)
      invariant(result.count == width, "a result holds \(result.count) numbers, not \(width)")
      own += result
      try pulse()
    }
    let all = try gather(own)
    return (0..<count).map { index in
      let place = index / size * width
      return Array(all[index % size][place..<place + width])
    }
  }
}

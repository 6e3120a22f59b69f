/// Rules of the literature as rules of theta, in normalised units: theta = -1 at one monomial.
///
/// Oja's rule is no such rule: its decay contains W_ij, and monomials contain only rate and fluctuation. The constant
/// `growth` comes nearest.
public struct HandMadeRule: Sendable, Equatable {
  public var name: String
  public var degree: Int
  /// (k, l, theta).
  public var entries: [[Double]]
  public var summary: String

  public static let all = [
    HandMadeRule(
      name: "miconi", degree: 3, entries: [[3, 3, -1]],
      summary: "(r delta)^3, the supralinear trace of Miconi (eLife 2017)"),
    HandMadeRule(
      name: "miconi-13", degree: 3, entries: [[1, 3, -1]],
      summary: "r delta^3, Miconi's variant that is linear in the presynaptic rate"),
    HandMadeRule(
      name: "linear", degree: 1, entries: [[1, 1, -1]],
      summary: "r delta, the linear trace that Miconi shows to fail"),
  ]

  public static func named(_ name: String) -> HandMadeRule? { all.first { $0.name == name } }

  /// theta[k,l] at k (degree + 1) + l.
  public var theta: [Double] {
    var theta = Array(repeating: 0.0, count: Rule.count(degree: degree))
    for entry in entries { theta[Int(entry[0]) * (degree + 1) + Int(entry[1])] = entry[2] }
    return theta
  }
}

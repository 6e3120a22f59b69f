/// A monomial of the rule: r^k delta^l W^m, power k of the presynaptic rate, l of the postsynaptic fluctuation and m of
/// the weight. Files call it `k1l3`, with `m1` behind it where it sees the weight.
public struct Term: Sendable, Hashable, Comparable {
  public var k: Int
  public var l: Int
  public var m: Int

  public init(k: Int, l: Int, m: Int = 0) {
    self.k = k
    self.l = l
    self.m = m
  }

  /// Reads `k3l1` or `k3l1m1`; nil for anything else.
  public init?(name: String) {
    guard let match = try? #/k(\d{1,3})l(\d{1,3})(?:m(\d{1,3}))?/#.wholeMatch(in: name),
      let k = Int(match.1), let l = Int(match.2), let m = Int(match.3 ?? "0")
    else { return nil }
    self.init(k: k, l: l, m: m)
  }

  public var powers: (k: Int, l: Int, m: Int) { (k, l, m) }

  public var name: String { "k\(k)l\(l)" + (m == 0 ? "" : "m\(m)") }

  /// Place of its coefficient among those of a rule of this degree.
  public func index(degree: Int) -> Int { (m * (degree + 1) + k) * (degree + 1) + l }

  /// The monomial at a place of a rule of this degree.
  public init(index: Int, degree: Int) {
    let width = degree + 1
    self.init(k: index / width % width, l: index % width, m: index / (width * width))
  }

  public func fits(degree: Int, weightDegree: Int) -> Bool { max(k, l) <= degree && m <= weightDegree }

  public static func < (a: Term, b: Term) -> Bool { (a.m, a.k, a.l) < (b.m, b.k, b.l) }
}

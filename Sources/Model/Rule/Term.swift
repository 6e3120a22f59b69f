/// A monomial of the rule: r^k delta^l W^m, power k of the presynaptic rate, l of the postsynaptic fluctuation and m of
/// the weight. Files call it `k1l3`, with `m1` behind it where it sees the weight, and `readout-k1l3` where it is that of
/// one layer of synapses.
public struct Term: Sendable, Hashable, Comparable {
  public var k: Int
  public var l: Int
  public var m: Int
  /// The layer it belongs to; nil where layers share it.
  public var layer: Layer?

  public init(k: Int, l: Int, m: Int = 0, layer: Layer? = nil) {
    self.k = k
    self.l = l
    self.m = m
    self.layer = layer
  }

  /// Reads `k3l1`, `k3l1m1` or `input-k3l1`; nil for anything else.
  public init?(name: String) {
    guard
      let match = try? #/(?:(recurrent|input|readout)-)?k(\d{1,3})l(\d{1,3})(?:m(\d{1,3}))?/#.wholeMatch(
        in: name),
      let k = Int(match.2), let l = Int(match.3), let m = Int(match.4 ?? "0")
    else { return nil }
    self.init(k: k, l: l, m: m, layer: match.1.flatMap { Layer(rawValue: String($0)) })
  }

  public var powers: (k: Int, l: Int, m: Int) { (k, l, m) }

  public var name: String {
    (layer.map { "\($0)-" } ?? "") + "k\(k)l\(l)" + (m == 0 ? "" : "m\(m)")
  }

  private var order: (Int, Int, Int, Int) {
    (layer.map { Layer.allCases.firstIndex(of: $0)! } ?? -1, m, k, l)
  }

  public static func < (a: Term, b: Term) -> Bool { a.order < b.order }
}

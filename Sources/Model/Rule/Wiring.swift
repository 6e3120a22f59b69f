/// Which recurrent synapses a network has, and of what sign they are.
///
/// A synapse that does not exist has W = 0 for good: no plasticity, no weight noise, no derivative. With a share of
/// excitatory units outgoing weights keep their sign (Dale's law): what an update and its noise bring to the wrong side
/// is cut at 0.
public struct Wiring: Sendable, Hashable {
  /// Share of the recurrent synapses that exist, each drawn by itself once a lifetime; above 0, at most 1.
  public var connectivity: Double
  /// Whether a unit may have a synapse onto itself.
  public var autapses: Bool
  /// Share of excitatory units, between 0 and 1; nil where weights may have any sign.
  public var excitatory: Double?

  public init(connectivity: Double = 1, autapses: Bool = true, excitatory: Double? = nil) {
    self.connectivity = connectivity
    self.autapses = autapses
    self.excitatory = excitatory
  }

  /// True where every synapse exists.
  public var isFull: Bool { connectivity == 1 && autapses }

  /// How many of `units` are excitatory: the first so many, the share rounded; nil without such a law.
  public func excitatoryUnits(of units: Int) -> Int? {
    excitatory.map { Int(($0 * Double(units)).rounded()) }
  }
}

/// One matrix of synapses of the network.
public enum Layer: String, Sendable, Hashable, CaseIterable, Comparable {
  /// W, from unit to unit.
  case recurrent
  /// Win, from an input to a unit.
  case input
  /// Wout, from a unit to an output.
  case readout

  public static func < (a: Layer, b: Layer) -> Bool {
    allCases.firstIndex(of: a)! < allCases.firstIndex(of: b)!
  }
}

/// What a rule has coefficients of its own for.
public enum ThetaGroup: String, Sendable, CaseIterable {
  /// The same for all synapses that learn.
  case all
  /// For every layer that learns.
  case layer
}

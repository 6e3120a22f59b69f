import Model

/// Networks that can not be drawn, and those that are hardly meant.
extension SettingsSchema {
  /// - Throws: `SettingsProblem` where a network has no recurrent synapse, or no unit of one of its two kinds.
  func checkWiring(_ network: NetworkSettings) throws {
    if network.units == 1, !network.wiring.autapses {
      throw refuse(
        "network.autapses", "network.units",
        problem: "a network of one unit has no synapse but that onto itself, and network.autapses is false",
        advice: "Give network.units 2 or more, or network.autapses: true.")
    }
    let synapses = network.wiring.connectivity * Double(network.units)
    if synapses < 1 {
      throw refuse(
        "network.connectivity", "network.units",
        problem: "network.connectivity \(shortestText(of: network.wiring.connectivity)) of "
          + "\(network.units) units leaves a unit fewer than one synapse",
        advice:
          "Give network.connectivity \(shortestText(of: (1000 / Double(network.units)).rounded(.up) / 1000)) "
          + "or more, or more network.units.")
    }
    guard let share = network.wiring.excitatory,
      let excitatory = network.wiring.excitatoryUnits(of: network.units)
    else { return }
    if excitatory == 0 || excitatory == network.units {
      throw refuse(
        "network.excitatory", "network.units",
        problem: "network.excitatory \(shortestText(of: share)) of \(network.units) units leaves no "
          + "\(excitatory == 0 ? "excitatory" : "inhibitory") unit",
        advice: network.units < 2
          ? "Give network.units 2 or more, or network.excitatory: none."
          : "Give a share that leaves at least one unit of either kind, such as 0.8, or more network.units.")
    }
  }

  func notes(on network: NetworkSettings) -> [(path: String, message: String)] {
    guard network.wiring.excitatory != nil, network.nonlinearity == .tanh else { return [] }
    return [
      (
        "network.excitatory",
        "rates of network.nonlinearity tanh can be negative, and an excitatory unit then inhibits; "
          + "rectified-tanh and sigmoid have none below 0"
      )
    ]
  }
}

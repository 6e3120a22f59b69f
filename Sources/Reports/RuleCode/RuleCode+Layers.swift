import Model
import Plasticity
import Sweep

/// What a rule of several layers of synapses has in its code beside that of a rule of recurrent synapses.
extension RuleCode {
  /// True where other synapses than the recurrent ones learn.
  var hasLayers: Bool { plastic != [.recurrent] }
  /// True where some recurrent synapses do not exist, or keep their sign, and they learn.
  var hasMask: Bool { !settings.network.wiring.isFull && plastic.contains(.recurrent) }
  var hasSigns: Bool { settings.network.wiring.excitatory != nil && plastic.contains(.recurrent) }

  /// Layers that the formula is written for: those with coefficients of their own, or once for all.
  var formulaLayers: [Layer?] { file.shape.layers.isEmpty ? [nil] : file.shape.layers.map(Optional.some) }

  /// How a formula calls the presynaptic and the postsynaptic signal.
  var signals: (pre: String, post: String) { hasLayers ? ("pre_j", "post_i") : ("r_j", "delta_i") }

  /// What the signals are at the synapses of each layer that learns, a line each.
  var signalLines: String {
    let shown: [Layer: String] = [
      .recurrent:
        "recurrent synapses: pre_j = r_j, the rate of unit j, and post_i = delta_i = xbar_i - x_i with xbar the "
        + "running mean\n    of x",
      .input:
        "input synapses: pre_j = u_j, and post_i = delta_i = xbar_i - x_i with xbar the running mean of x",
      .readout:
        "readout synapses: pre_j = r_j, and post_i = zbar_i - z_i of output i with zbar the running mean of z",
    ]
    return plastic.compactMap { shown[$0].map { "  " + $0 } }.joined(separator: "\n")
  }

  /// The same as pairs of arrays.
  var pairs: String {
    let arrays: [Layer: String] = [
      .recurrent: "(r, delta)", .input: "(u[h], delta)", .readout: "(r, fluctuation(z))",
    ]
    return plastic.compactMap { layer in arrays[layer].map { "\"\(layer.rawValue)\": \($0)" } }
      .joined(separator: ", ")
  }

  /// Factors of eta by layer.
  var rates: String {
    plastic.map { "\"\($0.rawValue)\": \(constants.rate(of: $0))" }.joined(separator: ", ")
  }
}

import Foundation
import Launch
import Model
import Plasticity
import Sweep

extension RuleCode {
  /// The rule as a LaTeX document: the equations of network, trace and update, and a table of constants.
  var latexText: String {
    """
    \\documentclass{article}
    \\usepackage{amsmath}
    % Written by trifactor \(Build.version). \(title.replacing("\n", with: " "))
    \\begin{document}
    \(signalText)
    \\begin{align*}
    \(equations.joined(separator: " \\\\\n"))
    \\end{align*}
    \(criticText)

    \\begin{tabular}{ll}
    \(constantRows.joined(separator: " \\\\\n")) \\\\
    \\end{tabular}
    \\end{document}

    """
  }

  private var equations: [String] {
    let drive =
      "\\dot x_i &= \\frac{1}{\\tau}\\Bigl(-x_i + \\sum_j W_{ij} r_j + "
      + "\\sum_m W^{\\mathrm{in}}_{im} u_m\\Bigr)"
    return [drive + (exploration == .none ? "" : " + \\text{kicks}"), "r_i &= \(rateText)"]
      + ["\\dot{\\bar x}_i &= \\frac{1}{\\bar\\tau} (x_i - \\bar x_i)"]
      + (plastic.contains(.readout)
        ? [
          "z_i &= \\sum_j W^{\\mathrm{out}}_{ij} r_j, \\qquad "
            + "\\dot{\\bar z}_i = \\frac{1}{\\bar\\tau} (z_i - \\bar z_i)"
        ] : [])
      + formulaLayers.flatMap(traceLines) + plastic.map(updateLine)
  }

  /// What the signals of the synapses are.
  private var signalText: String {
    guard hasLayers else {
      return """
        With $r_j$ the rate of the presynaptic unit~$j$, $\\delta_i = \\bar x_i - x_i$ of the postsynaptic unit~$i$, and
        $e_{ij}$ the trace of the synapse from $j$ onto $i$:
        """
    }
    let shown: [Layer: String] = [
      .recurrent: "$p_j = r_j$ and $q_i = \\bar x_i - x_i$ at recurrent synapses $W_{ij}$",
      .input: "$p_j = u_j$ and $q_i = \\bar x_i - x_i$ at input synapses $W^{\\mathrm{in}}_{ij}$",
      .readout: "$p_j = r_j$ and $q_i = \\bar z_i - z_i$ at readout synapses $W^{\\mathrm{out}}_{ij}$",
    ]
    return
      "With $r_j$ the rate of unit~$j$ and $e_{ij}$ the trace of a synapse from $j$ onto $i$, to which it is sent $p_j$ "
      + "and sees\n$q_i$:\n" + plastic.compactMap { shown[$0] }.joined(separator: ",\n") + "."
  }

  /// What sets the letters of a layer apart: nothing for recurrent synapses.
  private static func mark(_ layer: Layer) -> String {
    switch layer {
    case .recurrent: ""
    case .input: "^{\\mathrm{in}}"
    case .readout: "^{\\mathrm{out}}"
    }
  }

  /// The letter of the trace of a layer, which has a mark where layers have coefficients of their own.
  private func trace(of layer: Layer?) -> String {
    layer.map { "e\(file.shape.layers.isEmpty ? "" : Self.mark($0))" } ?? "e"
  }

  /// The factor of eta of a layer, where it is not 1.
  private func factor(of layer: Layer) -> String {
    constants.rate(of: layer) == 1 ? "" : "f\(Self.mark(layer))\\, "
  }

  private func updateLine(of layer: Layer) -> String {
    let mark = Self.mark(layer)
    return "\\Delta W\(mark)_{ij} &= \(updateText(of: layer)) + \\sigma \\xi\(mark)_{ij}"
  }

  private var rateText: String {
    switch settings.network.nonlinearity {
    case .tanh: "\\tanh x_i"
    case .rectifiedTanh: "\\max(0, \\tanh x_i)"
    case .sigmoid: "1 / (1 + \\exp(-x_i))"
    }
  }

  /// e', three terms a line; of the layers that share it where none is named.
  private func traceLines(of layer: Layer?) -> [String] {
    let terms = formula.terms.filter { $0.term.layer == layer }.map { part in
      (part.effective < 0 ? " - " : " + ") + Self.number(abs(part.effective)) + monomial(part.term)
    }
    let letter = trace(of: layer)
    let decay = constants[.tauE].isInfinite ? "" : "-\\frac{\(letter)_{ij}}{\\tau_e}"
    var lines = ["\\dot \(letter)_{ij} &= " + (decay.isEmpty && terms.isEmpty ? "0" : decay)]
    for (place, term) in terms.enumerated() {
      if place > 0, place.isMultiple(of: 3) { lines.append("&\\quad") }
      lines[lines.count - 1] += term
    }
    return lines
  }

  private func monomial(_ term: Term) -> String {
    let weight = "W\(term.layer.map(Self.mark) ?? "")_{ij}"
    let (pre, post) = hasLayers ? ("p_j", "q_i") : ("r_j", "\\delta_i")
    return [(pre, term.k), (post, term.l), (weight, term.m)].filter { $0.1 > 0 }
      .map { "\\, " + ($1 == 1 ? $0 : "\($0)^{\($1)}") }.joined()
  }

  private func updateText(of layer: Layer) -> String {
    let letter = self.trace(of: layer)
    let trace =
      factor(of: layer)
      + (constants[.traceMean] > 0 ? "(\(letter)_{ij} - \\bar \(letter)_{ij})" : "\(letter)_{ij}")
    let growth =
      hasGrowth
      ? " - 0.002 \\bigl(\\lambda_0 + \\lambda_2 ((R - \(expected)) / 0.3)^2\\bigr) W\(Self.mark(layer))_{ij}"
      : ""
    let change = "\\eta\\, \(trace)\\, (R - \(expected))\(growth)"
    return constants[.clip].isInfinite ? change : "\\operatorname{clip}(\(change), \\pm c)"
  }

  private var expected: String {
    switch critic {
    case .condition: "\\bar R_c"
    case .shared: "\\bar R"
    case .learned: "b"
    }
  }

  private var criticText: String {
    let told =
      switch critic {
      case .condition: "$\\bar R_c$ is a running mean of $R$ for every condition~$c$"
      case .shared: "$\\bar R$ is one running mean of $R$"
      case .learned: "$b$ is linear in the mean rates before the response window"
      }
    let mean =
      constants[.traceMean] > 0
      ? "; $\\bar e_{ij}$ is a running mean of $e_{ij}$"
        + (traceMeanBy == .condition ? " for every condition" : "") : ""
    let gate =
      constants[.gate] == 0
      ? "" : "; kicks are $\\exp(c_x (\(expected) + 1))$ times as large where that reward is expected"
    return told + mean + gate + "."
  }

  private var constantRows: [String] {
    var rows: [(String, Double, String)] = [
      ("\\Delta t", settings.time.step, " ms"), ("\\tau", settings.network.tau, " ms"),
      ("\\bar\\tau", constants[.tauBar], " ms"), ("\\tau_e", constants[.tauE], " ms"),
      ("\\eta", constants[.eta], ""), ("c", constants[.clip], ""), ("a_R", constants[.baselineRate], ""),
      ("\\sigma", settings.exploration.weightNoise, ""),
    ]
    if exploration == .sparse { rows.append(("p", constants[.probability], "")) }
    if exploration != .none { rows.append(("A", constants[.amplitude], "")) }
    if constants[.gate] != 0 { rows.append(("c_x", constants[.gate], "")) }
    if hasGrowth {
      rows += [("\\lambda_0", constants[.growth0], ""), ("\\lambda_2", constants[.growth2], "")]
    }
    if constants[.traceMean] > 0 { rows.append(("a_e", constants[.traceMean], "")) }
    for layer in plastic where !factor(of: layer).isEmpty {
      rows.append(("f\(Self.mark(layer))", constants.rate(of: layer), ""))
    }
    return rows.filter { $0.1.isFinite }.map { "$\($0.0)$ & $\(Self.number($0.1))$\($0.2)" }
  }

  /// Six significant digits.
  private static func number(_ value: Double) -> String {
    let text = String(format: "%.6g", value)
    guard let place = text.firstIndex(of: "e"), let exponent = Int(text[text.index(after: place)...]) else {
      return text
    }
    return "\(text[..<place]) \\cdot 10^{\(exponent)}"
  }
}

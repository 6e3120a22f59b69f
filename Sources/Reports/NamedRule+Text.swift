import Foundation
import Launch
import Model
import Plasticity
import Sweep

extension NamedRule {
  /// The rule as a formula and tables.
  ///
  /// - Parameters:
  ///   - brief: true to leave the tables out.
  ///   - share: part of |theta|^2 that the terms of the formula hold.
  public func lines(brief: Bool, share: Double) -> [String] {
    if let rival { return lines(of: rival) }
    let formula = RuleFormula(file.shape, theta: file.theta, scale: file.scale)
    var lines = [
      title,
      "degree \(file.degree), |theta| \(String(format: "%.3g", formula.norm)), \(formula.terms.count) of "
        + "\(file.theta.count) terms not 0",
      "",
      "  " + formula.text(share: share),
    ]
    lines += Self.legend(of: file)
    if !file.constants.isEmpty {
      let pairs = file.constants.sorted { $0.key < $1.key }.map {
        "\($0.key.name) \($0.value.isInfinite ? "none" : String(format: "%.4g", $0.value))"
      }
      lines.append("  with \(pairs.joined(separator: ", "))")
    }
    if !file.missing.isEmpty {
      lines.append(
        "  not in it: \(file.missing.joined(separator: ", ")); the configuration that it is used in gives them"
      )
    }
    if brief { return lines }
    lines += ["", "  " + Self.columns(["term", "theta", "share", file.scale == nil ? "" : "theta s"])]
    for term in formula.dominant(share: share) {
      lines.append(
        "  "
          + Self.columns([
            term.monomial, String(format: "%.4g", term.theta), String(format: "%.1f %%", 100 * term.share),
            file.scale == nil ? "" : String(format: "%.4g", term.effective),
          ]))
    }
    lines += [""] + formula.table(file.theta, title: "theta")
    if let scale = file.scale {
      lines += [""] + formula.table(zip(file.theta, scale).map(*), title: "theta s")
    }
    return lines
  }

  /// A rival's constants, and the contender they make.
  private func lines(of rival: RivalRule) -> [String] {
    let own = file.constants.filter { LearnerKind.rival(rival).has($0.key.declaration) }
    let text = own.sorted { $0.key < $1.key }.map { "\($0.key.name)=\(constantText(of: $0.value))" }
    return [
      title, "\(rival.rawValue): \(rival.summary)", "",
      "  told \(rival.feedback.rawValue); eta counts \(shortestText(of: file.theta[0])) times, the trace "
        + String(format: "%.4g", file.scale?[0] ?? 1) + " times",
      "  as a contender: \(rival.rawValue):" + text.joined(separator: ","),
    ]
  }

  /// What the letters of the formula are, and its units.
  private static func legend(of file: RuleFile) -> [String] {
    let units =
      file.scale == nil
      ? "  coefficients are theta, in units where every monomial's trace has rms 1: what a synapse computes is theta s, and"
        + " s is measured in the configuration"
      : file.normalise == false
        ? "  coefficients are theta: monomials are not normalised (s = 1)"
        : "  coefficients are theta s, what a synapse computes; below, theta is in units where every monomial's trace has"
          + " rms 1"
    func isOn(_ constant: LocalConstant) -> Bool { file.constants[constant] ?? 0 != 0 }
    let trace = isOn(.traceMean) ? "(e - ebar)" : "e"
    let decay = isOn(.growth0) || isOn(.growth2) ? " - growth W" : ""
    return [
      units,
      "  r = f(x) of the presynaptic neuron, f tanh unless network.nonlinearity says another; delta = xbar - x of the"
        + " postsynaptic neuron, xbar the running mean of x; in ms",
      "  after a trial W changes by eta \(trace) (R - \(file.critic == .learned ? "b" : "Rbar"))\(decay), cut at +-clip"
        + told(of: file.critic),
    ]
  }

  /// What R is measured against, where that is no running mean for every condition.
  private static func told(of critic: CriticKind?) -> String {
    switch critic {
    case .condition, nil: ""
    case .shared: "; Rbar is one running mean for all conditions"
    case .learned: "; b is what a linear critic expects from the rates before the answer"
    }
  }

  /// A row of the table of terms.
  private static func columns(_ texts: [String]) -> String {
    let first = texts[0].padding(toLength: 14, withPad: " ", startingAt: 0)
    let rest = texts.dropFirst().map { String(repeating: " ", count: max(1, 11 - $0.count)) + $0 }
    return (first + rest.joined()).replacing(#/ +$/#, with: "")
  }
}

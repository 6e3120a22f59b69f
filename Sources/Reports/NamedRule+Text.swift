import Foundation
import Launch
import Model
import Plasticity
import ResultStore
import Sweep

extension NamedRule {
  /// The rule as a formula and tables.
  ///
  /// - Parameters:
  ///   - brief: true to leave the tables out.
  ///   - share: part of |theta|^2 that the terms of the formula hold.
  public func lines(brief: Bool, share: Double) -> [String] {
    if let rival { return lines(of: rival) }
    let formula = RuleFormula(degree: file.degree, theta: file.theta)
    var lines = [
      title,
      "degree \(file.degree), |theta| \(String(format: "%.3g", formula.norm)), \(formula.terms.count) of "
        + "\(file.theta.count) terms not 0",
      "",
      "  " + formula.text(share: share),
    ]
    if !file.constants.isEmpty {
      let pairs = file.constants.sorted { $0.key < $1.key }.map {
        "\($0.key.name) \(String(format: "%.4g", $0.value))"
      }
      lines.append("  with \(pairs.joined(separator: ", "))")
    }
    if brief { return lines }
    lines.append("")
    for term in formula.dominant(share: share) {
      lines.append(
        "  \(term.monomial.padding(toLength: 14, withPad: " ", startingAt: 0))"
          + String(format: "%9.4g  %5.1f %%", term.theta, 100 * term.share))
    }
    lines += [""] + formula.table(file.theta, title: "theta")
    if let scale = file.scale {
      lines += [""] + formula.table(zip(file.theta, scale).map(*), title: "theta s")
    }
    return lines
  }

  /// A rival's constants, and the contender they make.
  private func lines(of rival: RivalRule) -> [String] {
    let text = file.constants.sorted { $0.key < $1.key }.map {
      "\($0.key.name)=\(shortestText(of: $0.value))"
    }
    return [
      title, "\(rival.rawValue): \(rival.summary)", "",
      "  told \(rival.feedback.rawValue); eta counts \(shortestText(of: file.theta[0])) times, the trace "
        + String(format: "%.4g", file.scale?[0] ?? 1) + " times",
      "  as a contender: \(rival.rawValue):" + text.joined(separator: ","),
    ]
  }
}

import Foundation
import Model

/// A rule for people: its terms by size, a formula, and the table of its coefficients.
public struct RuleFormula: Sendable {
  /// One monomial theta[k,l,m] r^k delta^l W^m.
  public struct Part: Sendable, Equatable {
    public var term: Term
    public var theta: Double
    /// theta^2 as a share of the sum of all.
    public var share: Double
    /// theta s, which a synapse computes; theta if s is not known.
    public var effective: Double

    /// `r^3 delta`, `delta W`, `1`.
    public var monomial: String {
      let factors = [("r", term.k), ("delta", term.l), ("W", term.m)].filter { $0.1 > 0 }.map {
        $1 == 1 ? $0 : "\($0)^\($1)"
      }
      return factors.isEmpty ? "1" : factors.joined(separator: " ")
    }
  }

  public let shape: RuleShape
  public var degree: Int { shape.degree }
  public let theta: [Double]
  /// Every term that is not 0, the largest first.
  public let terms: [Part]

  /// - Parameter scale: s, as long as theta; nil where it is not known.
  /// - Precondition: `theta` holds (degree + 1)^2 numbers for every power of the weight, in units where every monomial's
  ///   trace has rms 1; otherwise the sizes of its terms cannot be compared.
  public init(_ shape: RuleShape, theta: [Double], scale: [Double]? = nil) {
    invariant(
      scale.map { $0.count == theta.count } ?? true, "scale does not hold \(theta.count) numbers")
    invariant(
      theta.count == shape.coefficients,
      "theta holds \(theta.count) numbers, not \(shape.coefficients)")
    self.shape = shape
    self.theta = theta
    let total = theta.reduce(0) { $0 + $1 * $1 }
    terms = theta.indices.filter { theta[$0] != 0 }
      .map { p in
        Part(
          term: shape.term(p), theta: theta[p],
          share: theta[p] * theta[p] / total,
          effective: theta[p] * (scale?[p] ?? 1))
      }
      .sorted { (abs($1.theta), $0.term) < (abs($0.theta), $1.term) }
  }

  /// |theta|.
  public var norm: Double { theta.reduce(0) { $0 + $1 * $1 }.squareRoot() }

  /// The largest terms, as few as make up `share` of |theta|^2.
  public func dominant(share: Double = 0.9) -> [Part] {
    var held = 0.0
    var result: [Part] = []
    for term in terms where held < share {
      result.append(term)
      held += term.share
    }
    return result
  }

  /// `e' = -e/tau_e - 1.21 r delta^3 + 0.4 r^3 delta + ...`: the dominant terms with their effective coefficients, and
  /// dots where smaller ones follow. One for each layer that has its own, with its name before it.
  public func text(share: Double = 0.9) -> String {
    guard !shape.layers.isEmpty else { return text(dominant(share: share), of: terms.count) }
    return shape.layers.map { layer in
      let own = dominant(share: share).filter { $0.term.layer == layer }
      return "\(layer): " + text(own, of: terms.count { $0.term.layer == layer })
    }.joined(separator: "; ")
  }

  private func text(_ shown: [Part], of count: Int) -> String {
    let sum = shown.map { term in
      let size = String(format: "%.3g", abs(term.effective))
      return (term.effective < 0 ? "- " : "+ ")
        + (term.monomial == "1" ? size : "\(size) \(term.monomial)")
    }
    return "e' = -e/tau_e " + (sum.isEmpty ? "+ 0" : sum.joined(separator: " "))
      + (shown.count < count ? " + ..." : "")
  }

  /// Rows k, columns l, `value` being theta or something as long.
  public func table(_ values: [Double], title: String) -> [String] {
    let width = 11
    func cell(_ text: String) -> String { String(repeating: " ", count: max(1, width - text.count)) + text }
    let head = title.padding(toLength: shape.layers.isEmpty ? 8 : 18, withPad: " ", startingAt: 0)
    return [head + (0...degree).map { cell("l=\($0)") }.joined()]
      + (0..<values.count / (degree + 1)).map { row in
        let term = shape.term(row * (degree + 1))
        let label = "k=\(term.k)\(term.m == 0 ? "" : " m=\(term.m)")"
        return (label + (term.layer.map { " \($0)" } ?? "")).padding(
          toLength: shape.layers.isEmpty ? 8 : 18, withPad: " ", startingAt: 0)
          + (0...degree).map { cell(String(format: "%.4g", values[row * (degree + 1) + $0])) }.joined()
      }
  }
}

import Foundation
import Yams

/// An axis of evenly spaced numbers: `{from, to, count, scale: linear | log}` or `{from, to, step}`.
struct AxisSpacing {
  private let from: Double
  private let to: Double
  private let step: Double?
  private let isLogarithmic: Bool
  /// How many values there are; may be far too many, or infinite.
  let count: Double

  private static let example = "An example: {from: 0.01, to: 1, count: 5, scale: log}."

  /// - Throws: `SweepFileError` for unknown keys, missing or wrong numbers, and steps that do not lead there.
  init(_ node: Node, of path: String, in document: YAMLDocument) throws {
    let parts = try Parts(node, of: path, in: document)
    guard let from = parts.numbers["from"], let to = parts.numbers["to"],
      (parts.numbers["count"] == nil) != (parts.numbers["step"] == nil)
    else {
      throw document.error(
        at: node, "the axis `\(path)` should have from, to and one of count and step", advice: Self.example)
    }
    (self.from, self.to, isLogarithmic) = (from.value, to.value, parts.isLogarithmic)
    if let step = parts.numbers["step"] {
      guard step.value != 0, (to.value - from.value) / step.value >= 0, !isLogarithmic else {
        throw document.error(
          at: step.node,
          "a step of \(shortestText(of: step.value)) does not lead from \(shortestText(of: from.value)) to "
            + "\(shortestText(of: to.value))" + (isLogarithmic ? " on a log scale" : ""),
          advice: "Give a step of the right sign, not 0; with scale: log use count.")
      }
      self.step = step.value
      // Rounding must not keep the last value from being the end.
      count = ((to.value - from.value) / step.value + 1e-9).rounded(.down) + 1
      return
    }
    let count = parts.numbers["count"] ?? (0, node)
    guard count.value == count.value.rounded(), count.value >= 2 else {
      throw document.error(
        at: count.node, "`count` should be a whole number from 2, and is \(count.node.seen)",
        advice: "A single value belongs under `base`.")
    }
    guard !isLogarithmic || (from.value > 0 && to.value > 0) else {
      throw document.error(
        at: from.value > 0 ? to.node : from.node, "a log scale needs from and to above 0",
        advice: "Use scale: linear, or start above 0.")
    }
    step = nil
    self.count = count.value
  }

  /// The ends as they were written, and between them values of 12 significant digits: the last bit of a machine's `pow`
  /// must not change a cell's key.
  /// - Precondition: `count` fits an array.
  var values: [Double] {
    (0..<Int(count)).map { place in
      if place == 0 { return from }
      if let step { return rounded(from + Double(place) * step, digits: 12) }
      if place == Int(count) - 1 { return to }
      let share = Double(place) / (count - 1)
      return rounded(isLogarithmic ? from * pow(to / from, share) : from + share * (to - from), digits: 12)
    }
  }

  /// The mapping as it was written.
  private struct Parts {
    var numbers: [String: (value: Double, node: Node)] = [:]
    var isLogarithmic = false

    init(_ node: Node, of path: String, in document: YAMLDocument) throws {
      for (key, keyNode, value) in try document.pairs(of: node, what: "the axis `\(path)`") {
        let text = value.scalar.map { $0.style == .plain ? $0.string : "" } ?? ""
        switch key {
        case "from", "to", "count", "step":
          guard let number = decimalNumber(in: text) else {
            throw document.error(
              at: value, "`\(key)` should be a number, and is \(value.seen)", advice: AxisSpacing.example)
          }
          numbers[key] = (number, value)
        case "scale":
          guard text == "linear" || text == "log" else {
            throw document.error(
              at: value, "`scale` should be linear or log, and is \(value.seen)",
              advice: "The default is linear.")
          }
          isLogarithmic = text == "log"
        default:
          throw document.error(
            at: keyNode,
            "unknown key `\(key)` of an axis"
              + Suggestion.question(for: key, among: ["from", "to", "count", "step", "scale"]),
            advice: "An axis mapping has from, to, count and scale, or from, to and step.")
        }
      }
    }
  }
}

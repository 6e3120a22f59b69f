import Foundation
import Launch
import Model
import Plasticity
import Sweep

extension RuleCode {
  /// The rule as Python with arrays of one library.
  func arrayText(_ language: RuleLanguage, _ dialect: ArrayDialect) -> String {
    var text = Self.kept(of: RuleTemplate.text, flags: flags(language))
    for (name, value) in values(dialect) { text = text.replacing("$\(name)$", with: value) }
    guard dialect.module != "np" else { return text }
    return text.replacing(#/\bnp\./#, with: "\(dialect.module).")
  }

  /// The lines whose conditions hold.
  static func kept(of template: String, flags: Set<String>) -> String {
    var blocks: [Bool] = []
    var lines: [Substring] = []
    for line in template.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("#if not ") {
        blocks.append(!flags.contains(String(line.dropFirst(8))))
      } else if line.hasPrefix("#if ") {
        blocks.append(!flags.isDisjoint(with: line.dropFirst(4).split(separator: " ").map(String.init)))
      } else if line == "#end" {
        blocks.removeLast()
      } else if blocks.allSatisfy({ $0 }) {
        lines.append(line)
      }
    }
    return lines.joined(separator: "\n")
  }

  private func flags(_ language: RuleLanguage) -> Set<String> {
    var flags: Set<String> = [
      language.rawValue, settings.network.nonlinearity.rawValue, settings.reward.rawValue, critic.rawValue,
      exploration.rawValue,
    ]
    if constants[.gate] != 0 { flags.insert("gate") }
    if hasGrowth { flags.insert("growth") }
    if constants[.traceMean] > 0 { flags.insert("slow") }
    if file.weightDegree > 0 { flags.insert("weights") }
    if hasMask { flags.insert("mask") }
    if hasSigns { flags.insert("signs") }
    if hasLayers { flags.insert("layers") }
    if plastic.contains(.readout) { flags.insert("readouts") }
    return flags
  }

  private func values(_ dialect: ArrayDialect) -> KeyValuePairs<String, String> {
    let more = (hasMask ? ", mask" : "") + (hasSigns ? ", signs" : "")
    let noise =
      (hasMask ? ", 0 where mask is; mask: 1 for a \(hasLayers ? "recurrent " : "")synapse, else 0" : "")
      + (hasSigns ? ";\n    signs: units, 1 or -1, what outgoing weights keep to" : "")
    let sees = file.weightDegree > 0
    let (pre, post) = signals
    return [
      "VERSION": Build.version, "TITLE": Self.wrapped(Self.quotable(title)),
      "FORMULA": formulaLines.joined(separator: "\n"),
      "NEEDS": dialect.needs, "IMPORT": dialect.imports, "DT": Self.number(settings.time.step),
      "TAU": Self.number(settings.network.tau), "TAU_BAR": number(.tauBar), "TAU_E": number(.tauE),
      "ETA": number(.eta), "CLIP": number(.clip), "BASELINE_RATE": number(.baselineRate),
      "WEIGHT_NOISE": Self.number(settings.exploration.weightNoise), "PROBABILITY": number(.probability),
      "AMPLITUDE": number(.amplitude), "GATE": number(.gate),
      "GROWTH": "(\(number(.growth0)), \(number(.growth2)))", "TRACE_MEAN": number(.traceMean),
      "INDICES": sees ? "m, k, l" : "k, l", "MONOMIAL": "\(pre)^k \(post)^l" + (sees ? " W_ij^m" : ""),
      "ARRAY": dialect.literal, "COEFFICIENTS": table(of: .recurrent), "SIDE": String(file.degree + 1),
      "CONCATENATE": dialect.concatenate, "SOURCE": dialect.source, "SOURCE_WORDS": dialect.sourceWords,
      "UNGATED": constants[.gate] == 0 ? "" : " before the gate",
      "DRAW": exploration == .gaussian
        ? "return AMPLITUDE * \(dialect.normal)"
        : "return np.where(\(dialect.share) < PROBABILITY, \(dialect.uniform), 0.0)",
      "MORE": more, "XI_WORDS": noise, "PLACE": traceMeanBy == .condition ? "c" : "0",
      "TABLES": tables(dialect), "RATES": rates, "PAIRS": pairs, "SIGNALS": signalLines,
      "SENT": hasLayers ? "sent" : "r", "SEEN": hasLayers ? "seen" : "delta",
      "TABLE": hasLayers ? "coefficients" : "COEFFICIENTS",
    ]
  }

  /// The change of e and of W, in lines of a docstring.
  private var formulaLines: [String] {
    var lines = formulaLayers.flatMap(traceLines)
    let trace = constants[.traceMean] > 0 ? "(e_ij - its running mean)" : "e_ij"
    let growth = hasGrowth ? " - 0.002 (GROWTH[0] + GROWTH[1] (m / 0.3)^2) W_ij" : ""
    lines.append("    W_ij += clip(ETA m \(trace)\(growth), -CLIP, CLIP)   after a trial, with m = R - b")
    return lines
  }

  /// The change of e of the synapses of a layer; nil for all that learn.
  private func traceLines(of layer: Layer?) -> [String] {
    let (pre, post) = signals
    var lines = ["    " + (layer.map { "\($0.rawValue): " } ?? "") + "e_ij' = -e_ij / TAU_E"]
    for part in formula.terms where part.term.layer == layer {
      let powers = [(pre, part.term.k), (post, part.term.l), ("W_ij", part.term.m)]
      let factors = powers.filter { $0.1 > 0 }.map { $1 == 1 ? $0 : "\($0)^\($1)" }
      let size = String(format: "%.4g", abs(part.effective))
      let text = (part.effective < 0 ? " - " : " + ") + ([size] + factors).joined(separator: " ")
      if lines[lines.count - 1].count + text.count > 116 { lines.append("           ") }
      lines[lines.count - 1] += text
    }
    return lines
  }

  /// The coefficients of a layer as nested lists, one row a line.
  private func table(of layer: Layer) -> String {
    let side = file.degree + 1
    let coefficients = Array(self.coefficients[file.shape.range(of: layer)])
    let rows = stride(from: 0, to: coefficients.count, by: side).map { start in
      "[" + coefficients[start..<start + side].map { Self.number($0) }.joined(separator: ", ") + "]"
    }
    guard file.weightDegree > 0 else { return "[\n" + Self.listed(rows, indent: 8) + "\n    ]" }
    let powers = stride(from: 0, to: rows.count, by: side).map { start in
      "[\n" + Self.listed(Array(rows[start..<start + side]), indent: 12) + "\n        ]"
    }
    return "[\n" + Self.listed(powers, indent: 8) + "\n    ]"
  }

  /// The coefficients by layer: one table that all share, or one for each.
  private func tables(_ dialect: ArrayDialect) -> String {
    func array(_ layer: Layer) -> String { "\(dialect.literal)(\n    \(table(of: layer))\n)" }
    guard file.shape.layers.isEmpty else {
      let entries = plastic.map { "    \"\($0.rawValue)\": \(array($0)),".replacing("\n", with: "\n    ") }
      return "COEFFICIENTS = {\n" + entries.joined(separator: "\n") + "\n}"
    }
    return "SHARED = \(array(plastic[0]))\nCOEFFICIENTS = {"
      + plastic.map { "\"\($0.rawValue)\": SHARED" }.joined(separator: ", ") + "}"
  }

  private static func listed(_ items: [String], indent: Int) -> String {
    items.map { String(repeating: " ", count: indent) + $0 + "," }.joined(separator: "\n")
  }

  private func number(_ constant: LocalConstant) -> String { Self.number(constants[constant]) }

  /// A number as Python reads it back to the same bits.
  private static func number(_ value: Double) -> String {
    value.isInfinite ? "float(\"inf\")" : "\(value)"
  }

  /// Words in lines of a docstring.
  static func wrapped(_ text: String) -> String {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, last.count + word.count < 116 {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines.joined(separator: "\n")
  }

  /// Text that a docstring can hold.
  private static func quotable(_ text: String) -> String {
    text.replacing("\\", with: "/").replacing("\"\"\"", with: "'''")
  }
}

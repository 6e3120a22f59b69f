import Foundation
import Model
import Yams

extension RuleFile {
  /// - Throws: `SweepFileError` that names the file, line, what was seen and what was wanted.
  public static func load(_ path: String) throws -> RuleFile {
    try RuleFile(bytes: InputFile.bytes(of: path, kind: .rule), file: path)
  }

  /// - Parameter file: the name for messages.
  public init(bytes: [UInt8], file: String) throws {
    let document = try YAMLDocument(bytes: bytes, file: file, kind: .rule)
    var parts: [String: Node] = [:]
    for (key, keyNode, value) in try document.pairs(of: document.root, what: "the rule file") {
      guard Self.keys.contains(key) else {
        throw document.error(
          at: keyNode, "unknown key `\(key)`" + Suggestion.question(for: key, among: Self.keys),
          advice: Self.parts)
      }
      parts[key] = value
    }
    guard let degreeNode = parts["degree"], let thetaNode = parts["theta"] else {
      throw document.error(
        at: document.root, "`\(parts["degree"] == nil ? "degree" : "theta")` is missing",
        advice: Self.parts)
    }
    guard let text = degreeNode.scalar?.string, let degree = wholeNumber(in: text),
      (0...8).contains(degree)
    else {
      throw document.error(
        at: degreeNode, "degree should be a whole number from 0 to 8, and is \(degreeNode.seen)",
        advice: "It is d, the highest power of r and delta in the rule.")
    }
    self.degree = degree
    let powers = try parts["weight-degree"].map { try Self.powers(of: $0, in: document) } ?? 1
    plastic = try parts["plastic"].map { try Self.layers(of: $0, in: document) }
    if let node = parts["theta-by"] {
      let group: ThetaGroup = try Self.word(node, in: document, "theta-by")
      hasThetaByLayer = group == .layer
      if hasThetaByLayer, plastic == nil {
        throw document.error(
          at: node, "theta is by layer, and plastic does not say which layers learn",
          advice: "Add plastic: [recurrent, readout], or whichever learn.")
      }
    }
    let own = hasThetaByLayer ? plastic ?? [] : []
    if case .sequence = thetaNode {
      let shape = RuleShape(degree: degree, weightDegree: powers - 1, layers: own)
      theta = try Self.rows(thetaNode, in: document, shape, name: "theta")
    } else {
      let entries = try Self.entries(of: thetaNode, in: document, degree: degree)
      let powers = max(powers, 1 + (entries.map(\.term.m).max() ?? 0))
      let shape = RuleShape(degree: degree, weightDegree: powers - 1, layers: own)
      if let stranger = entries.first(where: { !shape.has($0.term) }) {
        throw document.error(
          at: thetaNode, "`\(stranger.term.name)` is of a layer that has no theta of its own",
          advice: "Say theta-by: layer and name the layer in plastic, or leave the layer out of the term.")
      }
      theta = Array(repeating: 0, count: shape.coefficients)
      for entry in entries { for place in shape.places(of: entry.term) { theta[place] = entry.value } }
    }
    let shape = RuleShape(degree: degree, coefficients: theta.count, layers: own)
    scale = try parts["scale"].map { try Self.rows($0, in: document, shape, name: "scale") }
    constants = try parts["constants"].map { try Self.constants(of: $0, in: document) } ?? [:]
    calibration = try parts["calibration"].map { try Self.constants(of: $0, in: document) } ?? [:]
    exploration = try parts["exploration"].map { try Self.word($0, in: document, "exploration") }
    critic = try parts["critic"].map {
      $0.scalar?.string == "baseline" ? .condition : try Self.word($0, in: document, "critic")
    }
    if let mechanisms = parts["mechanisms"] {
      for (key, keyNode, value) in try document.pairs(of: mechanisms, what: "mechanisms") {
        guard key == "trace-mean-by" else {
          throw document.error(
            at: keyNode, "unknown key `\(key)` in mechanisms",
            advice: "It may hold trace-mean-by; numbers of mechanisms are constants.")
        }
        traceMeanBy = try Self.word(value, in: document, key)
      }
    }
    if let node = parts["normalise"] {
      guard let text = node.scalar?.string, case .flag(let flag)? = SettingKind.flag.value(of: text)
      else {
        throw document.error(
          at: node, "normalise should be \(SettingKind.flag.wanted), and is \(node.seen)",
          advice: "It says whether each monomial's trace is scaled to rms 1.")
      }
      normalise = flag
    }
  }

  private static func powers(of node: Node, in document: YAMLDocument) throws -> Int {
    guard let text = node.scalar?.string, let degree = wholeNumber(in: text),
      RuleSettings.weightDegrees.contains(degree)
    else {
      throw document.error(
        at: node,
        "weight-degree should be a whole number from 0 to "
          + "\(RuleSettings.weightDegrees.upperBound), and is \(node.seen)",
        advice: "It is the highest power of the weight in the rule.")
    }
    return degree + 1
  }

  private static func layers(of node: Node, in document: YAMLDocument) throws -> [Layer] {
    let kind = SettingKind.words(Layer.allCases.map(\.rawValue))
    let texts =
      node.sequence.map { $0.compactMap { $0.scalar?.string } } ?? node.scalar.map { [$0.string] } ?? []
    guard case .words(let names)? = kind.value(ofList: texts) else {
      throw document.error(
        at: node, "plastic should be \(kind.wanted), and is \(node.seen)",
        advice: "It lists the synapses that learn by the rule.")
    }
    return names.compactMap { Layer(rawValue: $0) }.sorted()
  }

  private static func word<Word: RawRepresentable<String> & CaseIterable>(
    _ node: Node, in document: YAMLDocument, _ name: String
  ) throws -> Word {
    if let text = node.scalar?.string, let word = Word(rawValue: text) { return word }
    let kind = SettingKind.word(Word.allCases.map(\.rawValue))
    let near = node.scalar.flatMap { kind.suggestion(for: $0.string) }
    throw document.error(
      at: node,
      "\(name) should be \(kind.wanted), and is \(node.seen)"
        + (near.map { "; did you mean `\($0)`?" } ?? ""),
      advice: Self.parts)
  }

  private static let keys = [
    "degree", "theta", "scale", "constants", "calibration", "critic", "exploration", "mechanisms",
    "normalise", "plastic", "provenance", "theta-by", "weight-degree",
  ]
  private static let parts =
    "A rule file has degree and theta, and may have \(keys.dropFirst(2).joined(separator: ", "))."

  /// `{gate: -1.4, clip: none}`; `none` is infinite.
  private static func constants(of node: Node, in document: YAMLDocument) throws -> [LocalConstant:
    Double]
  {
    var constants: [LocalConstant: Double] = [:]
    for (key, keyNode, value) in try document.pairs(of: node, what: "constants") {
      guard let constant = LocalConstant(name: key) else {
        throw document.error(
          at: keyNode,
          "unknown constant `\(key)`" + Suggestion.question(for: key, among: LocalConstant.names),
          advice: "The local constants are \(LocalConstant.names.joined(separator: ", ")).")
      }
      let text = value.scalar?.string
      guard let number = text == "none" ? .infinity : text.flatMap({ decimalNumber(in: $0) }) else {
        throw document.error(
          at: value, "`\(key)` should be a number or none, and is \(value.seen)",
          advice: "Write it as {gate: -1.4}.")
      }
      if let problem = constant.refusal(of: number) {
        throw document.error(at: value, problem, advice: "It is: \(constant.declaration.summary).")
      }
      constants[constant] = number
    }
    return constants
  }

  /// `{k1l1: 0.3, ...}`, in the order of terms; entries of 0 are left out.
  static func entries(
    of node: Node, in document: YAMLDocument, degree: Int?,
    weightDegree: Int = RuleSettings.weightDegrees.upperBound
  ) throws -> [ThetaEntry] {
    let highest = degree ?? 8
    let entries = try document.pairs(of: node, what: "theta").map { key, keyNode, value in
      guard let term = Term(name: key), max(term.k, term.l) <= highest, term.m <= weightDegree else {
        throw document.error(
          at: keyNode, "`\(key)` is no coefficient of theta",
          advice:
            "Names go from k0l0 to \(Term(k: highest, l: highest, m: weightDegree).name): k is the power of r, "
            + "l that of delta, m that of the weight; `readout-k1l1` is that of one layer.")
      }
      guard
        let number = value.scalar.flatMap({
          $0.style == .plain ? decimalNumber(in: $0.string) : nil
        })
      else {
        throw document.error(
          at: value, "`\(key)` should be a number, and is \(value.seen)",
          advice: "Write it as {k1l1: 0.3}.")
      }
      return ThetaEntry(term, value: number)
    }
    guard Set(entries.map(\.term)).count == entries.count else {
      throw document.error(
        at: node, "a coefficient of theta is given twice", advice: "Keep one of them.")
    }
    return entries.filter { $0.value != 0 }.sorted { $0.term < $1.term }
  }

  private static func rows(
    _ node: Node, in document: YAMLDocument, _ shape: RuleShape, name: String
  ) throws -> [Double] {
    let rows = node.sequence.map(Array.init) ?? []
    let numbers = rows.map { row in
      (row.sequence.map(Array.init) ?? []).compactMap {
        $0.scalar.flatMap { decimalNumber(in: $0.string) }
      }
    }
    let width = shape.degree + 1
    let count = shape.coefficients / width
    guard numbers.count == count, numbers.allSatisfy({ $0.count == width }),
      rows.allSatisfy({ $0.sequence?.count == width })
    else {
      throw document.error(
        at: node, "\(name) of degree \(shape.degree) should be \(count) rows of \(width) numbers",
        advice: "Row k holds \(name)[k,0] to \(name)[k,\(shape.degree)]"
          + (count > width ? "; there are \(width) rows for every power of the weight" : "")
          + (shape.layers.isEmpty ? "." : " and every layer."))
    }
    return numbers.flatMap { $0 }
  }
}

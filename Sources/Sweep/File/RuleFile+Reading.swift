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
    if case .sequence = thetaNode {
      theta = try Self.square(thetaNode, in: document, degree: degree, name: "theta")
    } else {
      theta = Array(repeating: 0, count: (degree + 1) * (degree + 1))
      for entry in try Self.entries(of: thetaNode, in: document, degree: degree) {
        theta[entry.k * (degree + 1) + entry.l] = entry.value
      }
    }
    scale = try parts["scale"].map {
      try Self.square($0, in: document, degree: degree, name: "scale")
    }
    constants = try parts["constants"].map { try Self.constants(of: $0, in: document) } ?? [:]
    calibration = try parts["calibration"].map { try Self.constants(of: $0, in: document) } ?? [:]
    exploration = try parts["exploration"].map { try Self.word($0, in: document, "exploration") }
    if let critic = parts["critic"] {
      let _: Critic = try Self.word(critic, in: document, "critic")
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

  /// What m is: one kind is known.
  private enum Critic: String, CaseIterable { case baseline }

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
    "normalise",
    "provenance",
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

  /// `{k1l1: 0.3, ...}`, sorted by k, then l; entries of 0 are left out.
  static func entries(of node: Node, in document: YAMLDocument, degree: Int?) throws -> [ThetaEntry] {
    let highest = degree ?? 8
    let entries = try document.pairs(of: node, what: "theta").map { key, keyNode, value in
      guard let (k, l) = ThetaEntry.indices(of: key), max(k, l) <= highest else {
        throw document.error(
          at: keyNode, "`\(key)` is no coefficient of theta",
          advice:
            "Names go from k0l0 to k\(highest)l\(highest): k is the power of r, l that of delta.")
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
      return ThetaEntry(k: k, l: l, value: number)
    }
    let names = entries.map { $0.k * 9 + $0.l }
    guard Set(names).count == names.count else {
      throw document.error(
        at: node, "a coefficient of theta is given twice", advice: "Keep one of them.")
    }
    return entries.filter { $0.value != 0 }.sorted { ($0.k, $0.l) < ($1.k, $1.l) }
  }

  private static func square(
    _ node: Node, in document: YAMLDocument, degree: Int, name: String
  ) throws -> [Double] {
    let rows = node.sequence.map(Array.init) ?? []
    let numbers = rows.map { row in
      (row.sequence.map(Array.init) ?? []).compactMap {
        $0.scalar.flatMap { decimalNumber(in: $0.string) }
      }
    }
    let width = degree + 1
    guard numbers.count == width, numbers.allSatisfy({ $0.count == width }),
      rows.allSatisfy({ $0.sequence?.count == width })
    else {
      throw document.error(
        at: node, "\(name) of degree \(degree) should be \(width) rows of \(width) numbers",
        advice: "Row k holds \(name)[k,0] to \(name)[k,\(degree)].")
    }
    return numbers.flatMap { $0 }
  }
}

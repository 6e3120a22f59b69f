import Foundation
import Model
import ResultStore
import Yams

/// A plasticity rule in a YAML (or JSON) file: where a sweep may start, or what `trifactor evaluate` tests.
///
/// ```yaml
/// degree: 3
/// theta: {k1l1: -1, k3l3: 0.5}     # or (d + 1) rows of (d + 1) numbers: theta[k][l]
/// scale: [[...], ...]              # optional: the s it was learned with, same shape
/// constants: {gate: -1.4}          # optional: the local constants that were learned with it
/// provenance: anything             # optional: read by nobody
/// ```
/// A sweep starts from theta and from the constants, where it does not give their settings itself; s belongs to a
/// configuration and is measured anew there.
public struct RuleFile: Sendable, Equatable {
  public var degree: Int
  /// theta[k,l] by [k (degree + 1) + l].
  public var theta: [Double]
  /// s in the same order; nil where the file has none.
  public var scale: [Double]?
  /// Those that belong to the rule; infinite for `none`.
  public var constants: [LocalConstant: Double] = [:]
  /// Lines that say where the rule comes from; written as comments would be, read by nobody.
  public var provenance: [String] = []

  /// - Precondition: `theta`, and `scale` where given, hold (degree + 1)^2 numbers.
  public init(
    degree: Int, theta: [Double], scale: [Double]? = nil, constants: [LocalConstant: Double] = [:],
    provenance: [String] = []
  ) {
    let count = (degree + 1) * (degree + 1)
    invariant(theta.count == count, "theta holds \(theta.count) numbers, degree \(degree) needs \(count)")
    invariant(scale.map { $0.count == count } ?? true, "scale does not hold \(count) numbers")
    self.degree = degree
    self.theta = theta
    self.scale = scale
    self.constants = constants
    self.provenance = provenance
  }

  /// The coefficients that are not zero.
  public var entries: [ThetaEntry] {
    theta.indices.filter { theta[$0] != 0 }
      .map { ThetaEntry(k: $0 / (degree + 1), l: $0 % (degree + 1), value: theta[$0]) }
  }

  /// What the constants say of the setting at `path`; nil where they say nothing. Infinity is `none`.
  func value(of path: String) -> SettingValue? {
    guard let setting = ConstantSetting.all.first(where: { $0.path == path }),
      setting.constants.contains(where: { constants[$0] != nil })
    else { return nil }
    // What a list lacks is at its default.
    return setting.value(of: LocalConstants().replacing(constants))
  }

  /// - Throws: `SweepFileError` that names the file, line, what was seen and what was wanted.
  public static func load(_ path: String) throws -> RuleFile {
    try RuleFile(bytes: InputFile.bytes(of: path, kind: .rule), file: path)
  }

  /// - Parameter file: the name for messages.
  public init(bytes: [UInt8], file: String) throws {
    let document = try YAMLDocument(bytes: bytes, file: file, kind: .rule)
    var parts: [String: Node] = [:]
    let known = ["degree", "theta", "scale", "constants", "provenance"]
    for (key, keyNode, value) in try document.pairs(of: document.root, what: "the rule file") {
      guard known.contains(key) else {
        let near = Suggestion.nearest(to: key, among: known)
        throw document.error(
          at: keyNode, "unknown key `\(key)`" + (near.map { "; did you mean `\($0)`?" } ?? ""),
          advice: Self.parts)
      }
      parts[key] = value
    }
    guard let degreeNode = parts["degree"], let thetaNode = parts["theta"] else {
      throw document.error(
        at: document.root, "`\(parts["degree"] == nil ? "degree" : "theta")` is missing",
        advice: Self.parts)
    }
    guard let text = degreeNode.scalar?.string, let degree = wholeNumber(in: text), (0...8).contains(degree)
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
    scale = try parts["scale"].map { try Self.square($0, in: document, degree: degree, name: "scale") }
    constants = try parts["constants"].map { try Self.constants(of: $0, in: document) } ?? [:]
  }

  private static let parts = "A rule file has degree, theta, and optionally scale, constants and provenance."

  /// `{gate: -1.4, clip: none}`; `none` is infinite.
  private static func constants(of node: Node, in document: YAMLDocument) throws -> [LocalConstant: Double] {
    var constants: [LocalConstant: Double] = [:]
    for (key, keyNode, value) in try document.pairs(of: node, what: "constants") {
      guard let constant = LocalConstant(name: key) else {
        let near = Suggestion.nearest(to: key, among: LocalConstant.names)
        throw document.error(
          at: keyNode, "unknown constant `\(key)`" + (near.map { "; did you mean `\($0)`?" } ?? ""),
          advice: "The local constants are \(LocalConstant.names.joined(separator: ", ")).")
      }
      let text = value.scalar?.string
      guard let number = text == "none" ? .infinity : text.flatMap({ decimalNumber(in: $0) }) else {
        throw document.error(
          at: value, "`\(key)` should be a number or none, and is \(value.seen)",
          advice: "Write it as {gate: -1.4}.")
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
          advice: "Names go from k0l0 to k\(highest)l\(highest): k is the power of r, l that of delta.")
      }
      guard let number = value.scalar.flatMap({ $0.style == .plain ? decimalNumber(in: $0.string) : nil })
      else {
        throw document.error(
          at: value, "`\(key)` should be a number, and is \(value.seen)", advice: "Write it as {k1l1: 0.3}.")
      }
      return ThetaEntry(k: k, l: l, value: number)
    }
    let names = entries.map { $0.k * 9 + $0.l }
    guard Set(names).count == names.count else {
      throw document.error(at: node, "a coefficient of theta is given twice", advice: "Keep one of them.")
    }
    return entries.filter { $0.value != 0 }.sorted { ($0.k, $0.l) < ($1.k, $1.l) }
  }

  private static func square(
    _ node: Node, in document: YAMLDocument, degree: Int, name: String
  ) throws -> [Double] {
    let rows = node.sequence.map(Array.init) ?? []
    let numbers = rows.map { row in
      (row.sequence.map(Array.init) ?? []).compactMap { $0.scalar.flatMap { decimalNumber(in: $0.string) } }
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

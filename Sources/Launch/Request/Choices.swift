import Foundation
import Plasticity
import Sweep

/// A cell by its key or the beginning of it.
public struct CellChoice {
  private let text: String?
  public init(_ text: String?) { self.text = text?.lowercased() }

  /// - Throws: `UsageError` for a key that no cell or several cells have.
  public func cell(of cells: [Cell]) throws -> Cell {
    guard let text else { return cells[0] }
    let fitting = cells.filter { $0.keyText.hasPrefix(text) }
    guard fitting.count != 1 else { return fitting[0] }
    let examples = (fitting.isEmpty ? cells : fitting).prefix(3).map { "\($0.keyText) (\($0.label))" }
    throw UsageError(
      "--cell '\(text)' fits \(fitting.count) of \(cells.count) cells; wanted: the key of one, such as "
        + examples.joined(separator: ", ") + ". `trifactor plan` lists them")
  }
}

/// A rule by its name or file.
public struct RuleChoice {
  public let rule: RuleFile
  /// What a file that is not whole leaves to the cell, as a sentence; nil where nothing.
  public let note: String?

  /// - Throws: `UsageError` or `SweepFileError`.
  public init(_ text: String) throws {
    if let named = HandMadeRule.named(text) {
      rule = RuleFile(degree: named.degree, theta: named.theta)
      note = nil
    } else if FileManager.default.fileExists(atPath: text) {
      rule = try RuleFile.load(text)
      note = rule.assumption(file: text, source: "the cell")
    } else {
      throw UsageError(
        "--rule '\(text)' is neither a rule file nor a hand-made rule; those are "
          + HandMadeRule.all.map(\.name).joined(separator: ", "))
    }
  }
}

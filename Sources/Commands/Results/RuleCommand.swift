import ArgumentParser
import Foundation
import Launch
import Model
import Reports
import ResultStore
import Sweep

/// `trifactor rule`: a rule as a formula, a table, and a file.
struct RuleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rule",
    abstract:
      "Show a learned, stored or hand-made rule as formula and table; write it as a rule file or code.",
    discussion: """
      A rule file can be the start of a sweep (rule.theta: FILE) or be tested by `trifactor evaluate --rule FILE`; the \
      files written here hold the whole rule. The formula has the coefficients that a synapse computes, theta times \
      scale. theta itself is in units in which every monomial's trace has rms 1, so that its entries can be compared. A \
      tuned rival has no formula: its constants are shown, and how to name it as a contender of `trifactor evaluate`.

      --as writes the rule as one file that needs nothing of ours: Python for numpy, PyTorch or JAX with the rule, its \
      constants, critic and mechanisms as functions that run a network and change its weights, or a LaTeX document.
      """)

  @Argument(help: "A folder of results, a rule file, or miconi, miconi-13, linear.") var source: String
  @Option(help: "Key of the cell, or its first digits; every cell if not given.")
  var cell: String?
  @Option(help: "Rule file to write; the source must have one rule.") var to: String?
  @Option(
    name: .customLong("as"),
    help: "Write it as code, to --to or standard output: numpy, torch, jax or latex.")
  var language: RuleLanguage?
  @Option(help: "Share of |theta|^2 that the terms of the formula cover.") var share = 0.9

  func validate() throws {
    try requireName("--to", to)
    guard share > 0, share <= 1 else {
      throw ValidationError("--share is \(share); wanted: above 0, at most 1")
    }
  }

  func run() throws {
    let rules = try NamedRule.all(of: source, cell: cell)
    if let language {
      let code = try RuleCode(rules, from: source).text(in: language)
      guard let to else { return try Console.write(code) }
      try OutputFile.write(Array(code.utf8), to: to)
      return try Console.print("written to \(to)")
    }
    for (index, rule) in rules.enumerated() {
      if index > 0 { try Console.print("") }
      try Console.print(rule.lines(brief: rules.count > 1, share: share).joined(separator: "\n"))
    }
    guard let to else { return }
    try OutputFile.write(Array(NamedRule.toWrite(of: rules, from: source).text.utf8), to: to)
    try Console.print("\nwritten to \(to)")
  }
}

extension RuleLanguage: ExpressibleByArgument {}

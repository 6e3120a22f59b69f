import Ablation
import ArgumentParser
import Foundation
import Kernels
import Launch
import MPI
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

      --prune asks which terms the rule of one cell needs. Evolution tunes its constants, theta stays; then the term goes \
      whose loss costs least on validation networks, and so on down to one term. All steps are tested on the same fresh \
      networks, paired with the rule that has every term and was tuned with as many lifetimes as all steps together. \
      --to takes the smallest rule whose late \
      reward is not worse by more than --margin. Runs alone or under mpirun; after an interruption the same command \
      continues, and SIGUSR1 stops it with exit code 75.
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

  @Flag(help: "Drop terms one by one, and find the fewest that do.") var prune = false
  @Option(help: "With --prune: late reward that a smaller rule may lack; 0.02 if not given.") var margin:
    Double?
  @Option(
    help: "With --prune: lifetimes of each search, at least; as many as found the rule if not given.")
  var lifetimes: Int?
  @Option(help: "With --prune: number of fresh networks; 200 if not given.") var networks: Int?
  @Option(help: "With --prune: folder of its searches and tests; if not given, DIR/pruned-KEY.")
  var out: String?
  @Option(help: "With --prune: output format of the table; text if not given.") var format: TableFormat?
  @Flag(help: "Print JSON: an array, one object a rule; with --prune the table.") var json = false

  func validate() throws {
    try requireName("--to", to)
    let idle =
      [("--margin", margin != nil), ("--lifetimes", lifetimes != nil), ("--networks", networks != nil)]
      + [("--out", out != nil), ("--format", format != nil)]
    if !prune, let (option, _) = idle.first(where: { $0.1 }) {
      throw ValidationError("\(option) has no effect without pruning; wanted: --prune beside it")
    }
    guard !(json && language != nil) else {
      throw ValidationError("--json and --as exclude each other; give one")
    }
    guard !(json && format != nil) else {
      throw ValidationError("--json is --format json; give one of them")
    }
    guard !(prune && language != nil) else {
      throw ValidationError(
        "--prune and --as exclude each other; prune with --to FILE, then write FILE as code")
    }
    try require("--margin", margin, in: 0...1000)
    try require("--lifetimes", lifetimes, in: 1...100_000_000)
    try require("--networks", networks, in: 2...Bounds.networks.upperBound)
    try requireName("--out", out)
    guard share > 0, share <= 1 else {
      throw ValidationError("--share is \(share); wanted: above 0, at most 1")
    }
  }

  func run() throws {
    if prune { return try runPruning() }
    let rules = try NamedRule.all(of: source, cell: cell)
    if let language {
      let code = try RuleCode(rules, from: source).text(in: language)
      guard let to else { return try Console.write(code) }
      try OutputFile.write(Array(code.utf8), to: to)
      return try Console.print("written to \(to)")
    }
    if json { try Console.write(printedJSON(rules)) }
    for (index, rule) in rules.enumerated() where !json {
      if index > 0 { try Console.print("") }
      try Console.print(rule.lines(brief: rules.count > 1, share: share).joined(separator: "\n"))
    }
    guard let to else { return }
    try OutputFile.write(Array(NamedRule.toWrite(of: rules, from: source).text.utf8), to: to)
    if json { printError("written to \(to)") } else { try Console.print("\nwritten to \(to)") }
  }

  private func runPruning() throws {
    let request = try PruneRequest(
      folder: source, cell: cell, lifetimes: lifetimes, out: out, margin: margin ?? 0.02,
      networks: networks ?? 200, resamples: Statistics.standardResamples)
    let level = try SIMDLevel.resolve(environment: ProcessInfo.processInfo.environment)
    Signals.listen()
    let code = MPI.run(exitCode: Failure.code(of:)) { world in
      try PruneLaunch(request, level: level, world: world).run { found in
        let table = PruneTable(found)
        try Console.write(table.printed(as: json ? .json : format ?? .text))
        try OutputFile.write(Array(table.printed(as: .csv).utf8), to: request.out + "/terms.csv")
        guard let to else { return }
        try OutputFile.write(Array(found.file(ofStep: table.smallest).text.utf8), to: to)
        printError((table.smallest.map { "step \($0)" } ?? "the rule with all terms") + " written to \(to)")
      }
    }
    if code != 0 { throw ExitCode(code) }
  }
}

extension RuleLanguage: ExpressibleByArgument {}

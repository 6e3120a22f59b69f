import ArgumentParser
import Experiment
import Foundation
import Kernels
import Launch
import Model
import Plasticity
import ResultStore
import Sweep

/// `trifactor audit`: are the gradients right, and how good is each estimator of them?
struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Check tangents, engines and estimators on one cell of a sweep.",
    discussion: """
      Compares forward tangents with central differences of whole lifetimes, trial by trial and cumulated; the fast \
      engine with the slow reference; float with double; the adjoint engine with the forward one. Measures bias, variance \
      and signal-to-noise ratio of every estimator, coefficient by coefficient. All of it again by every constant that \
      gradients can learn (eta, tau-e, gate, ...); and what horizons make of these gradients, since they make those of \
      rates too small. A difference counts only where two step \
      sizes agree on it: kinks and chaos spoil the others. `--trials 500 --export DIR` gives a result folder the data of \
      two figures. The exit code is 0, or 70 if something is wrong.
      """)

  @OptionGroup var file: SweepArgument
  @Option(
    help: "Key of the cell, or its first digits; the first cell if not given.")
  var cell: String?
  @Option(help: "Trials of the lifetimes that are differentiated.") var trials = 50
  @Option(help: "Fresh lifetimes for bias and variance.") var samples = 40
  @Option(
    help: "Horizons that are compared with none, joined by commas; those shorter than a lifetime count.")
  var horizons = HorizonAudit.standardHorizons.map(String.init).joined(separator: ",")
  @Flag(help: "Print JSON.") var json = false
  @Option(help: "Folder to write audit.json to; made if it does not exist.") var export: String?

  func validate() throws {
    try require("--trials", trials, in: 1...100_000)
    try requireName("--export", export)
    try require("--samples", samples, in: 4...100_000)
    _ = try horizonList()
  }

  private func horizonList() throws -> [Int] {
    let list = horizons.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    guard list.allSatisfy({ Bounds.trials.contains($0) }), Set(list).count == list.count, list.count <= 100
    else {
      throw ValidationError(
        "--horizons is '\(horizons)'; wanted: different numbers of trials from 1 on, such as 100,20,5")
    }
    return list
  }

  func run() throws {
    let sweep = try file.load()
    let chosen = try CellChoice(cell).cell(of: sweep.cells)
    let level = try SIMDLevel.resolve(environment: ProcessInfo.processInfo.environment)
    let report = try AuditReport(
      chosen, trials: trials, samples: samples, horizons: try horizonList(), level: level)
    var contents = report.document
    (contents.sweep, contents.program) = (sweep.name, Build.identity)
    let document = try printedJSON(contents)
    if let export {
      try OutputFile.makeFolder(export)
      try OutputFile.write(Array(document.utf8), to: export + "/audit.json")
    }
    try Console.write(json ? document : report.text + "\n")
    if case .failed = report.verdict { throw ExitCode(70) }
  }
}

import ArgumentParser
import Experiment
import Foundation
import Kernels
import Launch
import Model
import ResultStore
import Sweep

/// `trifactor audit`: are the gradients right, and how good is each estimator of them?
struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Check tangents, engines and estimators on one cell of a sweep.",
    discussion: """
      Forward tangents against central differences of whole lifetimes, trial by trial and cumulated; the fast engine \
      against the slow reference, float against double, adjoint against forward; bias, variance and signal-to-noise of \
      every estimator over fresh lifetimes, by coefficient. `--trials 500 --export DIR` gives a result folder the data of \
      two figures. A difference counts where two step sizes agree on it: kinks and chaos spoil \
      the others. Exit code 0, or 70 where something is wrong.
      """)

  @OptionGroup var file: SweepArgument
  @Option(
    help: "Key of the cell, or as many of its digits as tell it from the others; the first cell otherwise.")
  var cell: String?
  @Option(help: "Trials of the lifetimes whose tangents are differenced.") var trials = 50
  @Option(help: "Fresh lifetimes that bias and variance are measured on.") var samples = 40
  @Flag(help: "Write JSON.") var json = false
  @Option(help: "A folder for audit.json; made where it does not exist.") var export: String?

  func validate() throws {
    try require("--trials", trials, in: 1...100_000)
    try requireName("--export", export)
    try require("--samples", samples, in: 4...100_000)
  }

  func run() throws {
    let sweep = try file.load()
    let chosen = try CellChoice(cell).cell(of: sweep.cells)
    let level = try SIMDLevel.resolve(environment: ProcessInfo.processInfo.environment)
    let report = try AuditReport(chosen, trials: trials, samples: samples, level: level)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    var contents = report.document
    (contents.sweep, contents.program) = (sweep.name, Build.identity)
    let document = try encoder.encode(contents)
    if let export {
      try OutputFile.makeFolder(export)
      try OutputFile.write(Array(document), to: export + "/audit.json")
    }
    try Console.print(json ? String(decoding: document, as: UTF8.self) : report.text)
    if case .failed = report.verdict { throw ExitCode(70) }
  }
}

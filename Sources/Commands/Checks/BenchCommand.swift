import ArgumentParser
import Experiment
import Foundation
import Kernels
import Launch
import Model
import Reports
import Sweep

/// `trifactor bench`: how fast this core is, and how close to its peak the kernels and lifetimes come.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Time kernels and whole lifetimes against the multiply-add peak of this core.",
    discussion: """
      Times one core, warmed up, and prints medians with quartiles. GFLOP/s are credited: they count the operations of \
      the formulas (2 N^2 T for the primal, 2 (d+1) N^2 T for the eligibility, 8 P N^2 T for forward tangents, \
      (6d+6) N^2 T for the adjoint), as `trifactor plan` does, not the instructions that were executed. The peak is the \
      best seen in the same run. A lifetime includes every random draw; a kernel does its part of one trial. Nothing else \
      should run on the machine.

      With --mechanisms: what a trial costs with every mechanism of a rule or network, beside the plain rule, in \
      lifetimes without a gradient and with pathwise gradients of either engine.

      With --cells: what a whole cell of default settings costs on this core, in seconds and, where the processor's \
      energy can be read, joules: every built-in task by every engine and estimator. `plan` and `simulate` go by such a \
      table where they are told nothing else.
      """)

  @Option(
    help: ArgumentHelp(
      "Sizes N,T,d, joined by semicolons; if not given, 32,24,1 to 32,24,5 and five larger ones.",
      valueName: "N,T,d;..."))
  var sizes: String?
  @Option(help: "float, double or both.") var precision = BenchPrecision.float
  @Option(
    help:
      "Trials (H) of a lifetime; if not given, 200 for small networks, 20 for large ones, 300 with --cells.")
  var trials: Int?
  @Option(
    help:
      "Samples of each row, 3 with --cells if not given, 15 elsewhere; rows of kernels and lifetimes that are slow get fewer, but at least 3."
  )
  var samples: Int?
  @Option(help: "Measure only the kernels, or only the lifetimes.") var only: BenchPart?
  @Flag(help: "Measure what every mechanism of a rule adds to a trial, at 32,24,3 and 200,50,3 if not given.")
  var mechanisms = false
  @Flag(help: "Measure what a cell costs, at 32, 64, 128 and 256,24,3 if not given.")
  var cells = false
  @Flag(help: "Print a JSON array, one object a row.") var json = false

  func validate() throws {
    if mechanisms && cells {
      throw ValidationError("--mechanisms and --cells are benches of their own; give one")
    }
    if mechanisms || cells {
      let own = mechanisms ? "--mechanisms" : "--cells"
      if only != nil {
        throw ValidationError("--only says which part of the bench to run; \(own) is another bench")
      }
      if precision == .both {
        throw ValidationError("\(own) measures one precision; wanted: --precision float or double")
      }
    }
    try require("--trials", trials, in: 1...100_000)
    try require("--samples", samples, in: 1...10_000)
    _ = try chosenSizes()
  }

  private func chosenSizes() throws -> [BenchSize] {
    guard let sizes else {
      return cells ? CellCostBench.standard : mechanisms ? MechanismBench.standard : BenchSize.standard
    }
    do { return try BenchSize.list(sizes) } catch { throw ValidationError("--sizes: \(error)") }
  }

  func run() throws {
    let level = try SIMDLevel.resolve(environment: ProcessInfo.processInfo.environment)
    if mechanisms { return try measureMechanisms(level) }
    if cells { return try measureCells(level) }
    var bench = Bench(sizes: try chosenSizes(), level: level)
    bench.precisions = precision.precisions
    bench.trials = trials
    bench.kernels = only != .lifetimes
    bench.lifetimes = only != .kernels
    if let samples { bench.effort.samples = samples }
    bench.effort.leastSamples = min(3, samples ?? 3)
    bench.note = { printError("bench: \($0)") }
    let report = try bench.run()
    try show(report.rows, report.lines)
  }

  private func measureMechanisms(_ level: SIMDLevel) throws {
    var bench = MechanismBench(sizes: try chosenSizes(), level: level)
    bench.precision = precision.precisions[0]
    bench.trials = trials
    if let samples { bench.rounds = samples }
    bench.note = { printError("bench: \($0)") }
    let rows = try bench.run()
    try show(rows, rows.lines)
  }

  private func measureCells(_ level: SIMDLevel) throws {
    var bench = CellCostBench(sizes: try chosenSizes(), level: level)
    bench.precision = precision.precisions[0]
    if let trials { bench.trials = trials }
    if let samples { bench.rounds = samples }
    bench.note = { printError("bench: \($0)") }
    let rows = try bench.run()
    try show(rows, rows.lines)
  }

  private func show(_ rows: some Encodable, _ lines: [String]) throws {
    guard json else { return try Console.print(lines.joined(separator: "\n")) }
    try Console.write(printedJSON(rows))
  }
}

enum BenchPart: String, ExpressibleByArgument, CaseIterable { case kernels, lifetimes }

enum BenchPrecision: String, ExpressibleByArgument, CaseIterable {
  case float, double, both

  var precisions: [Precision] {
    switch self {
    case .float: [.float]
    case .double: [.double]
    case .both: [.float, .double]
    }
  }
}

import ArgumentParser
import Foundation
import Launch
import Model
import Reports
import Sweep

/// `trifactor plan`: what a sweep is and costs; runs nothing.
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show the cells of a sweep with keys, memory and work, and predict its time.",
    discussion: "Runs and writes nothing. `trifactor bench` measures the rate of this machine.")

  @OptionGroup var file: SweepArgument
  @Option(
    name: .customLong("out"), help: "A folder of results: show what `run` would still have to do there.")
  var out: String?
  @Option(help: "Number of ranks to predict the wall time for.") var ranks = 1
  @Option(help: "Number of ranks that share a cell.") var ranksPerCell = 1
  @OptionGroup var costs: CostOptions
  @Flag(help: "List every cell, not only the first and the last ones.") var all = false
  @Flag(help: "Print JSON.") var json = false
  @Flag(help: "Print an sbatch line for a cluster.") var slurm = false

  func validate() throws {
    try requireName("--out", out)
    try require("--ranks", ranks, in: Bounds.ranks)
    try require("--ranks-per-cell", ranksPerCell, in: Bounds.ranks)
    guard ranksPerCell <= ranks else {
      throw ValidationError(
        "--ranks-per-cell is \(ranksPerCell), and there are \(ranks) ranks; wanted: at most that")
    }
    guard !(json && slurm) else { throw ValidationError("--json and --slurm exclude each other; give one") }
  }

  func run() throws {
    let sweep = try file.load(results: out)
    let plan = try Plan(sweep.cells, schema: .trifactor, ranksPerCell: ranksPerCell)
    let report = PlanReport(
      sweep: sweep, path: file.sweep, out: out, plan: plan,
      rest: try out.map { try PlanRest(of: plan, in: $0) },
      ranks: ranks, ranksPerCell: ranksPerCell,
      speed: try costs.speed(costs.load()))
    if json {
      try Console.write(report.json())
    } else if slurm {
      try Console.print(report.sbatchLine())
    } else {
      try Console.print(report.lines(all: all).joined(separator: "\n"))
    }
  }
}

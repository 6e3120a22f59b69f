import ArgumentParser
import Foundation
import Launch
import Model
import Reports
import Sweep

/// `trifactor simulate`: plays a sweep through the scheduler of `run` for any number of ranks, without them.
struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Simulate the scheduler on a sweep: wall time, utilisation and tail for any number of ranks.",
    discussion: """
      Uses the scheduler of `run`. A cell takes the time that the plan predicts, or the time it took in the folder \
      --measured. With --failures every rank dies once in so many hours on average; the whole job dies with it \
      and starts again after --restart seconds.
      """)

  @OptionGroup var file: SweepArgument
  @Option(help: "Numbers of ranks, joined by commas.") var ranks = "16,64,256,1024,4096"
  @Option(help: "Number of ranks that share a cell, or auto: idle ranks help.") var ranksPerCell =
    RanksPerCell.always(1)
  @OptionGroup var costOptions: CostOptions
  @Option(help: "Simulate so many copies of every cell.") var copies = 1
  @Option(help: "Mean hours between two failures of a rank; 0 for no failures.") var failures = 0.0
  @Option(help: "Seconds from a failure until the ranks work again.") var restart = 60.0
  @Option(help: "Seconds between two times that rank 0 reads its messages.") var look = 0.05
  @Option(help: "Messages that rank 0 can handle in a second.") var capacity = 50_000.0
  @Flag(help: "Print JSON.") var json = false

  func validate() throws {
    guard !rankList.isEmpty else {
      throw ValidationError("--ranks is '\(ranks)'; wanted: numbers from 1 on, with commas between them")
    }
    for number in rankList { try require("--ranks", number, in: Bounds.ranks) }
    try ranksPerCell.requireBounds()
    try require("--copies", copies, in: 1...Bounds.simulatedCells)
    // A century, and a day.
    try require("--failures", failures, in: 0...876_600)
    try require("--restart", restart, in: 0...86_400)
    try require("--look", look, in: 0...86_400)
    try require("--capacity", capacity, in: 1e-3...1e12)
  }

  private var rankList: [Int] {
    let numbers = ranks.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    return numbers.allSatisfy { $0 >= 1 } ? numbers : []
  }

  func run() throws {
    let sweep = try file.load()
    let plan = try Plan(sweep.cells, schema: .trifactor)
    try require("--copies", copies, times: plan.cells.count, atMost: Bounds.simulatedCells, "cells")
    let measured = try costOptions.load()
    let speed = costOptions.speed(measured)
    let report = SimulationReport(of: (0..<copies).flatMap { _ in plan.cells }, capacity: capacity) {
      measured?.seconds(of: $0) ?? $0.cost.seconds(at: speed)
    }
    if json { return try Console.write(report.json(on: rankList.map(machine))) }
    let (lines, warnings) = report.lines(on: rankList.map(machine))
    try Console.print(lines.joined(separator: "\n"))
    warnings.forEach(printError)
  }

  private func machine(_ ranks: Int) -> Simulation.Machine {
    var machine = Simulation.Machine(ranks: ranks)
    machine.ranksPerCell = ranksPerCell.number
    machine.helping = ranksPerCell == .auto
    machine.failureTime = failures > 0 ? failures * 3600 : nil
    machine.restart = restart
    machine.look = look
    return machine
  }
}

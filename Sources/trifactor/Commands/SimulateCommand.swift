import ArgumentParser
import Foundation
import Sweep

/// `trifactor simulate`: plays a sweep through the scheduler of `run` for any number of ranks, without them.
struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Play a sweep through the scheduler: wall time, utilisation and tail for any number of ranks.",
    discussion: """
      The scheduler is that of `run`; cells take the time the plan predicts at --rate, or the time they took in the \
      folder given as --measured. With --failures every rank dies once in so many hours on average, the whole job \
      with it, and starts again after --restart seconds.
      """)

  @OptionGroup var file: SweepArgument
  @Option(help: "Numbers of ranks, with commas.") var ranks = "16,64,256,1024,4096"
  @Option(help: "Ranks that share one cell, or auto: idle ranks help.") var ranksPerCell =
    RanksPerCell.always(1)
  @OptionGroup var costOptions: CostOptions
  @Option(help: "Play the sweep as if it had so many times its cells.") var copies = 1
  @Option(help: "Mean hours between two failures of one rank; 0 for none.") var failures = 0.0
  @Option(help: "Seconds from a death until the ranks work again.") var restart = 60.0
  @Option(help: "Seconds between two looks of rank 0 at its messages.") var look = 0.05
  @Option(help: "Messages a second rank 0 can take in.") var capacity = 50_000.0

  func validate() throws {
    guard !rankList.isEmpty else {
      throw ValidationError("--ranks is '\(ranks)'; wanted: numbers from 1 on, with commas between them")
    }
    guard copies >= 1 else { throw ValidationError("--copies is \(copies); wanted: at least 1") }
    let times = [("--failures", failures), ("--restart", restart), ("--look", look)]
    for (name, value) in times where !(value >= 0 && value.isFinite) {
      throw ValidationError("\(name) is \(value); wanted: at least 0")
    }
    guard capacity > 0 else { throw ValidationError("--capacity is \(capacity); wanted: a number above 0") }
  }

  private var rankList: [Int] {
    let numbers = ranks.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    return numbers.allSatisfy { $0 >= 1 } ? numbers : []
  }

  func run() throws {
    let sweep = try file.load()
    let plan = try Plan(sweep.cells, schema: .trifactor)
    let cells = (0..<copies).flatMap { _ in plan.cells }
    let measured = try costOptions.load()
    let rate = costOptions.rate ?? CostOptions.standardRate
    let costs = cells.map { measured?.seconds(of: $0) ?? $0.gigaflop / rate }
    let work = costs.reduce(0, +)
    print(
      "\(cells.count) cells, \(Progress.duration(work)) on one rank, longest \(Progress.duration(costs.max() ?? 0))"
    )
    var rows = [["ranks", "wall", "utilisation", "tail", "messages/s", "rank 0 load"]]
    if failures > 0 { rows[0] += ["deaths", "work lost"] }
    for ranks in rankList {
      let outcome = Simulation.run(
        costs: costs, iterations: cells.map { $0.cell.settings.meta.iterations },
        widths: cells.map { Resume.width(of: $0.cell.settings) }, on: machine(ranks))
      var row = [
        "\(ranks)", Progress.duration(outcome.wall), percent(outcome.utilisation),
        Progress.duration(outcome.tail),
        String(format: "%.1f", outcome.messagesPerSecond), percent(outcome.messagesPerSecond / capacity),
      ]
      if failures > 0 { row += ["\(outcome.deaths)", percent(outcome.lost / work)] }
      rows.append(row)
    }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    for row in rows {
      let padded = row.indices.map { String(repeating: " ", count: widths[$0] - row[$0].count) + row[$0] }
      print(padded.joined(separator: "  "))
    }
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

  private func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }
}

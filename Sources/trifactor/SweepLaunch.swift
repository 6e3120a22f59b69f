import Experiment
import Foundation
import Kernels
import MPI
import ResultStore
import Sweep

/// One launch of `run` on one rank: rank 0 opens the folder and says what is to be done, all ranks do it.
struct SweepLaunch {
  let sweep: SweepFile
  let folder: String
  let ranksPerCell: RanksPerCell
  let stateEvery: Double
  let patience: Double
  let retry: Set<CellStatus>
  let slice: Slice?
  /// True where the folder may have a plan of which no cell is left.
  let replace: Bool
  /// The best level of this rank, or what the environment forces.
  let level: SIMDLevel
  let world: Communicator

  private var cells: [Cell] { sweep.cells.filter { slice?.contains($0.key) ?? true } }

  /// - Returns: the exit code.
  func run() throws -> Int32 {
    let cells = self.cells
    let check = StartCheck(version: Build.identity, keys: cells.map(\.key), simd: level.code)
    let lowest = SIMDLevel(code: try check.agree(over: world))!
    let leader = world.rank == 0 ? try Leader(self, cells: cells, lowest: lowest) : nil
    do {
      return try run(cells, leader)
    } catch {
      leader?.abandon(error)
      throw error
    }
  }

  private func run(_ cells: [Cell], _ leader: Leader?) throws -> Int32 {
    // Launch number and SIMD level, as rank 0 found or chose them.
    let opening = try world.broadcast(leader.map { [UInt8($0.level.code)] + $0.launchBytes } ?? [])
    let level = SIMDLevel(code: Int(opening[0]))!
    let launch = opening[1...].reduce(0) { $0 << 8 | Int($1) }
    var options = SweepOptions()
    options.ranksPerCell = ranksPerCell.number
    options.helping = ranksPerCell == .auto
    options.stateInterval = stateEvery
    options.patience = patience
    let run = SweepRun(
      transport: try makeTransport(for: world), cells: cells,
      workshop: Workshop(level: level, launch: launch, rank: world.rank), lead: leader?.lead, options: options
    )
    let summary = try run.run()
    try leader?.finish(summary)
    return summary.exitCode
  }
}

import Experiment
import Kernels
import MPI
import Sweep

/// One launch of `run` on one rank: rank 0 opens the folder and decides what is to be done, and all ranks do it.
public struct SweepLaunch {
  private let request: SweepRequest
  private let level: SIMDLevel
  private let world: Communicator

  /// - Parameter level: the best level of this rank, or what the environment forces.
  public init(_ request: SweepRequest, level: SIMDLevel, world: Communicator) {
    self.request = request
    self.level = level
    self.world = world
  }

  /// - Parameter log: takes what rank 0 says of the run.
  /// - Returns: the exit code.
  public func run(log: @escaping (String) -> Void = printError) throws -> Int32 {
    let cells = request.cells
    let check = StartCheck(version: Build.identity, keys: cells.map(\.key), simd: level.code)
    let lowest = SIMDLevel(code: try check.agree(over: world))!
    let leader =
      world.rank == 0
      ? try SweepLeader(request, cells: cells, lowest: lowest, ranks: world.size, log: log) : nil
    do {
      return try run(cells, leader)
    } catch {
      leader?.abandon(error)
      throw error
    }
  }

  private func run(_ cells: [Cell], _ leader: SweepLeader?) throws -> Int32 {
    let opening = try world.broadcast(leader.map { Opening($0.session) })
    let run = SweepRun(
      transport: try makeTransport(for: world), cells: cells,
      workshop: Workshop(level: opening.level, launch: opening.launch, rank: world.rank), lead: leader?.lead,
      options: request.options)
    let summary = try run.run()
    try leader?.finish(summary)
    return summary.exitCode
  }
}

import MPI

/// Runs cells on all ranks. Every rank makes a `SweepRun` with the same cells and calls `run`; only rank 0 brings the
/// work list and the sink.
public struct SweepRun {
  private let transport: any Transport
  private let cells: [Cell]
  private let workshop: any CellWorkshop
  private let lead: SweepLead?
  private let options: SweepOptions
  private let surroundings: Surroundings

  /// - Parameters:
  ///   - transport: see `makeTransport`.
  ///   - cells: all cells of the plan, the same on every rank.
  ///   - lead: on rank 0 what is to be run and where records go; nil on every other rank.
  public init(
    transport: any Transport, cells: [Cell], workshop: any CellWorkshop, lead: SweepLead?,
    options: SweepOptions = SweepOptions(), surroundings: Surroundings = .real
  ) {
    self.transport = transport
    self.cells = cells
    self.workshop = workshop
    self.lead = lead
    self.options = options
    self.surroundings = surroundings
  }

  /// Returns on every rank, with the same summary, when every cell has ended or a drain has stopped the run; all
  /// records are then committed.
  ///
  /// - Throws: `SweepError`, `MPIError` or `MessageError` where the run cannot go on. Rank 0 has then committed what
  ///   it had, and other ranks still wait: the error must reach `MPI.run`, which aborts them.
  public func run() throws -> SweepSummary {
    let loop = RankLoop(
      transport: transport, cells: cells, workshop: workshop, lead: lead, options: options,
      surroundings: surroundings)
    return try loop.run()
  }
}

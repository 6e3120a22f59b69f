import ResultStore

/// What tables and comparisons read from result folders.
public struct LoadedOutcomes: Sendable {
  public var selection: OutcomeSelection
  /// Names of the sweeps, in the order of the folders, each once.
  public var sweeps: [String]
  /// Lines for the user: unfinished ends of shards that were left out.
  public var notes: [String]
}

extension LoadedOutcomes {
  /// Reads the cells of one or several result folders, also of sweeps that are still running.
  ///
  /// A cell's networks are taken from its evaluation records, each (role, network) once; they count only when
  /// the cell's result is stored, so a cell that is half evaluated is `unfinished`.
  ///
  /// - Parameter allPlans: with the cells that earlier versions of the sweep file had, as far as they have ended.
  /// - Throws: `StoreError` for a folder that holds no sweep, is damaged or lacks records of cells that have ended.
  public init(folders: [String], allPlans: Bool = false) throws {
    var cells: [CellOutcome] = []
    var names: [String] = []
    var lines: [String] = []
    for folder in folders {
      var stored = StoredScores()
      let plan = try StoreReader(folder, note: { lines.append($0) }, visit: { try stored.take($0) }).manifest
      if !names.contains(plan.name) { names.append(plan.name) }
      cells.reserveCapacity(cells.count + plan.cells.count)
      for cell in plan.cells { cells.append(stored.outcome(of: cell)) }
      if allPlans {
        // Cells of an earlier plan that no run will finish are not part of a table.
        cells += plan.earlierCells.map(stored.outcome).filter { $0.status != .unfinished }
      }
    }
    selection = OutcomeSelection(merging: cells)
    sweeps = names
    notes = lines
  }
}

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
  /// - Parameters:
  ///   - folders: those with a name have it as a setting of their cells.
  ///   - allPlans: with the cells that earlier versions of the sweep file had, as far as they have ended.
  ///   - curves: accuracy or reward, to have every network's curve of it too.
  /// - Throws: `StoreError` for a folder that holds no sweep, is damaged or lacks records of cells that have ended.
  public init(folders: [ResultFolder], allPlans: Bool = false, curves: Metric? = nil) throws {
    var cells: [CellOutcome] = []
    var names: [String] = []
    var lines: [String] = []
    for folder in folders {
      var stored = StoredScores(curves: curves)
      let first = cells.count
      let plan = try StoreReader(folder.path, note: { lines.append($0) }, visit: { try stored.take($0) })
        .manifest
      if !names.contains(plan.name) { names.append(plan.name) }
      cells.reserveCapacity(cells.count + plan.cells.count)
      for cell in plan.cells { cells.append(stored.outcome(of: cell)) }
      if allPlans {
        // Cells of an earlier plan that no run will finish are not part of a table.
        cells += plan.earlierCells.map(stored.outcome).filter { $0.status != .unfinished }
      }
      guard let name = folder.name else { continue }
      for place in first..<cells.count {
        cells[place].settings = cells[place].settings.setting(ResultFolder.setting, to: .string(name))
      }
    }
    selection = OutcomeSelection(merging: cells)
    sweeps = names
    notes = lines
  }

  /// Folders without names, merged.
  public init(folders: [String], allPlans: Bool = false, curves: Metric? = nil) throws {
    try self.init(folders: folders.map { ResultFolder($0) }, allPlans: allPlans, curves: curves)
  }
}

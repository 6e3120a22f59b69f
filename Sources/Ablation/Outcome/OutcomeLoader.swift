import Dispatch
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
  /// Reads the cells of one or several result folders, a running sweep's too.
  ///
  /// A cell's networks are taken from its evaluation records, each (role, network) once; they count only when
  /// the cell's result is stored, so a cell that is half evaluated is `unfinished`.
  ///
  /// - Throws: `StoreError` for a folder that is none or is damaged.
  public init(folders: [String]) throws {
    var cells: [CellOutcome] = []
    var names: [String] = []
    var lines: [String] = []
    for folder in folders {
      let (plan, stored) = try Self.read(StoreFolder(folder))
      lines += stored.notes
      if !names.contains(plan.name) { names.append(plan.name) }
      cells.reserveCapacity(cells.count + plan.cells.count)
      for cell in plan.cells { cells.append(stored.outcome(of: cell)) }
    }
    selection = OutcomeSelection(merging: cells)
    sweeps = names
    notes = lines
  }

  /// Plan and records at the same time: each takes about half of the time for 100,000 cells.
  private static func read(_ folder: StoreFolder) throws -> (SweepManifest, StoredScores) {
    nonisolated(unsafe) var plan: Result<SweepManifest, any Error>?
    nonisolated(unsafe) var stored: Result<StoredScores, any Error>?
    DispatchQueue.concurrentPerform(iterations: 2) { part in
      if part == 0 {
        plan = Result { try folder.requireManifest() }
      } else {
        stored = Result { try StoredScores(of: folder) }
      }
    }
    return (try plan!.get(), try stored!.get())
  }
}

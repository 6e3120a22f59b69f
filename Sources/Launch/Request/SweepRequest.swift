import ResultStore
import Sweep

/// What `run` was asked for, checked: every rank makes the same one before MPI starts.
public struct SweepRequest {
  public var sweep: SweepFile
  /// The folder of results.
  public var folder: String
  public var ranksPerCell = RanksPerCell.always(1)
  /// Seconds between two stored states of a running cell.
  public var stateEvery = 3.0
  /// Seconds a rank may be silent before it is named and the job ends.
  public var patience = 60.0
  /// Ends that are run again.
  public var retry: Set<CellStatus> = []
  /// The part of the plan that is run; nil for all of it.
  public var slice: Slice?
  /// True where the folder may have a plan of which no cell is left.
  public var replace = false

  public init(_ sweep: SweepFile, in folder: String) {
    self.sweep = sweep
    self.folder = folder
  }

  /// The cells of the part that is run.
  var cells: [Cell] { sweep.cells.filter { slice?.contains($0.key) ?? true } }

  /// How the ranks are to behave.
  var options: SweepOptions {
    var options = SweepOptions()
    options.ranksPerCell = ranksPerCell.number
    options.helping = ranksPerCell == .auto
    options.stateInterval = stateEvery
    options.patience = patience
    return options
  }
}

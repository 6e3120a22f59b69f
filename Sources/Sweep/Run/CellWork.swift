import Model
import ResultStore

/// One cell in progress on this rank. It knows nothing of ranks outside the team, of files or of time: a cell gives the
/// same records wherever it runs and however often it is started.
public protocol CellWork: AnyObject {
  /// Works up to the next record: one meta-iteration or a few evaluation networks.
  ///
  /// The records are the same on every member of the team. It must call `Team.pulse` between lifetimes or
  /// more often, so that this rank keeps answering during a long step, and pass on what that throws.
  func advance(in team: any Team) throws -> CellProgress
  /// What a later `CellWorkshop.begin` needs to continue from here, bit for bit.
  func state() -> EncodedRecord
}

public struct CellProgress: Sendable {
  public var records: [EncodedRecord]
  /// True when the result record is among `records`.
  public var finished: Bool
  /// The status in that result; undefined before.
  public var status: CellStatus
  /// Meta-iterations done and to do, for the progress line.
  public var iteration: Int
  public var iterations: Int
  public init(
    records: [EncodedRecord], finished: Bool, status: CellStatus = .done, iteration: Int, iterations: Int
  ) {
    self.records = records
    self.finished = finished
    self.status = status
    self.iteration = iteration
    self.iterations = iterations
  }
}

/// Makes the work of cells: the interface between the sweep and the science.
public protocol CellWorkshop: AnyObject {
  /// - Parameter state: a state record of this cell to go on from, or nil to begin.
  func begin(_ cell: Cell, from state: EncodedRecord?) throws -> any CellWork
}

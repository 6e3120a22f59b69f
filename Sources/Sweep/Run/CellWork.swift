import Model
import ResultStore

/// One cell in progress on this rank. Nothing here knows of ranks outside the team, of files or of time: the same
/// cell gives the same records wherever and however often it is started.
public protocol CellWork: AnyObject {
  /// Goes on to the next point worth a record: one meta-iteration or a few evaluation networks.
  /// The records are the same on every member of the team. `Team.pulse` is to be called between lifetimes, or more
  /// often: it keeps this rank answering while a step takes long. What it throws must leave this method.
  func advance(in team: any Team) throws -> CellProgress
  /// What a later `CellWorkshop.begin` needs to go on from here, bit for bit.
  func state() -> EncodedRecord
}

public struct CellProgress: Sendable {
  public var records: [EncodedRecord]
  /// True when the result record is among `records`.
  public var finished: Bool
  /// What that result says; of no meaning before.
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

/// Makes the work of cells; the door through which the sweep meets the science.
public protocol CellWorkshop: AnyObject {
  /// - Parameter state: a state record of this cell to go on from, or nil to begin.
  func begin(_ cell: Cell, from state: EncodedRecord?) throws -> any CellWork
}

import ResultStore

/// Everything the ranks of a sweep say to each other.
public enum Message: Equatable, Sendable {
  // To rank 0, and `hello` and `beat` back from it.

  /// A rank is there and waits for work.
  case hello(host: String, process: Int32)
  /// A sign of life: expect the next one within `patience` seconds.
  case beat(patience: Double)
  /// Records of a cell, with its meta-iterations done and to do. Acknowledged once they are stored.
  case records(cell: CellNumber, iteration: Int, iterations: Int, records: [EncodedRecord])
  /// The cell's result record has been sent before.
  case finished(cell: CellNumber, status: CellStatus)
  /// The cell threw an error.
  case failed(cell: CellNumber, text: String)
  /// A recalled cell that had not begun.
  case returned(cell: CellNumber)
  /// A cell given up because of a drain; its state has been sent before.
  case drained(cell: CellNumber)
  /// This rank has been asked by a signal to drain the sweep.
  case drainWanted

  // From rank 0 to the leader of a team, `stop` to every rank.

  /// A cell for the team, run by `members` (the leader first), to go on from `state` where there is one.
  /// `pulse` is the expected time between two signs of life in seconds, 0 where unknown.
  case assign(cell: CellNumber, state: EncodedRecord?, members: [Int], pulse: Double)
  /// Give back this cell if it has not begun.
  case recall(cell: CellNumber)
  /// From the next step on, these ranks share the cell (the leader first).
  case share(cell: CellNumber, members: [Int])
  /// Bytes of records stored so far, of all this rank has ever sent.
  case stored(bytes: Int)
  /// Finish the meta-iteration, send the state, and stop.
  case drain
  /// The sweep is over.
  case stop(SweepSummary)

  // Inside a team; `round` numbers the cells that a leader has led.

  /// Leader to member: begin this cell.
  case join(round: Int, cell: CellNumber, state: EncodedRecord?, members: [Int])
  /// Leader to member: go on with the next step.
  case proceed(round: Int)
  /// Member to leader: its numbers of the `sequence`-th gather of the round.
  case part(round: Int, sequence: Int, numbers: [Double])
  /// Leader to member: the numbers of all.
  case whole(round: Int, sequence: Int, numbers: [[Double]])
  /// Member to leader: the cell threw here.
  case trouble(round: Int, text: String)
  /// Leader to member: the round is over.
  case leave(round: Int)

  /// The number a message travels under; never reused for another meaning.
  public enum Tag: UInt8, CaseIterable, Sendable {
    case hello = 1
    case beat = 2
    case records = 3
    case finished = 4
    case failed = 5
    case returned = 6
    case drained = 7
    case drainWanted = 8
    case assign = 20
    case recall = 21
    case stored = 22
    case drain = 23
    case stop = 24
    case share = 25
    case join = 40
    case proceed = 41
    case part = 42
    case whole = 43
    case trouble = 44
    case leave = 45
  }

  public var tag: Tag {
    switch self {
    case .hello: .hello
    case .beat: .beat
    case .records: .records
    case .finished: .finished
    case .failed: .failed
    case .returned: .returned
    case .drained: .drained
    case .drainWanted: .drainWanted
    case .assign: .assign
    case .recall: .recall
    case .stored: .stored
    case .drain: .drain
    case .stop: .stop
    case .share: .share
    case .join: .join
    case .proceed: .proceed
    case .part: .part
    case .whole: .whole
    case .trouble: .trouble
    case .leave: .leave
    }
  }
}

/// What a run has done, the same on every rank.
public struct SweepSummary: Equatable, Sendable {
  /// Cells that ended in this run, by how.
  public var done: Int
  public var diverged: Int
  public var failed: Int
  /// Cells of this run that have not ended: a drain came before.
  public var left: Int
  /// True where a drain stopped the run before its end.
  public var drained: Bool

  public init(done: Int = 0, diverged: Int = 0, failed: Int = 0, left: Int = 0, drained: Bool = false) {
    self.done = done
    self.diverged = diverged
    self.failed = failed
    self.left = left
    self.drained = drained
  }

  /// 0 when nothing is left, 75 ("run the same command again") after a drain.
  public var exitCode: Int32 { drained ? 75 : 0 }
}

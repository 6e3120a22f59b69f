import ResultStore

/// Records that wait on their rank to be sent together, and the account of those on their way to rank 0.
struct Outbox {
  private let options: SweepOptions
  private var records: [EncodedRecord] = []
  private var cell: CellNumber = 0
  private var iteration = 0
  private var iterations = 0
  private var bytes = 0
  private var lastSent = -Double.infinity
  private var sent = 0
  /// Bytes that rank 0 says it has stored, of all ever sent.
  var stored = 0

  init(options: SweepOptions) { self.options = options }

  var isEmpty: Bool { records.isEmpty }
  /// True while not too much is on its way.
  var mayGo: Bool { sent - stored <= options.window }

  func isDue(now: Double) -> Bool {
    !isEmpty && (bytes >= options.flushBytes || now - lastSent >= options.flushInterval)
  }

  mutating func add(_ more: [EncodedRecord], of cell: CellNumber, iteration: Int, iterations: Int) {
    self.cell = cell
    self.iteration = iteration
    self.iterations = iterations
    add(more)
  }

  /// More records of the cell of the last ones.
  mutating func add(_ more: [EncodedRecord]) {
    records += more
    bytes += more.reduce(0) { $0 + $1.bytes.count }
  }

  /// Everything that waits, as one message of one cell.
  mutating func takeMessage(now: Double) -> Message {
    defer {
      records = []
      sent += bytes
      bytes = 0
      lastSent = now
    }
    return .records(cell: cell, iteration: iteration, iterations: iterations, records: records)
  }
}

import Model
import ResultStore

/// The sink that writes into a result folder. Results wait for the next commit, so that those of many cells go to the
/// disk together; everything else is written at once.
public final class StoreSink: RecordSink {
  private let writer: StoreWriter
  private let launch: UInt32
  private let simd: UInt8
  /// Results of cells that have ended since the last commit.
  private var results: [EncodedRecord] = []

  /// - Parameters:
  ///   - writer: the opened folder; the caller closes it after the run.
  ///   - launch: number of this launch in `sweep.json`.
  ///   - simd: the SIMD level of the sweep: 0 baseline, 1 v3, 2 v4.
  public init(_ writer: StoreWriter, launch: UInt32, simd: UInt8) {
    self.writer = writer
    self.launch = launch
    self.simd = simd
  }

  public func append(_ record: EncodedRecord) throws {
    if record.kind == .result { results.append(record) } else { try writer.append(record) }
  }

  public func commit() throws {
    let ended = results
    results = []
    try writer.append(results: ended)
    try writer.commit()
  }

  public func keepAlive() throws { try writer.tick() }

  public func recordFailure(of cell: Cell, message: String, rank: Int) throws {
    let shape = cell.settings.rule.shape
    let count = shape.coefficients
    let history = writer.index.cells[cell.key]
    let result = ResultRecord(cell: cell.key) {
      $0.status = .failed
      $0.simd = simd
      $0.launch = launch
      $0.rank = UInt32(rank)
      $0.iterations = UInt32(history?.iterations ?? 0)
      $0.evaluations = UInt32(history?.evaluations ?? 0)
      $0.choice = 2
      $0.seconds = 0
      $0.gigaflop = 0
      $0.theta = Array(repeating: 0, count: count)
      $0.scale = Array(repeating: 0, count: count)
      $0.constants = Array(repeating: 0, count: LocalConstant.allCases.count)
      $0.message = message
    }
    results.append(result.encoded(shape: shape))
  }
}

import ResultStore
import Sweep

/// The result folder as the coordinator sees it.
final class StoreSink: RecordSink {
  private let store: StoreWriter
  private let launch: Int

  /// - Parameter launch: this launch's number in `sweep.json`.
  init(_ store: StoreWriter, launch: Int) {
    self.store = store
    self.launch = launch
  }

  func append(_ record: EncodedRecord) throws { try store.append(record) }
  func commit() throws { try store.commit() }
  func keepAlive() throws { try store.tick() }

  func recordFailure(of cell: Cell, message: String, rank: Int) throws {
    let degree = cell.settings.rule.degree
    let count = (degree + 1) * (degree + 1)
    let unknown = [Double](repeating: .nan, count: count)
    let history = store.index.cells[cell.key]
    try store.append(
      ResultRecord(
        cell: cell.key, status: .failed, simd: 0, launch: UInt32(launch), rank: UInt32(rank),
        iterations: UInt32(history?.iterations ?? 0), lifetimes: 0, divergedLifetimes: 0,
        evaluations: UInt32(history?.evaluations ?? 0), choice: 0, bestIteration: 0, validationReward: .nan,
        seconds: 0, gigaflop: 0, theta: unknown, scale: unknown,
        constants: .init(repeating: .nan, count: localConstantNames.count), message: message
      ).encoded(degree: degree))
  }
}

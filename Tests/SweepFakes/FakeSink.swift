import Foundation
import ResultStore
import Sweep

/// Keeps what rank 0 stores, and checks it as it comes.
public final class FakeSink: RecordSink {
  public private(set) var iterations: [UInt64: [UInt64]] = [:]
  public private(set) var states: [UInt64: EncodedRecord] = [:]
  public private(set) var results: [UInt64: CellStatus] = [:]
  public private(set) var failures: [UInt64: String] = [:]
  /// What went wrong; empty in a run that is right.
  public private(set) var complaints: [String] = []
  public private(set) var appended = 0
  public private(set) var commits = 0
  public private(set) var keptAlive = 0
  /// The append that fails, counted from 1; nil for none.
  public var failsAt: Int?
  /// Called within every commit, before the results count as stored.
  public var duringCommit: () -> Void = {}

  /// Results that wait for the next commit, as a store holds them; a failure has a message.
  private var held: [(record: EncodedRecord, failure: String?)] = []

  private var file: FileHandle?

  public init() {}

  /// Keeps its records in `folder`/records, 26 bytes each, and begins with those that are there.
  public init(folder: String?) throws {
    guard let folder else { return }
    let path = folder + "/records"
    let size = 26
    if !FileManager.default.fileExists(atPath: path) {
      _ = FileManager.default.createFile(atPath: path, contents: nil)
    }
    let all = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    let whole = all.count / size * size
    for start in stride(from: 0, to: whole, by: size) {
      guard let kind = RecordKind(rawValue: all[start]) else {
        throw FakeError(description: "byte \(start) of \(path) is no record")
      }
      let record = EncodedRecord(kind: kind, degree: 1, bytes: Array(all[start + 2..<start + size]))
      if all[start + 1] == 1 { held.append((record, "stored")) } else { try append(record) }
    }
    try commit()
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try handle.truncate(atOffset: UInt64(whole))
    try handle.seekToEnd()
    file = handle
  }

  /// A number that all finished cells with all their iterations make, the same in whatever order they came.
  public var digest: UInt64 {
    results.keys.sorted().reduce(0) { sum, key in
      (iterations[key] ?? []).reduce(sum &* 31 &+ key) { $0 &* 1_000_003 &+ $1 }
    }
  }

  private func write(_ record: EncodedRecord, failed: Bool = false) throws {
    guard let file else { return }
    try file.write(contentsOf: Data([record.kind.rawValue, failed ? 1 : 0] + record.bytes.prefix(24)))
  }

  public func append(_ record: EncodedRecord) throws {
    if record.kind != .result { try write(record) }
    appended += 1
    if appended == failsAt { throw FakeError(description: "no space left in /fake") }
    let fields = FakeRecord(record)
    let cell = fields.cell
    if hasEnded(cell) { complaints.append("a record of cell \(cell) after its result") }
    switch record.kind {
    case .iteration:
      let at = Int(fields.iteration)
      if fields.value != FakeWork.value(cell, at) {
        complaints.append("cell \(cell) iteration \(at): wrong value")
      }
      let have = iterations[cell, default: []].count
      // After a death a cell repeats iterations from its last state, and never leaves one out.
      if at > have { complaints.append("cell \(cell) jumps from iteration \(have) to \(at)") }
      if at == have { iterations[cell, default: []].append(fields.value) }
    case .state: states[cell] = record
    case .result: held.append((record, nil))
    case .evaluation, .dynamics, .alignment: complaints.append("\(record.kind) record of a fake cell")
    }
  }

  public func commit() throws {
    commits += 1
    duringCommit()
    for (record, failure) in held {
      try write(record, failed: failure != nil)
      let fields = FakeRecord(record)
      results[fields.cell] = failure == nil ? CellStatus(rawValue: UInt8(fields.iteration)) : .failed
      failures[fields.cell] = failure
    }
    held = []
  }

  public func keepAlive() { keptAlive += 1 }

  public func recordFailure(of cell: Cell, message: String, rank: Int) throws {
    if hasEnded(cell.key) { complaints.append("cell \(cell.key) failed after its result") }
    held.append((FakeRecord(cell: cell.key, iteration: 2, value: 0).encoded(.result), message))
  }

  private func hasEnded(_ cell: UInt64) -> Bool {
    results[cell] != nil || held.contains { FakeRecord($0.record).cell == cell }
  }

  /// The work that is left for a later run.
  public func items(of cells: [FakeCell]) -> [SweepItem] {
    cells.indices.filter { results[UInt64($0 + 1)] == nil }.map { index in
      SweepItem(
        cell: CellNumber(index), cost: Double(max(1, cells[index].steps)), state: states[UInt64(index + 1)],
        width: 4)
    }
  }
}

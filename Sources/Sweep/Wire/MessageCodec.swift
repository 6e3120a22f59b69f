import MPI
import ResultStore

/// The byte form of a message: its tag, then its fields in the order of their declaration (`ByteWriter`).
extension Message {
  public var encoded: [UInt8] {
    var w = ByteWriter()
    w.byte(tag.rawValue)
    switch self {
    case .hello(let host, let process):
      w.text(host)
      w.int(Int(process))
    case .beat(let patience): w.double(patience)
    case .records(let cell, let iteration, let iterations, let records):
      w.cell(cell)
      w.int(iteration)
      w.int(iterations)
      w.int(records.count)
      for record in records { w.record(record) }
    case .finished(let cell, let status):
      w.cell(cell)
      w.byte(status.rawValue)
    case .failed(let cell, let text):
      w.cell(cell)
      w.text(text)
    case .returned(let cell), .drained(let cell), .recall(let cell): w.cell(cell)
    case .drainWanted, .drain: break
    case .assign(let cell, let state, let members, let pulse):
      w.cell(cell)
      w.optional(state)
      members.write(to: &w)
      w.double(pulse)
    case .share(let cell, let members):
      w.cell(cell)
      members.write(to: &w)
    case .stored(let bytes): w.int(bytes)
    case .stop(let summary):
      [summary.done, summary.diverged, summary.failed, summary.left, summary.drained ? 1 : 0].write(to: &w)
    case .join(let round, let cell, let state, let members):
      w.int(round)
      w.cell(cell)
      w.optional(state)
      members.write(to: &w)
    case .proceed(let round), .leave(let round): w.int(round)
    case .part(let round, let sequence, let numbers):
      w.int(round)
      w.int(sequence)
      numbers.write(to: &w)
    case .whole(let round, let sequence, let numbers):
      w.int(round)
      w.int(sequence)
      numbers.write(to: &w)
    case .trouble(let round, let text):
      w.int(round)
      w.text(text)
    }
    return w.bytes
  }

  /// - Throws: `MessageError` for bytes that are too short, too long, or of no known tag.
  public init(decoding bytes: [UInt8]) throws {
    var r = ByteReader(bytes)
    let number = try r.byte()
    guard let tag = Tag(rawValue: number) else {
      throw MessageError(description: "no message has tag \(number)")
    }
    self = try Self.body(of: tag, &r)
    guard r.isAtEnd else { throw MessageError(description: "\(r.left) bytes too many in message \(tag)") }
  }

  private static func body(of tag: Tag, _ r: inout ByteReader) throws -> Message {
    switch tag {
    case .hello: return .hello(host: try r.text(), process: Int32(truncatingIfNeeded: try r.int()))
    case .beat: return .beat(patience: try r.double())
    case .records:
      return .records(
        cell: try r.cell(), iteration: try r.int(), iterations: try r.int(), records: try r.records())
    case .finished:
      let cell = try r.cell()
      let raw = try r.byte()
      guard let status = CellStatus(rawValue: raw) else {
        throw MessageError(description: "no cell status has number \(raw)")
      }
      return .finished(cell: cell, status: status)
    case .failed: return .failed(cell: try r.cell(), text: try r.text())
    case .returned: return .returned(cell: try r.cell())
    case .drained: return .drained(cell: try r.cell())
    case .recall: return .recall(cell: try r.cell())
    case .drainWanted: return .drainWanted
    case .drain: return .drain
    case .assign:
      return .assign(
        cell: try r.cell(), state: try r.optional(), members: try r.ints(), pulse: try r.double())
    case .share: return .share(cell: try r.cell(), members: try r.ints())
    case .stored: return .stored(bytes: try r.int())
    case .stop:
      let n = try r.ints()
      guard n.count == 5 else { throw MessageError(description: "a summary has 5 numbers, not \(n.count)") }
      return .stop(SweepSummary(done: n[0], diverged: n[1], failed: n[2], left: n[3], drained: n[4] != 0))
    case .join:
      return .join(round: try r.int(), cell: try r.cell(), state: try r.optional(), members: try r.ints())
    case .proceed: return .proceed(round: try r.int())
    case .leave: return .leave(round: try r.int())
    case .part: return .part(round: try r.int(), sequence: try r.int(), numbers: try r.doubles())
    case .whole:
      let round = try r.int()
      let sequence = try r.int()
      let parts = try r.count(of: 8)
      return .whole(round: round, sequence: sequence, numbers: try (0..<parts).map { _ in try r.doubles() })
    case .trouble: return .trouble(round: try r.int(), text: try r.text())
    }
  }
}

import ResultStore

/// Bytes that are not a message: a bug, or a rank of another version.
public struct MessageError: Error, Equatable, CustomStringConvertible {
  public var description: String
}

/// The byte form of a message: its tag, then its fields in the order of their declaration. Integers are eight bytes
/// little-endian, doubles their bit pattern, lists and texts their count first; an absent record is one 0 byte.
extension Message {
  public var encoded: [UInt8] {
    var w = MessageWriter()
    w.byte(tag.rawValue)
    switch self {
    case .hello(let host, let process):
      w.text(host)
      w.int(Int(process))
    case .beat(let patience): w.double(patience)
    case .records(let item, let iteration, let iterations, let records):
      w.int(item)
      w.int(iteration)
      w.int(iterations)
      w.int(records.count)
      for record in records { w.record(record) }
    case .finished(let item, let status):
      w.int(item)
      w.byte(status.rawValue)
    case .failed(let item, let text):
      w.int(item)
      w.text(text)
    case .returned(let item), .drained(let item), .recall(let item): w.int(item)
    case .drainWanted, .drain: break
    case .assign(let item, let state, let members, let pulse):
      w.int(item)
      w.optional(state)
      w.ints(members)
      w.double(pulse)
    case .share(let item, let members):
      w.int(item)
      w.ints(members)
    case .stored(let bytes): w.int(bytes)
    case .stop(let summary):
      w.ints([summary.done, summary.diverged, summary.failed, summary.left, summary.drained ? 1 : 0])
    case .join(let round, let item, let state, let members):
      w.int(round)
      w.int(item)
      w.optional(state)
      w.ints(members)
    case .proceed(let round), .leave(let round): w.int(round)
    case .part(let round, let sequence, let numbers):
      w.int(round)
      w.int(sequence)
      w.doubles(numbers)
    case .whole(let round, let sequence, let numbers):
      w.int(round)
      w.int(sequence)
      w.int(numbers.count)
      for part in numbers { w.doubles(part) }
    case .trouble(let round, let text):
      w.int(round)
      w.text(text)
    }
    return w.bytes
  }

  /// - Throws: `MessageError` for bytes that are too short, too long, or of no known tag.
  public init(decoding bytes: [UInt8]) throws {
    var r = MessageReader(bytes)
    let number = try r.byte()
    guard let tag = Tag(rawValue: number) else {
      throw MessageError(description: "no message has tag \(number)")
    }
    self = try Self.body(of: tag, &r)
    guard r.isAtEnd else { throw MessageError(description: "\(r.left) bytes too many in message \(tag)") }
  }

  private static func body(of tag: Tag, _ r: inout MessageReader) throws -> Message {
    switch tag {
    case .hello: return .hello(host: try r.text(), process: Int32(truncatingIfNeeded: try r.int()))
    case .beat: return .beat(patience: try r.double())
    case .records:
      return .records(
        item: try r.int(), iteration: try r.int(), iterations: try r.int(), records: try r.records())
    case .finished:
      let item = try r.int()
      let raw = try r.byte()
      guard let status = CellStatus(rawValue: raw) else {
        throw MessageError(description: "no cell status has number \(raw)")
      }
      return .finished(item: item, status: status)
    case .failed: return .failed(item: try r.int(), text: try r.text())
    case .returned: return .returned(item: try r.int())
    case .drained: return .drained(item: try r.int())
    case .recall: return .recall(item: try r.int())
    case .drainWanted: return .drainWanted
    case .drain: return .drain
    case .assign:
      return .assign(
        item: try r.int(), state: try r.optional(), members: try r.ints(), pulse: try r.double())
    case .share: return .share(item: try r.int(), members: try r.ints())
    case .stored: return .stored(bytes: try r.int())
    case .stop:
      let n = try r.ints()
      guard n.count == 5 else { throw MessageError(description: "a summary has 5 numbers, not \(n.count)") }
      return .stop(SweepSummary(done: n[0], diverged: n[1], failed: n[2], left: n[3], drained: n[4] != 0))
    case .join:
      return .join(round: try r.int(), item: try r.int(), state: try r.optional(), members: try r.ints())
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

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

struct MessageWriter {
  private(set) var bytes: [UInt8] = []

  mutating func byte(_ value: UInt8) { bytes.append(value) }
  mutating func int(_ value: Int) {
    withUnsafeBytes(of: Int64(value).littleEndian) { bytes.append(contentsOf: $0) }
  }
  mutating func double(_ value: Double) { int(Int(Int64(bitPattern: value.bitPattern))) }
  mutating func text(_ value: String) { raw(Array(value.utf8)) }
  mutating func ints(_ values: [Int]) {
    int(values.count)
    for value in values { int(value) }
  }
  mutating func doubles(_ values: [Double]) {
    int(values.count)
    for value in values { double(value) }
  }
  mutating func record(_ value: EncodedRecord) {
    byte(value.kind.rawValue)
    int(value.degree)
    raw(value.bytes)
  }
  mutating func optional(_ value: EncodedRecord?) {
    byte(value == nil ? 0 : 1)
    if let value { record(value) }
  }
  private mutating func raw(_ value: [UInt8]) {
    int(value.count)
    bytes.append(contentsOf: value)
  }
}

struct MessageReader {
  private let bytes: [UInt8]
  private var place = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var left: Int { bytes.count - place }
  var isAtEnd: Bool { left == 0 }

  mutating func byte() throws -> UInt8 {
    guard left >= 1 else { throw short(1) }
    defer { place += 1 }
    return bytes[place]
  }
  mutating func int() throws -> Int {
    guard left >= 8 else { throw short(8) }
    defer { place += 8 }
    let at = place
    return Int(
      Int64(littleEndian: bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: at, as: Int64.self) }))
  }
  mutating func double() throws -> Double { Double(bitPattern: UInt64(bitPattern: Int64(try int()))) }
  mutating func text() throws -> String { String(decoding: try raw(), as: UTF8.self) }
  /// A count of things of at least `size` bytes each: never more than what is left can hold.
  mutating func count(of size: Int) throws -> Int {
    let n = try int()
    guard n >= 0, n <= left / size else {
      throw MessageError(description: "a count of \(n) things of \(size) bytes where \(left) bytes are left")
    }
    return n
  }
  mutating func ints() throws -> [Int] { try (0..<count(of: 8)).map { _ in try int() } }
  mutating func doubles() throws -> [Double] { try (0..<count(of: 8)).map { _ in try double() } }
  mutating func records() throws -> [EncodedRecord] { try (0..<count(of: 17)).map { _ in try record() } }
  mutating func record() throws -> EncodedRecord {
    let raw = try byte()
    guard let kind = RecordKind(rawValue: raw) else {
      throw MessageError(description: "no record kind has number \(raw)")
    }
    return EncodedRecord(kind: kind, degree: try int(), bytes: try self.raw())
  }
  mutating func optional() throws -> EncodedRecord? { try byte() == 0 ? nil : try record() }

  private mutating func raw() throws -> [UInt8] {
    let n = try count(of: 1)
    defer { place += n }
    return Array(bytes[place..<place + n])
  }
  private func short(_ wanted: Int) -> MessageError {
    MessageError(description: "\(wanted) bytes wanted where \(left) are left")
  }
}

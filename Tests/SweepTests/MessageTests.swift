import MPI
import ResultStore
import TestSupport
import Testing

@testable import Sweep

@Suite struct MessageTests {
  static let record = EncodedRecord(kind: .evaluation, degree: 5, bytes: [1, 2, 255])
  static let all: [Message] = [
    .hello(host: "kn\u{f8}t-7", process: 4711), .beat(patience: 61.5),
    .records(cell: 3, iteration: 7, iterations: 120, records: [record, record]),
    .records(cell: 0, iteration: 0, iterations: 0, records: []), .finished(cell: 9, status: .diverged),
    .failed(cell: 2, text: "a \u{3b8} that is not finite"), .returned(cell: 5), .drained(cell: 6),
    .drainWanted,
    .assign(cell: 1_000_000, state: record, members: [4, 5, 6], pulse: 0.25),
    .assign(cell: 1, state: nil, members: [0], pulse: 0), .recall(cell: 8), .share(cell: 3, members: [2, 9]),
    .stored(bytes: 1 << 40), .drain,
    .stop(SweepSummary(done: 1, diverged: 2, failed: 3, left: 4, drained: true)),
    .join(round: 2, cell: 11, state: record, members: [2, 3]), .proceed(round: 2),
    .part(round: 2, sequence: 9, numbers: [0.1, -.infinity, .leastNonzeroMagnitude]),
    .whole(round: 2, sequence: 9, numbers: [[1, 2], [], [3]]), .trouble(round: 4, text: ""), .leave(round: 3),
  ]

  @Test func everyMessageComesBack() throws {
    for message in Self.all { #expect(try Message(decoding: message.encoded) == message) }
  }

  @Test func everyTagHasACaseHere() {
    #expect(Set(Self.all.map(\.tag)) == Set(Message.Tag.allCases))
  }

  @Test("Cut anywhere or one byte longer, a message is an error and never a crash")
  func damaged() {
    for message in Self.all {
      let bytes = message.encoded
      for length in 0..<bytes.count {
        #expect(throws: MessageError.self) { try Message(decoding: Array(bytes[..<length])) }
      }
      #expect(throws: MessageError.self) { try Message(decoding: bytes + [0]) }
    }
  }

  @Test func anyBytesAreAMessageOrAnError() {
    var dice = SeededRandom(1)
    var messages = 0
    for _ in 0..<20_000 {
      var bytes = Self.all.randomElement(using: &dice)!.encoded
      for _ in 0..<Int.random(in: 1...4, using: &dice) {
        bytes[Int.random(in: 0..<bytes.count, using: &dice)] = UInt8.random(in: 0...255, using: &dice)
      }
      if (try? Message(decoding: bytes)) != nil { messages += 1 }
    }
    #expect(messages > 0 && messages < 20_000)
  }

  @Test func bytesArePinned() {
    #expect(Message.finished(cell: 258, status: .failed).encoded == [4, 2, 1, 0, 0, 0, 0, 0, 0, 2])
    #expect(
      Message.failed(cell: 1, text: "x").encoded == [5, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 120])
    #expect(Message.Tag.leave.rawValue == 45)
  }
}

import Model
import ResultStore
import SweepFakes
import TestSupport
import Testing

@testable import Sweep

/// The sink on a real result folder, and what a later launch finds there.
@Suite struct StoreSinkTests {
  static let cells = FakeWorkshop.sweepCells(3)

  static func state(_ cell: UInt64, iteration: UInt32) -> EncodedRecord {
    StateRecord.madeUp(cell, done: Int(iteration), degree: 3)
  }

  static func iteration(_ cell: UInt64, _ number: UInt32) -> EncodedRecord {
    IterationRecord.madeUp(cell, Int(number), degree: 3)
  }

  @Test func aFailedCellIsFoundWithItsMessageAndGoesOnFromItsState() throws {
    let folder = try TemporaryFolder("sink")
    let out = folder.file("out")
    let writer = try StoreWriter(out)
    let sink = StoreSink(writer, launch: 2, simd: 1)
    for number in 0..<3 { try sink.append(Self.iteration(2, UInt32(number))) }
    try sink.append(Self.state(2, iteration: 2))
    try sink.keepAlive()
    try sink.recordFailure(of: Self.cells[1], message: "theta is not finite", rank: 5)
    try sink.append(Self.iteration(1, 0))
    try sink.append(Self.state(1, iteration: 1))
    try sink.commit()
    try writer.close()

    let later = try StoreWriter(out)
    defer { try? later.close() }
    let result = try #require(try later.index.result(of: 2))
    #expect(result.status == .failed && result.message == "theta is not finite")
    #expect(result.rank == 5 && result.launch == 2 && result.simd == 1 && result.iterations == 3)

    let left = try Resume(cells: Self.cells, costs: [10, 10, 10], index: later.index)
    #expect(left.items.map { $0.cell } == [0, 2])
    #expect(left.ended == [.failed: 1])
    #expect(left.items[0].state == Self.state(1, iteration: 1) && left.items[1].state == nil)
    // One of 120 iterations is behind the state.
    #expect(abs(left.items[0].cost - 10 * 119 / 120.0) < 1e-12 && left.items[1].cost == 10)

    let again = try Resume(
      cells: Self.cells, costs: [10, 10, 10], pulses: [1, 2, 3], retry: [.failed], index: later.index)
    #expect(again.items.map { $0.cell } == [0, 1, 2])
    #expect(again.items.map { $0.pulse } == [1, 2, 3])
    #expect(again.items[1].state == Self.state(2, iteration: 2) && again.retried == [Self.cells[1].key])
  }

  @Test func aRepeatedIterationMustBeTheSame() throws {
    let folder = try TemporaryFolder("sink")
    let writer = try StoreWriter(folder.file("out"))
    defer { try? writer.close() }
    let sink = StoreSink(writer, launch: 0, simd: 0)
    try sink.append(Self.iteration(1, 0))
    try sink.append(Self.iteration(1, 0))
    var other = Self.iteration(1, 0)
    other.bytes[other.bytes.count - 1] ^= 1
    #expect(throws: StoreError.self) { try sink.append(other) }
  }

  @Test func theStoresOwnExitCodeIsKept() {
    #expect(SweepError.sink(StoreError(.internal, "differs")).exitCode == 70)
    #expect(SweepError.sink(StoreError(.io, "full")).exitCode == 74)
    #expect(SweepError.sink(FakeError(description: "else")).exitCode == 74)
  }
}

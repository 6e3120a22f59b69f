import Foundation
import TestSupport
import Testing

@testable import ResultStore

/// Opening, verifying and resuming a large store. `TRIFACTOR_SOAK=1`: 100,000 cells and 10 million iteration
/// records.
@Suite("Scale") struct StoreScaleTests {
  @Test("Many cells and records open within 30 s and 1 GiB") func large() throws {
    let (cells, perCell) = Soak.isOn ? (100_000, 100) : (2_000, 50)
    let folder = try TemporaryFolder("scale")
    let keys = (1...UInt64(cells)).map { $0 &* 0x9E37_79B9_7F4A_7C15 }
    let start = monotonicSeconds()
    do {
      let writer = try StoreWriter(folder.path)
      try writer.save(Sample.manifest(keys: keys))
      var record = try IterationRecord(Sample.iteration(0))
      for first in stride(from: 0, to: cells, by: 1000) {
        for number in 0..<perCell {
          record.iteration = UInt32(number)
          for key in keys[first..<min(first + 1000, cells)] {
            record.cell = key
            try writer.append(record.encoded(degree: 1))
          }
        }
        let isLast = first + 1000 >= cells
        for key in keys[first..<min(first + 1000, cells)] {
          try writer.append(Sample.state(cell: key, iteration: perCell - 1))
          if !isLast, key % 100 == 0 {
            try writer.append(Sample.result(cell: key, iterations: perCell, evaluations: 0))
          }
        }
      }
      writer.abandon()
    }
    let written = monotonicSeconds()
    let computed = threadSeconds()
    let writer = try StoreWriter(folder.path)
    let opened = monotonicSeconds()
    let opening = threadSeconds() - computed
    #expect(writer.index.cells.count == cells)
    #expect(
      try writer.state(of: keys[cells - 1]).map { try StateRecord($0).iteration } == UInt32(perCell - 1))
    var again = try IterationRecord(Sample.iteration(0))
    again.cell = keys[0]
    again.iteration = UInt32(perCell - 1)
    #expect(try writer.append(again.encoded(degree: 1)) == false, "the same as the stored one")
    writer.abandon()
    let verifying = monotonicSeconds()
    let verification = try Verification(of: folder.path)
    let verified = monotonicSeconds()
    #expect(verification.isClean)
    #expect(opening < 30, "seconds of one core; the clock showed \(opened - written)")
    if Soak.isOn { #expect(try peakMemory() < 1 << 30) }
    let bytes = verification.bytes
    figure(
      "scale: \(cells) cells, \(verification.records) records, \(bytes >> 20) MiB: "
        + String(
          format:
            "written in %.1f s, opened in %.2f s (%.2f s of one core), verified in %.2f s, peak memory of the "
            + "tests %d MiB",
          written - start, opened - written, opening, verified - verifying, try peakMemory() >> 20))
  }
}

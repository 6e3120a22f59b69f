import Foundation
import ResultStore
import SweepFakes
import TestSupport
import Testing

/// A large interrupted sweep goes on: how long the program takes from its start until it has read everything and
/// hands out cells, and how much memory. In a soak 100,000 cells and 10 million iteration records.
@Suite(.startsPrograms) struct ResumeScaleTests {
  private static let (cells, perCell) = Soak.isOn ? (100_000, 100) : (3_000, 10)

  @Test("Resumed within 30 s and 1 GiB") func resume() throws {
    let sweep = try TinySweep(
      """
      name: large
      base: {trials: 10, network.units: 8, rule.degree: 1, evaluation.criterion: {correct: 4, of: 5}}
      axes: {seed: 0..<\(Self.cells)}

      """)
    try Self.begin(sweep)
    let records = try Self.fill(sweep.out)

    let process = try RunningProcess(sweep.arguments())
    let start = Date()
    _ = try process.wait(for: "cells to run", limit: 600) { process.errors.contains(" cells to run") }
    let wall = Date().timeIntervalSince(start)
    let computed = try Self.processorSeconds(process.pid)
    let memory = try peakMemory(of: process.pid)
    process.send(SIGKILL)
    let result = try process.wait()
    #expect(
      result.errors.contains(
        ": \(Self.cells) of \(Self.cells) cells to run, \(Self.cells) of them from a stored state"),
      "\(result)")
    #expect(computed < 30, "seconds of one core; the clock showed \(wall)")
    #expect(memory < 1 << 30, "\(memory >> 20) MiB")
    let verified = try trifactor("verify", sweep.out, limit: 600)
    #expect(verified.end == .exited(0), "\(verified)")
    figure(
      String(
        format:
          "resume: the program goes on with %d cells and %d records after %.1f s (%.1f s of one core), peak "
          + "memory %d MiB; verify takes %.1f s", Self.cells, records, wall, computed, memory >> 20,
        verified.seconds))
  }

  /// Starts the sweep and kills it when it has stored something.
  private static func begin(_ sweep: TinySweep) throws {
    let process = try RunningProcess(sweep.arguments())
    let shard = sweep.out + "/shards/iteration-d1.00000.npy"
    _ = try process.wait(for: shard, limit: 600) { FileManager.default.fileExists(atPath: shard) }
    process.send(SIGKILL)
    _ = try process.wait()
  }

  /// Stores the iterations and a state of every cell that has none.
  /// - Returns: the iteration records in the folder.
  private static func fill(_ out: String) throws -> Int {
    let writer = try StoreWriter(out)
    defer { writer.abandon() }
    let keys = try #require(writer.found).cells.map(\.key)
    #expect(keys.count == cells)
    for key in keys {
      let begun = Int(writer.index.cells[key]?.iterations ?? 0)
      for number in begun..<max(begun, perCell) {
        try writer.append(IterationRecord.madeUp(key, number, degree: 1))
      }
      try writer.append(StateRecord.madeUp(key, done: max(begun, perCell), degree: 1))
    }
    try writer.commit()
    return writer.index.counts[.iteration] ?? 0
  }

  /// User and system time of a process, in seconds.
  private static func processorSeconds(_ pid: pid_t) throws -> Double {
    let text = try String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
    let fields = text[text.lastIndex(of: ")")!...].split(separator: " ")
    let ticks = try [12, 13].map { try #require(Double(fields[$0])) }
    return (ticks[0] + ticks[1]) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }
}

import Foundation
import ResultStore
import TestSupport
import Testing

/// The sweep file changes between two runs into the same folder: what is valid is not computed again, and nothing of
/// what has gone is shown.
@Suite(.startsPrograms) struct ChangedSweepTests {
  private static let text = """
    name: changing
    base:
      trials: 10
      network: {units: 8}
      meta: {iterations: 3, lifetimes: 2, validation-networks: 2}
      evaluation: {networks: 3, criterion: {correct: 4, of: 5}}
    axes:
      rule.degree: [1, 3]
      seed: 0..<3

    """

  /// The export of a run of the text into a folder of its own.
  private static func fresh(_ text: String) throws -> [Data] {
    let sweep = try TinySweep(text)
    let result = try run(sweep.arguments(), limit: 100)
    guard result.end == .exited(0) else { throw ProcessFailure("\(result)") }
    return try sweep.export()
  }

  private static func records(_ sweep: TinySweep) throws -> Int {
    var count = 0
    let reader = try StoreReader(sweep.out)
    for kind in RecordKind.allCases where kind != .state { try reader.forEach(kind) { _ in count += 1 } }
    return count
  }

  @Test("A value removed, a setting edited, all put back")
  func editing() throws {
    let sweep = try TinySweep(Self.text)
    #expect(try run(sweep.arguments(), limit: 100).end == .exited(0))
    let all = try sweep.export()
    let records = try Self.records(sweep)

    let removed = Self.text.replacingOccurrences(of: "[1, 3]", with: "[3]")
    let edited = removed.replacingOccurrences(of: "iterations: 3", with: "iterations: 4")
    let partly = edited.replacingOccurrences(
      of: "  seed: 0..<3", with: "  seed: 0..<3\nwhen: [{if: {seed: 0}, set: {meta.iterations: 3}}]")
    let steps = [
      (removed, "0 cells added, 3 removed, 3 unchanged", "0 of 3 cells to run, 3 done before", 0),
      (edited, "3 cells added, 3 removed, 0 unchanged", "3 of 3 cells to run", 3),
      (partly, "1 cells added, 1 removed, 2 unchanged", "0 of 3 cells to run, 3 done before", 3),
      (Self.text, "5 cells added, 2 removed, 1 unchanged", "0 of 6 cells to run, 6 done before", 3),
    ]
    for (text, difference, work, computed) in steps {
      try text.write(toFile: sweep.file, atomically: true, encoding: .utf8)
      let result = try run(sweep.arguments(), limit: 100)
      #expect(result.end == .exited(0), "\(result)")
      #expect(
        result.errors.contains("the sweep file has changed since the last launch: \(difference)"), "\(result)"
      )
      #expect(result.errors.contains(": \(work)\n"), "\(result)")
      // Four iterations, three roles of three networks, a result: of no cell twice.
      #expect(try Self.records(sweep) == records + computed * (4 + 9 + 1))
      #expect(try sweep.export() == Self.fresh(text))
      #expect(try trifactor("verify", sweep.out).end == .exited(0))
    }
    #expect(try sweep.export() == all)
  }
}

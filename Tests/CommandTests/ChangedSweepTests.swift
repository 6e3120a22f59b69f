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
      (removed, [], "0 cells added, 3 removed, 3 unchanged", "0 of 3 cells to run, 3 done before", 0),
      (edited, ["--replace"], "3 cells added, 3 removed, 0 unchanged", "3 of 3 cells to run", 3),
      (partly, [], "1 cells added, 1 removed, 2 unchanged", "0 of 3 cells to run, 3 done before", 3),
      (Self.text, [], "5 cells added, 2 removed, 1 unchanged", "0 of 6 cells to run, 6 done before", 3),
    ]
    for (text, options, difference, work, computed) in steps {
      try text.write(toFile: sweep.file, atomically: true, encoding: .utf8)
      let result = try run(sweep.arguments(options), limit: 100)
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

  /// An edited base setting changes every cell: the run asks first, and what the old cells were stays known.
  @Test("Every cell changed") func replacing() throws {
    let sweep = try TinySweep(Self.text)
    #expect(try run(sweep.arguments(), limit: 100).end == .exited(0))
    let table = try trifactor("table", sweep.out, "--columns", "trials").output
    let before = try contents(sweep)
    try Self.text.replacing("trials: 10", with: "trials: 12")
      .write(toFile: sweep.file, atomically: true, encoding: .utf8)

    let asked = try run(sweep.arguments(), limit: 100)
    #expect(asked.code == 65, "\(asked)")
    for part in [
      "no cell of the sweep in \(sweep.out) is left", "6 cells added, 6 removed, 0 unchanged",
      "trials was 10 and is 12", "Nothing was changed", "--out another folder", "--replace",
    ] { #expect(asked.errors.contains(part), "\(part): \(asked)") }
    #expect(try contents(sweep) == before)
    #expect(try trifactor("plan", sweep.file, "--out", sweep.out).output.contains("--replace"))

    #expect(try run(sweep.arguments(["--replace"]), limit: 100).end == .exited(0))
    let status = try trifactor("status", sweep.out).output
    #expect(status.contains("cells      6: 6 done"), "\(status)")
    #expect(status.contains("6 cells that the sweep file no longer has, 6 of them ended"), "\(status)")
    #expect(
      try trifactor("verify", sweep.out).output.contains("6 cells of earlier plans, 6 of them with a result"))
    let both = try trifactor("table", sweep.out, "--columns", "trials", "--all-plans").output
    #expect(both.contains(" 10 ") && both.contains(" 12 "), "\(both)")
    let old = try trifactor("table", sweep.out, "--columns", "trials", "--all-plans", "--where", "trials=10")
      .output
    #expect(old == table)
    let rows = sweep.folder.file("rows.csv")
    for (options, count) in [([String](), 6 * 9), (["--all-plans"], 12 * 9)] {
      let export = try run([Repository.program("trifactor"), "export", sweep.out, "--to", rows] + options)
      #expect(export.code == 0, "\(export)")
      #expect(try String(contentsOfFile: rows, encoding: .utf8).split(separator: "\n").count == count + 1)
    }

    // The old file again: its cells are done, and the new ones are what has gone.
    try Self.text.write(toFile: sweep.file, atomically: true, encoding: .utf8)
    let back = try run(sweep.arguments(["--replace"]), limit: 100)
    #expect(back.code == 0 && back.errors.contains("0 of 6 cells to run, 6 done before"), "\(back)")
    #expect(try trifactor("table", sweep.out, "--columns", "trials").output == table)
  }

  private func contents(_ sweep: TinySweep) throws -> [String: Data] {
    var found: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: sweep.out) {
      found[name] = FileManager.default.contents(atPath: "\(sweep.out)/\(name)")
    }
    return found
  }

  /// A run that finds everything done says so.
  @Test func aRepeatSaysWhatThereIs() throws {
    let sweep = try TinySweep(Self.text)
    #expect(try run(sweep.arguments(), limit: 100).errors.contains("finished: 6 done; "))
    let again = try run(sweep.arguments(), limit: 100)
    #expect(again.errors.contains("finished: 6 done, all of them before; "), "\(again)")
    try Self.text.replacing("0..<3", with: "0..<4").write(
      toFile: sweep.file, atomically: true, encoding: .utf8)
    let more = try run(sweep.arguments(), limit: 100)
    #expect(more.errors.contains("finished: 8 done, 6 of them before; "), "\(more)")
  }
}

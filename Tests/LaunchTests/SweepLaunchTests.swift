import Kernels
import ResultStore
import Sweep
import TestSupport
import Testing

@testable import Launch

/// What `run` decides before the first cell, and what it says: on one rank, in this process.
@Suite struct SweepLaunchTests {
  @Test
  func aFreshFolderIsRunAndTheSameCommandThenFindsNothingToDo() throws {
    let two = try TwoCells()
    let sweep = try TwoCells.sweep()
    #expect(try two.run(sweep) == 0)
    #expect(
      two.heard() == [
        "sweep two in \(two.out), 1 rank, SIMD baseline: 2 of 2 cells to run",
        "finished: 2 done; `trifactor table \(two.out)` prints the table",
      ])
    #expect(try two.run(sweep) == 0)
    #expect(
      two.heard() == [
        "sweep two in \(two.out), 1 rank, SIMD baseline: 0 of 2 cells to run, 2 done before",
        "finished: 2 done, all of them before; `trifactor table \(two.out)` prints the table",
      ])
    #expect(try two.manifest().launches.map(\.outcome) == ["done", "done"])
  }

  @Test func anotherSweepIsRefusedAndNothingIsChanged() throws {
    let two = try TwoCells()
    let first = try two.leader(try TwoCells.sweep())
    try first.finish(SweepSummary(left: 2, drained: true))
    let before = try two.manifest()
    let other = try TwoCells.sweep("name: two", "name: other", "[0, 1]", "[5, 6]")
    let error = #expect(throws: StoreError.self) { try two.leader(other) }
    #expect(error?.exitCode == 65)
    #expect(
      error?.description
        == "\(two.out) holds another sweep, 'two', which has no cell in common with 'other'; nothing was changed. "
        + "Give --out another folder, or run the sweep file that belongs to this one (\(two.out)/sweep.yaml is its "
        + "copy), or --replace, which keeps the old cells stored and described (`trifactor table \(two.out) "
        + "--all-plans`)")
    #expect(try two.manifest() == before)
  }

  @Test func aDrainIsToldAndRemembered() throws {
    let two = try TwoCells()
    let leader = try two.leader(try TwoCells.sweep())
    #expect(leader.lead.items.map(\.cell) == [0, 1])
    _ = two.heard()
    try leader.finish(SweepSummary(done: 0, failed: 1, left: 1, drained: true))
    #expect(
      two.heard() == [
        "drained: 0 done, 1 failed (`trifactor status \(two.out)` says why), 1 left; run the same command again to "
          + "go on"
      ])
    #expect(try two.manifest().launches.map(\.outcome) == ["drained"])
    let next = try two.leader(try TwoCells.sweep())
    #expect(next.session.launch == 1 && next.lead.items.count == 2)
    next.abandon(UsageError("the test is over"))
  }

  @Test func aChangedPlanIsCountedAndItsOldCellsRetire() throws {
    let two = try TwoCells()
    try two.leader(try TwoCells.sweep()).finish(SweepSummary())
    _ = two.heard()
    let changed = try TwoCells.sweep("[0, 1]", "[1, 2, 3]")
    let leader = try two.leader(changed)
    #expect(
      two.heard() == [
        "the sweep file has changed since the last launch: 2 cells added, 1 removed, 1 unchanged; `trifactor table "
          + "\(two.out) --all-plans` shows the removed ones too",
        "sweep two in \(two.out), 1 rank, SIMD baseline: 3 of 3 cells to run",
      ])
    try leader.finish(SweepSummary())
    let manifest = try two.manifest()
    #expect(manifest.cells.map(\.key) == changed.cells.map(\.key))
    #expect(manifest.retired == [try TwoCells.sweep().cells[0].key])
  }

  @Test func aPlanOfWhichNothingIsLeftIsReplacedOnRequestOnly() throws {
    let two = try TwoCells()
    try two.leader(try TwoCells.sweep()).finish(SweepSummary())
    let before = try two.manifest()
    let edited = try TwoCells.sweep("trials: 5", "trials: 6")
    let error = #expect(throws: StoreError.self) { try two.leader(edited) }
    #expect(error?.exitCode == 65)
    #expect(
      error?.description.hasPrefix(
        "no cell of the sweep in \(two.out) is left in this version of 'two': 2 cells added, 2 removed, 0 unchanged "
          + "(trials was 5 and is 6). Nothing was changed.") == true, "\(String(describing: error))")
    #expect(try two.manifest() == before)
    try two.leader(edited) { $0.replace = true }.finish(SweepSummary())
    #expect(try two.manifest().cells.map(\.key) == edited.cells.map(\.key))
  }

  @Test func failedCellsWaitForRetry() throws {
    let two = try TwoCells()
    let sweep = try TwoCells.sweep()
    let leader = try two.leader(sweep)
    try leader.lead.sink.recordFailure(of: sweep.cells[1], message: "theta is not finite", rank: 0)
    try leader.lead.sink.commit()
    try leader.finish(SweepSummary(failed: 1, left: 1, drained: true))
    _ = two.heard()
    let next = try two.leader(sweep)
    #expect(next.lead.items.map(\.cell) == [0])
    #expect(
      two.heard() == [
        "sweep two in \(two.out), 1 rank, SIMD baseline: 1 of 2 cells to run, 1 failed (--retry failed runs them again)"
      ])
    try next.finish(SweepSummary(left: 1, drained: true))
    let plan = try Plan(sweep.cells, schema: .trifactor)
    let rest = try PlanRest(of: plan, in: two.out)
    #expect(rest.done == 0 && rest.ended == 1 && rest.begun == 0)
    #expect(rest.left.cells.map(\.cell.key) == [sweep.cells[0].key] && rest.difference?.isEmpty == true)
    #expect(try PlanRest(of: plan, in: two.temporary.file("nowhere")).left.cells.count == 2)
  }

  @Test func aPartOfThePlanIsAllTheFolderKnows() throws {
    let two = try TwoCells()
    let sweep = try TwoCells.sweep("[0, 1]", "0..<8")
    let slice = try #require(Slice("1/2"))
    #expect(try two.run(sweep) { $0.slice = slice } == 0)
    let keys = try two.manifest().cells.map(\.key)
    #expect(keys == sweep.cells.map(\.key).filter { $0 % 2 == 1 } && !keys.isEmpty)
  }
}

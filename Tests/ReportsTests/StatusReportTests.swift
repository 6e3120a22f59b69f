import Experiment
import Launch
import ResultStore
import SweepFakes
import TestSupport
import Testing

@testable import Reports
@testable import Sweep

/// What `status` counts while a run lives.
@Suite struct StatusReportTests {
  /// Two cells, one of which failed in the first launch.
  private func failedOnce(_ out: String) throws -> SweepFile {
    let text = "name: two\nbase: {meta.iterations: 3}\naxes: {seed: [0, 1]}\n"
    let sweep = try SweepFile(bytes: Array(text.utf8), file: "two.yaml", schema: .trifactor) { _ in [] }
    let first = try leader(sweep, out)
    try first.lead.sink.append(IterationRecord.madeUp(sweep.cells[1].key, 0, degree: 3))
    try fail(sweep.cells[1], first)
    try first.finish(SweepSummary(failed: 1, left: 1, drained: true))
    return sweep
  }

  private func leader(_ sweep: SweepFile, _ out: String, retry: Set<CellStatus> = []) throws -> SweepLeader {
    var request = SweepRequest(sweep, in: out)
    request.retry = retry
    return try SweepLeader(request, cells: sweep.cells, lowest: .baseline, ranks: 1) { _ in }
  }

  private func fail(_ cell: Cell, _ leader: SweepLeader) throws {
    try leader.lead.sink.recordFailure(of: cell, message: "theta is not finite", rank: 0)
    try leader.lead.sink.commit()
  }

  @Test func aCellThatIsTriedAgainHasNotEndedYet() throws {
    let folder = try TemporaryFolder("status")
    let out = folder.file("out")
    let sweep = try failedOnce(out)
    let before = try StatusReport(folder: out)
    #expect(before.failed == 1 && before.running == 0 && before.waiting == 1 && before.messages.count == 1)

    let again = try leader(sweep, out, retry: [.failed])
    var progress = Sweep.Progress(costs: [1, 1], teams: 1, now: 0)
    progress.start(item: 1)
    again.lead.report(progress, 0)
    let during = try StatusReport(folder: out)
    #expect(during.failed == 0 && during.running == 1 && during.waiting == 1 && during.messages.isEmpty)
    // It is at work, and what is stored of it is the first launch's.
    let reader = try StoreReader(out)
    let cells = try WorkingCells(reader, status: during, labels: CellLabels(of: reader))
    #expect(cells.entries.isEmpty && cells.silent == 1)

    progress.note(item: 1, iteration: 1, iterations: 3)
    again.lead.report(progress, 100)
    let working = try WorkingCells(reader, status: during, labels: CellLabels(of: reader))
    #expect(working.entries.map(\.place) == ["1 of 3"] && working.silent == 0)

    try fail(sweep.cells[1], again)
    let after = try StatusReport(folder: out)
    #expect(after.failed == 1 && after.running == 1 && after.messages.count == 1)
    try again.finish(SweepSummary(failed: 1, left: 1, drained: true))
    #expect(try StatusReport(folder: out).failed == 1)
  }

  /// Without `--retry` a failed cell stays one.
  @Test func aCellThatIsLeftAloneHasEnded() throws {
    let folder = try TemporaryFolder("status")
    let out = folder.file("out")
    let next = try leader(try failedOnce(out), out)
    next.lead.report(Sweep.Progress(costs: [1], teams: 1, now: 0), 0)
    let status = try StatusReport(folder: out)
    #expect(status.failed == 1 && status.running == 0 && status.waiting == 1)
    try next.finish(SweepSummary(left: 1, drained: true))
  }
}

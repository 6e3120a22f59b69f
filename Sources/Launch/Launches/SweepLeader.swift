import Experiment
import Foundation
import Kernels
import ResultStore
import Sweep

/// What rank 0 does around a run: opens the folder, compares it with the sweep file, decides what is left to do, and
/// says how it went.
public final class SweepLeader {
  public let session: StoreSession
  /// What is left to do, and where its records go.
  public let lead: SweepLead
  private let printer: ProgressLine
  private let folder: String
  /// Cells that ended in earlier launches and are not run again.
  private let before: [CellStatus: Int]
  private let log: (String) -> Void

  /// - Parameters:
  ///   - cells: those of the sweep that are to be run.
  ///   - lowest: the best SIMD level that all ranks have.
  ///   - log: takes the lines that tell how the run stands at its beginning and end.
  /// - Throws: `StoreError`, such as for a folder that holds another sweep; `UsageError` for one begun at a higher
  ///   SIMD level.
  public init(
    _ request: SweepRequest, cells: [Cell], lowest: SIMDLevel, ranks: Int,
    log: @escaping (String) -> Void = printError
  ) throws {
    let (sweep, folder) = (request.sweep, request.folder)
    self.folder = folder
    self.log = log
    let plan = try Plan(cells, schema: .trifactor, ranksPerCell: request.ranksPerCell.number)
    session = try StoreSession(
      folder, sweepFile: String(decoding: sweep.bytes, as: UTF8.self), tasks: sweep.taskFiles,
      lowest: lowest, ranks: ranks, log: log
    ) { found, level in
      if let found {
        let change = PlanChange(of: found, in: folder, to: cells, named: sweep.name)
        try change.check(replace: request.replace)
        change.note.map(log)
      }
      return try SweepManifest(sweep, cells: cells, level: level)
    }
    let printer = ProgressLine(session.store.folder, launch: session.launch)
    self.printer = printer
    do {
      let left = try Resume(
        cells: cells, costs: plan.cells.map(\.gigaflop), pulses: plan.cells.map(\.cost.slowLifetime),
        retry: request.retry, index: session.store.index)
      before = left.ended
      let retried = Set(left.retried)
      printer.retried = left.retried
      for (place, item) in left.items.enumerated() {
        let key = cells[item.cell.value].key
        if item.state != nil || retried.contains(key) { printer.begunBefore[WorkNumber(place)] = key }
      }
      log(
        "sweep \(sweep.name) in \(folder), \(ranks) rank\(ranks == 1 ? "" : "s"), SIMD \(session.level.rawValue): "
          + Self.summary(left, of: cells.count))
      let sink = StoreSink(
        session.store, launch: UInt32(session.launch), simd: UInt8(session.level.code))
      lead = SweepLead(items: left.items, sink: sink) { printer.show($0, now: $1) }
    } catch {
      session.abandon(error)
      throw error
    }
  }

  private static func summary(_ left: Resume, of total: Int) -> String {
    var parts = ["\(left.items.count) of \(total) cells to run"]
    if left.resumed > 0 { parts.append("\(left.resumed) of them from a stored state") }
    if !left.retried.isEmpty { parts.append("\(left.retried.count) of them tried again") }
    if let done = left.ended[.done] { parts.append("\(done) done before") }
    if let diverged = left.ended[.diverged] {
      parts.append("\(diverged) diverged (--retry diverged runs them again)")
    }
    if let failed = left.ended[.failed] { parts.append("\(failed) failed (--retry failed runs them again)") }
    return parts.joined(separator: ", ")
  }

  /// Says how the run went, and closes the folder.
  public func finish(_ summary: SweepSummary) throws {
    printer.finish()
    try session.close(summary.drained ? "drained" : "done")
    log(RunEnding(summary, before: before, folder: folder).line)
  }

  /// To be called after an error: what is stored stays good.
  public func abandon(_ error: any Error) {
    printer.finish()
    session.abandon(error)
  }
}

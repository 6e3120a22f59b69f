import Experiment
import Foundation
import Kernels
import MPI
import ResultStore
import Sweep

/// What rank 0 does around a run: opens the folder, compares it with the sweep file, decides what is left to do, and
/// writes down how it went.
final class Leader {
  let level: SIMDLevel
  private(set) var lead: SweepLead!
  private let store: StoreWriter
  private var manifest: SweepManifest
  private let launch: Int
  private let printer: ProgressLine
  private let folder: String

  /// - Throws: `StoreError`, or `UsageError` where the folder holds another sweep.
  init(_ start: SweepLaunch, cells: [Cell], lowest: SIMDLevel) throws {
    folder = start.folder
    store = try StoreWriter(start.folder, log: printError)
    do {
      let plan = try Plan(cells, schema: .trifactor, ranksPerCell: start.ranksPerCell.number)
      level = try Self.level(of: store.found, lowest: lowest, folder: start.folder)
      if let found = store.found { try Self.compare(found, start.sweep, cells, folder: start.folder) }
      var manifest = try SweepManifest(
        start.sweep, cells: cells, level: level, launches: store.found?.launches ?? [])
      launch = manifest.launches.count
      manifest.launches.append(Build.provenance(ranks: start.world.size, level: level))
      self.manifest = manifest
      try store.saveSweepFile(String(decoding: start.sweep.bytes, as: UTF8.self))
      try store.save(files: KeptFiles.files(of: start.sweep.taskFiles))
      try store.save(manifest)
      printer = ProgressLine(store.folder, launch: launch)
      let left = try Resume(
        cells: cells, costs: plan.cells.map(\.gigaflop), pulses: plan.cells.map(\.cost.slowLifetime),
        retry: start.retry, index: store.index)
      let ranks = start.world.size
      printError(
        "sweep \(start.sweep.name) in \(folder), \(ranks) rank\(ranks == 1 ? "" : "s"), SIMD \(level.rawValue): "
          + Self.summary(left, of: cells.count))
      let printer = printer
      let sink = StoreSink(store, launch: UInt32(launch), simd: UInt8(level.code))
      lead = SweepLead(items: left.items, sink: sink) { printer.show($0, now: $1) }
    } catch {
      store.abandon()
      throw error
    }
  }

  private static func summary(_ left: Resume, of total: Int) -> String {
    var parts = ["\(left.items.count) of \(total) cells to run"]
    if left.resumed > 0 { parts.append("\(left.resumed) of them from a stored state") }
    if left.retried > 0 { parts.append("\(left.retried) of them tried again") }
    if let done = left.ended[.done] { parts.append("\(done) done before") }
    if let diverged = left.ended[.diverged] {
      parts.append("\(diverged) diverged (--retry diverged runs them again)")
    }
    if let failed = left.ended[.failed] { parts.append("\(failed) failed (--retry failed runs them again)") }
    return parts.joined(separator: ", ")
  }

  /// The launch number, most significant byte first.
  var launchBytes: [UInt8] { (0..<4).reversed().map { UInt8(truncatingIfNeeded: launch >> (8 * $0)) } }

  func finish(_ summary: SweepSummary) throws {
    printer.finish()
    manifest.launches[launch].ended = Build.timestamp()
    manifest.launches[launch].outcome = summary.drained ? "drained" : "done"
    try store.save(manifest)
    try store.close()
    var parts = ["\(summary.done) done"]
    if summary.diverged > 0 { parts.append("\(summary.diverged) diverged") }
    if summary.failed > 0 { parts.append("\(summary.failed) failed (`trifactor status \(folder)` says why)") }
    if summary.left > 0 { parts.append("\(summary.left) left") }
    let text = parts.joined(separator: ", ")
    printError(
      summary.drained
        ? "drained: \(text); run the same command again to go on"
        : "finished: \(text); `trifactor table \(folder)` prints the table")
  }

  /// The way out after an error: what is stored stays good.
  func abandon(_ error: any Error) {
    printer.finish()
    manifest.launches[launch].ended = Build.timestamp()
    manifest.launches[launch].outcome = "\(error)"
    try? store.save(manifest)
    store.abandon()
  }

  /// A sweep keeps the SIMD level it began with, since levels differ in the last bits.
  static func level(of found: SweepManifest?, lowest: SIMDLevel, folder: String) throws -> SIMDLevel {
    guard let found else { return lowest }
    guard let kept = SIMDLevel(rawValue: found.simd) else {
      throw StoreError(
        .damaged, "\(folder)/sweep.json names the SIMD level '\(found.simd)', which does not exist")
    }
    guard kept <= lowest else {
      throw UsageError(
        description:
          "the sweep in \(folder) was begun at SIMD level \(kept.rawValue), and at least one rank only has "
          + "\(lowest.rawValue). Results would differ in their last bits: run it on machines with \(kept.rawValue) "
          + "(and without a lower TRIFACTOR_SIMD), or begin a new folder")
    }
    return kept
  }

  /// Says what has changed since the folder was last written.
  private static func compare(
    _ found: SweepManifest, _ sweep: SweepFile, _ cells: [Cell], folder: String
  ) throws {
    let difference = PlanDifference(old: found.cells.map(\.key), new: cells.map(\.key))
    guard found.name == sweep.name || !difference.unchanged.isEmpty else {
      throw StoreError(
        .damaged,
        "\(folder) holds another sweep, '\(found.name)', which has no cell in common with '\(sweep.name)'; nothing "
          + "was changed. Give --out another folder, or run the sweep file that belongs to this one "
          + "(\(folder)/sweep.yaml is its copy)")
    }
    if !difference.isEmpty {
      printError("the sweep file has changed since the last launch: \(difference.summary)")
    }
  }
}

import Foundation
import ResultStore
import Sweep

/// The state of one folder.
public struct StatusReport: Encodable {
  /// What the user calls the folder; nil for its path alone.
  public var label: String?
  var folder: String
  var name: String
  var cells: Int
  var done: Int
  var diverged: Int
  var failed: Int
  var running: Int
  /// Cells that were begun, have not ended, and are not being worked on.
  var interrupted: Int
  /// Cells of which nothing is stored yet.
  var waiting: Int
  var iterations: Int
  var evaluations: Int
  var launches: Int
  /// Host and process that hold the folder; nil where no run lives.
  var holder: String?
  var iterationsPerSecond: Double?
  var secondsLeft: Double?
  var simd: String
  /// Cells that earlier versions of the sweep file had, and those of them with a result.
  var earlierCells: Int
  var earlierEnded: Int
  /// Message of every failed or diverged cell, by key.
  var messages: [String: String]

  /// - Throws: `StoreError` for a folder that holds no sweep or is damaged.
  public init(folder path: String) throws { try self.init(StoreReader(path), named: path) }

  /// - Parameter path: the folder as the user names it.
  /// - Throws: `StoreError` for a record that has become bad.
  public init(_ reader: StoreReader, named path: String) throws {
    let index = reader.index
    let keys = reader.manifest.cells.map(\.key)
    folder = path
    name = reader.manifest.name
    cells = keys.count
    launches = reader.manifest.launches.count
    simd = reader.manifest.simd
    let histories = keys.map { index.cells[$0] }
    let living = try reader.holder().flatMap { $0.isAlive() ? $0 : nil }
    let note = living == nil ? nil : ProgressNote.load(reader.folder)
    let triedAgain = try note?.triedAgain(index) ?? []
    let statuses = zip(keys, histories).map { key, history -> CellStatus? in
      guard let history, history.isComplete, !triedAgain.contains(key) else { return nil }
      return history.status
    }
    done = statuses.count { $0 == .done }
    diverged = statuses.count { $0 == .diverged }
    failed = statuses.count { $0 == .failed }
    let begun = histories.count { $0 != nil } - done - diverged - failed
    holder = living.map { "process \($0.pid) on \($0.host)" + ($0.job.map { ", job \($0)" } ?? "") }
    running = min(note?.running ?? (living == nil ? 0 : begun), cells - done - diverged - failed)
    interrupted = max(0, begun - running)
    waiting = cells - done - diverged - failed - running - interrupted
    iterations = index.counts[.iteration] ?? 0
    evaluations = index.counts[.evaluation] ?? 0
    iterationsPerSecond = note?.iterationsPerSecond
    secondsLeft = note?.secondsLeft
    let earlier = reader.manifest.retired
    earlierCells = earlier.count
    earlierEnded = earlier.count { index.cells[$0]?.isComplete == true }
    messages = [:]
    for (key, status) in zip(keys, statuses) where status == .failed || status == .diverged {
      if let result = try index.result(of: key), !result.message.isEmpty {
        messages[hex(key)] = result.message
      }
    }
  }

  /// All of several folders in a line.
  public static func summary(of reports: [StatusReport]) -> String {
    func sum(_ count: KeyPath<StatusReport, Int>) -> Int { reports.reduce(0) { $0 + $1[keyPath: count] } }
    return
      "all \(reports.count) folders: \(sum(\.cells)) cells: \(sum(\.done)) done, \(sum(\.running)) running, "
      + "\(sum(\.failed)) failed, \(sum(\.diverged)) diverged, \(sum(\.interrupted)) interrupted, "
      + "\(sum(\.waiting)) waiting"
  }

  public var lines: [String] {
    var lines = [
      (label.map { "\($0): " } ?? "") + "\(name) in \(folder): "
        + (holder.map { "running (\($0))" } ?? (ended == cells ? "finished" : "not running")),
      "  cells      \(cells): \(done) done, \(running) running, \(failed) failed, \(diverged) diverged, "
        + "\(interrupted) interrupted, \(waiting) waiting",
      "  stored     \(iterations) meta-iterations, \(evaluations) fresh networks, SIMD \(simd), "
        + "\(launches) launch\(launches == 1 ? "" : "es")",
    ]
    if earlierCells > 0 {
      lines.append(
        "  earlier    \(earlierCells) cell\(earlierCells == 1 ? "" : "s") that the sweep file no longer has, "
          + "\(earlierEnded) of them ended (`trifactor table \(folder) --all-plans`)")
    }
    if let rate = iterationsPerSecond {
      lines.append(
        "  rate       \(String(format: "%.3g", rate)) meta-iterations/s, "
          + (secondsLeft.map { "\(Sweep.Progress.duration($0)) left" } ?? "time left unknown"))
    }
    for (key, message) in messages.sorted(by: { $0.key < $1.key }).prefix(Self.shownMessages) {
      lines.append("  \(key)  \(message)")
    }
    if messages.count > Self.shownMessages {
      lines.append("  ... \(messages.count - Self.shownMessages) more messages (--json has all)")
    }
    if holder == nil, ended < cells {
      lines.append("  the same `trifactor run` command goes on with it")
    }
    return lines
  }

  /// True where every cell has a result and no run is left: one whose last cell is done still has to end.
  public var isFinished: Bool { ended == cells && holder == nil }

  private var ended: Int { done + diverged + failed }
  private static let shownMessages = 10
}

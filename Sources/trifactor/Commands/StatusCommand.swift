import ArgumentParser
import Foundation
import ResultStore
import Sweep

/// `trifactor status`: how far a sweep is, from any terminal or node, while it runs or not.
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show how far a sweep is: cells done, running, failed and diverged, rates and the time left.")

  @Argument(help: "Folders of results.") var folders: [String]
  @Flag(help: "Print JSON: an object for one folder, an array for several.") var json = false

  func run() throws {
    let reports = try folders.map { try StatusReport(folder: $0) }
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      let data = try reports.count == 1 ? encoder.encode(reports[0]) : encoder.encode(reports)
      print(String(decoding: data, as: UTF8.self))
    } else {
      print(reports.map { $0.lines.joined(separator: "\n") }.joined(separator: "\n\n"))
    }
  }
}

/// The state of one folder.
struct StatusReport: Encodable {
  var folder: String
  var name: String
  var cells: Int
  var done: Int
  var diverged: Int
  var failed: Int
  var running: Int
  /// Begun, and neither ended nor worked on now.
  var interrupted: Int
  /// Nothing of them is stored yet.
  var waiting: Int
  var iterations: Int
  var evaluations: Int
  var launches: Int
  /// Host and process that hold the folder; nil where no run lives.
  var holder: String?
  var iterationsPerSecond: Double?
  var secondsLeft: Double?
  var simd: String
  /// Message of every failed or diverged cell, by key.
  var messages: [String: String]

  /// - Throws: `StoreError` for a folder that holds no sweep or is damaged.
  init(folder path: String) throws {
    let reader = try StoreReader(path)
    let index = try reader.index()
    let keys = reader.manifest.cells.map(\.key)
    folder = path
    name = reader.manifest.name
    cells = keys.count
    launches = reader.manifest.launches.count
    simd = reader.manifest.simd
    let histories = keys.map { index.cells[$0] }
    func count(_ status: CellStatus) -> Int {
      histories.count { $0?.status == status && $0?.isComplete == true }
    }
    done = count(.done)
    diverged = count(.diverged)
    failed = count(.failed)
    let begun = histories.count { $0 != nil } - done - diverged - failed
    let living = try reader.holder().flatMap { $0.isAlive() ? $0 : nil }
    let note = living == nil ? nil : ProgressNote.load(StoreFolder(path))
    holder = living.map { "process \($0.pid) on \($0.host)" + ($0.job.map { ", job \($0)" } ?? "") }
    running = min(note?.running ?? (living == nil ? 0 : begun), cells - done - diverged - failed)
    interrupted = max(0, begun - running)
    waiting = cells - done - diverged - failed - running - interrupted
    iterations = index.counts[.iteration] ?? 0
    evaluations = index.counts[.evaluation] ?? 0
    iterationsPerSecond = note?.iterationsPerSecond
    secondsLeft = note?.secondsLeft
    messages = [:]
    for (key, history) in zip(keys, histories)
    where history?.status == .failed || history?.status == .diverged {
      if let result = try index.result(of: key), !result.message.isEmpty {
        messages[hex(key)] = result.message
      }
    }
  }

  var lines: [String] {
    var lines = [
      "\(name) in \(folder): "
        + (holder.map { "running (\($0))" } ?? (ended == cells ? "finished" : "not running")),
      "  cells      \(cells): \(done) done, \(running) running, \(failed) failed, \(diverged) diverged, "
        + "\(interrupted) interrupted, \(waiting) waiting",
      "  stored     \(iterations) meta-iterations, \(evaluations) fresh networks, SIMD \(simd), "
        + "\(launches) launch\(launches == 1 ? "" : "es")",
    ]
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

  private var ended: Int { done + diverged + failed }
  private static let shownMessages = 10
}

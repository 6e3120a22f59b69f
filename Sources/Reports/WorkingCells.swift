import Ablation
import Foundation
import Model
import ResultStore
import Sweep

/// The cells that a living run is at work on: where each lies on the axes, how far it is, and its last reward, all from
/// what is stored.
public struct WorkingCells {
  /// One cell, by its last record.
  struct Entry: Equatable {
    var key: String
    /// `12 of 120`: meta-iterations; then fresh networks, of all roles.
    var place: String
    /// Mean reward of the last meta-iteration's lifetimes, and of the last validation before it.
    var reward: Double
    var label: String
  }

  let entries: [Entry]
  /// Cells at work that have not stored a meta-iteration in this launch yet.
  let silent: Int
  /// Lines shown at most.
  private static let shown = 40

  /// - Parameters:
  ///   - status: of the same reading of the folder.
  ///   - labels: of the cells, by key.
  /// - Throws: `StoreError` for a record that has become bad.
  public init(_ reader: StoreReader, status: StatusReport, labels: CellLabels) throws {
    guard status.holder != nil else {
      (entries, silent) = ([], 0)
      return
    }
    let index = reader.index
    let note = ProgressNote.load(reader.folder)
    let waiting = Set(note?.waiting ?? [])
    let triedAgain = try note?.triedAgain(index) ?? []
    entries = try reader.manifest.cells.compactMap { cell in
      guard let history = index.cells[cell.key], history.iterations > 0, !waiting.contains(hex(cell.key)),
        history.status == nil || triedAgain.contains(cell.key),
        let record = try index.iteration(UInt32(history.iterations - 1), of: cell.key)
      else { return nil }
      return Entry(
        key: hex(cell.key), place: Self.place(of: history, in: cell.settings),
        reward: try IterationRecord(record).reward, label: labels[cell])
    }
    silent = max(0, status.running - entries.count)
  }

  private static func place(of history: CellHistory, in settings: CellSettings) -> String {
    func number(_ path: String) -> Int? { settings[path]?.number.map { Int($0) } }
    if history.evaluations > 0, let networks = number("evaluation.networks") {
      return "network \(history.evaluations) of \(networks * RuleRole.allCases.count)"
    }
    return "\(history.iterations)" + (number("meta.iterations").map { " of \($0)" } ?? "")
  }

  public var lines: [String] {
    guard !entries.isEmpty || silent > 0 else { return [] }
    let rest = entries.count - Self.shown
    let head = ["cell", "iteration", "reward", "settings"]
    let rows = entries.prefix(Self.shown).map { entry in
      [entry.key, entry.place, printed(entry.reward, decimals: 3), entry.label]
    }
    let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
    var lines = ([head] + (entries.isEmpty ? [] : rows)).map { row in
      "  "
        + zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ")
    }
    if entries.isEmpty { lines = [] }
    if rest > 0 { lines.append("  ... \(rest) more") }
    if silent > 0 {
      lines.append("  \(silent) at work without a meta-iteration of this launch yet")
    }
    return lines.map { $0.replacing(#/ +$/#, with: "") }
  }
}

/// Where cells lie on the axes of their sweep, for people: `rule.degree=3 seed=0`.
public struct CellLabels {
  /// By key; empty where the copy of the sweep file does not tell.
  private let known: [UInt64: String]
  private let varying: [String]

  /// By the copy of the sweep file in the folder; where that cannot be read alone, by the settings that vary.
  public init(of reader: StoreReader) {
    let copy = reader.folder.sweepFile
    let isThere = FileDoor.kind(of: copy) == .file
    let cells = isThere ? (try? SweepFile.load(copy, schema: .trifactor))?.cells ?? [] : []
    known = Dictionary(cells.map { ($0.key, $0.label) }) { first, _ in first }
    varying = reader.manifest.varyingPaths
  }

  subscript(cell: ManifestCell) -> String {
    known[cell.key]
      ?? varying.compactMap { path in cell.settings[path].map { "\(path)=\($0.label)" } }.joined(
        separator: " ")
  }
}

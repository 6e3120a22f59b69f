import Experiment
import Foundation
import ResultStore
import Sweep

/// The dynamics that a result folder keeps: records in its shards, arrays in `dynamics/KEY-nI.npz` beside them.
///
/// A network is not analysed again if all its records are there, made with the same numbers of starts and points, and its
/// archive too. The folder is locked only when there is something to add.
final class DynamicsStore {
  private let folder: String
  private let starts: Int
  private let points: Int
  private var found: [UInt64: [UInt32: [DynamicsRecord]]]
  private var writer: StoreWriter?

  /// - Throws: `StoreError` for a folder that is damaged.
  init(_ folder: String, starts: Int, points: Int) throws {
    self.folder = folder
    self.starts = starts
    self.points = points
    found = try StoreReader(folder).dynamics().mapValues { Dictionary(grouping: $0, by: \.network) }
  }

  /// The records of one network of a cell; nil if it has to be analysed.
  func records(of key: UInt64, network: Int) -> [DynamicsRecord]? {
    guard let records = found[key]?[UInt32(network)], let conditions = records.first?.conditions,
      records.count == DynamicsStage.allCases.count * (Int(conditions) + 1),
      records.allSatisfy({ $0.starts == starts && $0.limit == points && $0.conditions == conditions }),
      FileManager.default.fileExists(atPath: archive(key, network))
    else { return nil }
    return records
  }

  /// Locks the folder, so that nothing is computed in vain, and shows that this process lives; call it often.
  /// - Throws: `StoreError` (locked) while a run writes into it.
  func keepLock() throws {
    if writer == nil { writer = try StoreWriter(folder, log: printError) }
    try writer?.tick()
  }

  /// Writes the archive, complete or not at all, then the records.
  func keep(_ dynamics: CellDynamics, _ records: [DynamicsRecord], degree: Int) throws {
    try keepLock()
    let path = archive(dynamics.key, dynamics.index)
    var arrays = NPZArchive()
    try arrays.add(
      "about",
      NPYArray([
        "cell \(CanonicalForm.text(ofKey: dynamics.key))", "network \(dynamics.index)",
        "task \(dynamics.task)", "starts \(starts)", "points \(points)", "trifactor \(Build.identity)",
      ]))
    for (name, array) in dynamics.arrays(matrices: false) { try arrays.add(name, array) }
    try OutputFile.makeFolder(place)
    try OutputFile.write(arrays.finished(), to: path)
    for record in records { try writer?.append(record.encoded(degree: degree)) }
    try writer?.commit()
  }

  /// Seals the shards and releases the lock.
  func close() throws { try writer?.close() }

  /// The way out after an error.
  func abandon() { writer?.abandon() }

  private var place: String { StoreFolder(folder).path + "/dynamics" }

  private func archive(_ key: UInt64, _ network: Int) -> String {
    "\(place)/\(CanonicalForm.text(ofKey: key))-n\(network).npz"
  }
}

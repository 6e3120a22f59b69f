import Dispatch

/// Reads a result folder record by record, in bounded memory, whether or not a run is writing it.
///
/// Every command that reads results uses this type. Opening a folder reads and checks all of it once (see `StoreCheck`),
/// so that no command reports on a folder that has lost records.
public final class StoreReader {
  public let folder: StoreFolder
  /// The plan.
  public let manifest: SweepManifest
  /// What is stored of each cell.
  public let index: StoreIndex
  private let files: any FileLayer
  private let bootUnchanged: Bool

  /// - Parameters:
  ///   - note: gets a line for every unfinished end of a shard, which is left out.
  ///   - visit: gets every record on the way, of all kinds, results first.
  /// - Throws: `StoreError` (usage) where the folder is no result folder, (damaged) where its plan or a shard cannot be
  ///   read and where records are missing, with their cells, kinds and networks.
  public init(
    _ path: String, files: any FileLayer = SystemFiles(), note: (String) -> Void = { _ in },
    visit: @escaping (RecordView) throws -> Void = { _ in }
  ) throws {
    let folder = StoreFolder(path)
    try folder.requireName()
    let bootUnchanged = try folder.bootUnchanged(files, .system())
    var (manifest, index) = try Self.read(folder, files, bootUnchanged, visit)
    if let error = StoreCheck(index.cells, against: manifest).error(folder) {
      // A run that has just begun may have replaced the plan after it was read.
      let again = try folder.requireManifest(files)
      guard again != manifest, StoreCheck(index.cells, against: again).error(folder) == nil else {
        throw error
      }
      manifest = again
    }
    index.notes.forEach(note)
    self.folder = folder
    self.files = files
    self.bootUnchanged = bootUnchanged
    self.manifest = manifest
    self.index = index
  }

  /// Reads plan and shards at the same time: each takes about half of the time for 100,000 cells.
  private static func read(
    _ folder: StoreFolder, _ files: any FileLayer, _ bootUnchanged: Bool,
    _ visit: @escaping (RecordView) throws -> Void
  ) throws -> (SweepManifest, StoreIndex) {
    nonisolated(unsafe) var plan: Result<SweepManifest, any Error>?
    nonisolated(unsafe) var index: Result<StoreIndex, any Error>?
    nonisolated(unsafe) let (files, visit) = (files, visit)
    @Sendable func part(_ number: Int) {
      if number == 0 {
        plan = Result { try folder.requireManifest(files) }
      } else {
        index = Result {
          try StoreIndex(reading: folder, files: files, bootUnchanged: bootUnchanged, visit: visit)
        }
      }
    }
    // The layers of tests are for one thread.
    if files is SystemFiles {
      DispatchQueue.concurrentPerform(iterations: 2, execute: part)
    } else {
      (0..<2).forEach(part)
    }
    return (try plan!.get(), try index!.get())
  }

  /// Hands out every record of a kind, in order of degree, segment and place in the segment. A cell that was
  /// computed again after a failure has several result records: the last counts.
  /// - Throws: `StoreError` (damaged) at the first record that is lost, and whatever `body` throws.
  public func forEach(_ kind: RecordKind, _ body: (RecordView) throws -> Void) throws {
    for name in try folder.listShards(files) where name.kind == kind {
      let reader = try ShardReader(name, in: folder.shards, files: files)
      let ending = try reader.scan(bootUnchanged: bootUnchanged) { view, _ in try body(view) }
      if case .damaged(let reason)? = ending.trouble { throw StoreIndex.damage(reader.path, reason, folder) }
    }
  }

  /// Every evaluation record.
  public func forEachEvaluation(_ body: (EvaluationRecord) throws -> Void) throws {
    try forEach(.evaluation) { try body(EvaluationRecord($0)) }
  }

  /// The last result record of every cell that has one.
  public func results() throws -> [UInt64: ResultRecord] {
    var results: [UInt64: ResultRecord] = [:]
    try forEach(.result) { results[$0.cell] = try ResultRecord($0) }
    return results
  }

  /// The last record of every place, by cell, in the order of places; without those that a later measurement of the same
  /// network has replaced by fewer.
  public func kept<Record: KeptRecord>(_ record: Record.Type) throws -> [UInt64: [Record]] {
    var found: [UInt64: [Record.Place: Record]] = [:]
    try forEach(Record.kind) { view in
      let record = try Record(view)
      found[record.cell, default: [:]][record.place] = record
    }
    return found.mapValues { records in
      let sorted = records.sorted { $0.key < $1.key }.map(\.value)
      let first = Dictionary(sorted.map { ($0.network, $0) }) { first, _ in first }
      return sorted.filter { $0.isOfOneMeasurement(with: first[$0.network]!) }
    }
  }

  /// The last dynamics record of every network, stage and condition, by cell.
  public func dynamics() throws -> [UInt64: [DynamicsRecord]] { try kept(DynamicsRecord.self) }

  /// The iteration records of one cell in order, each iteration once.
  public func iterations(of cell: UInt64) throws -> [IterationRecord] {
    var found: [UInt32: IterationRecord] = [:]
    try forEach(.iteration) { view in
      if view.cell == cell { found[UInt32(view.identity)] = try IterationRecord(view) }
    }
    return found.values.sorted { $0.iteration < $1.iteration }
  }

  /// Who holds the folder, living or dead; nil if nobody does.
  public func holder() throws -> LockHolder? { try StoreLock.read(folder.lock, files) }
}

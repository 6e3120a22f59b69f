/// Reads a result folder record by record, in bounded memory, whether or not a run is writing it.
public final class StoreReader {
  public let folder: StoreFolder
  /// The plan.
  public let manifest: SweepManifest
  private let files: any FileLayer
  private let note: (String) -> Void
  private let bootUnchanged: Bool

  /// - Parameter note: gets a line for each thing that was left out: the unfinished end of a shard.
  /// - Throws: `StoreError` (usage) where the folder is no result folder, (damaged) where its plan cannot be
  ///   read.
  public init(
    _ path: String, files: any FileLayer = SystemFiles(), note: @escaping (String) -> Void = { _ in }
  ) throws {
    folder = StoreFolder(path)
    self.files = files
    self.note = note
    guard let manifest = try folder.loadManifest(files) else {
      throw StoreError(
        .usage,
        "\(path) is no result folder: it has no sweep.json. Give the folder that was --out of `trifactor run`"
      )
    }
    self.manifest = manifest
    bootUnchanged = try folder.bootUnchanged(files, .system())
  }

  /// Hands out every record of a kind, in order of degree, segment and place in the segment. A cell that was
  /// computed again after a failure has several result records: the last counts.
  /// - Throws: `StoreError` (damaged) at the first record that is lost, and whatever `body` throws.
  public func forEach(_ kind: RecordKind, _ body: (RecordView) throws -> Void) throws {
    for name in try folder.listShards(files) where name.kind == kind {
      let reader = try ShardReader(name, in: folder.shards, files: files)
      let ending = try reader.scan(bootUnchanged: bootUnchanged) { view, _ in try body(view) }
      switch ending.trouble {
      case .damaged(let reason)?: throw StoreIndex.damage(reader.path, reason, folder)
      case .torn?:
        note(ending.tearNote(reader.path) + ", left out")
      case nil: break
      }
    }
  }

  /// Every evaluation record.
  public func forEachEvaluation(_ body: (EvaluationRecord) throws -> Void) throws {
    try forEach(.evaluation) { try body(EvaluationRecord($0)) }
  }

  /// Every iteration record.
  public func forEachIteration(_ body: (IterationRecord) throws -> Void) throws {
    try forEach(.iteration) { try body(IterationRecord($0)) }
  }

  /// The last result record of every cell that has one.
  public func results() throws -> [UInt64: ResultRecord] {
    var results: [UInt64: ResultRecord] = [:]
    try forEach(.result) { results[$0.cell] = try ResultRecord($0) }
    return results
  }

  /// The iteration records of one cell in order, each iteration once.
  public func iterations(of cell: UInt64) throws -> [IterationRecord] {
    var found: [UInt32: IterationRecord] = [:]
    try forEach(.iteration) { view in
      if view.cell == cell { found[UInt32(view.identity)] = IterationRecord(view) }
    }
    return found.values.sorted { $0.iteration < $1.iteration }
  }

  /// What is stored of each cell.
  public func index() throws -> StoreIndex {
    let index = try StoreIndex(reading: folder, files: files, bootUnchanged: bootUnchanged)
    index.notes.forEach(note)
    return index
  }

  /// Who holds the folder, living or dead; nil where nobody does.
  public func holder() throws -> LockHolder? { try StoreLock.read(folder.lock, files) }
}

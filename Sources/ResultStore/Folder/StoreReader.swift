/// Reads a result folder record by record, in bounded memory, whether or not a run is writing it.
public final class StoreReader {
  public let folder: StoreFolder
  /// The plan.
  public let manifest: SweepManifest
  private let files: any FileLayer
  private let stream: ShardStream

  /// - Parameter note: gets a line for each thing that was left out: the unfinished end of a shard.
  /// - Throws: `StoreError` (usage) where the folder is no result folder, (damaged) where its plan cannot be
  ///   read.
  public init(
    _ path: String, files: any FileLayer = SystemFiles(), note: @escaping (String) -> Void = { _ in }
  ) throws {
    folder = StoreFolder(path)
    self.files = files
    manifest = try folder.requireManifest(files)
    stream = try ShardStream(folder, files: files, note: note)
  }

  /// Hands out every record of a kind; see `ShardStream.forEach`.
  public func forEach(_ kind: RecordKind, _ body: (RecordView) throws -> Void) throws {
    try stream.forEach(kind, body)
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

  /// The last dynamics record of every network, stage and condition, by cell, in the order of `Place`.
  public func dynamics() throws -> [UInt64: [DynamicsRecord]] {
    var found: [UInt64: [DynamicsRecord.Place: DynamicsRecord]] = [:]
    try forEach(.dynamics) { view in
      let record = try DynamicsRecord(view)
      found[record.cell, default: [:]][record.place] = record
    }
    return found.mapValues { $0.sorted { $0.key < $1.key }.map(\.value) }
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
  public func index() throws -> StoreIndex { try stream.index() }

  /// Who holds the folder, living or dead; nil where nobody does.
  public func holder() throws -> LockHolder? { try StoreLock.read(folder.lock, files) }
}

import Foundation

/// Where everything is in a store, by cell. It is made in one pass over the shards; its memory grows with the number of
/// cells, and with that of records only for cells that are not done.
public struct StoreIndex {
  /// The end of one series of segments, where a writer continues.
  struct Tail {
    var name: ShardName
    var records: Int
    var header: ShardHeader.State
    var schema: RecordSchema
    var torn: Int
  }

  public internal(set) var cells: [UInt64: CellHistory] = [:]
  /// Good records of each kind, by `RecordKind.rawValue`.
  public internal(set) var counts: [RecordKind: Int] = [:]
  /// Unfinished writes that were found and are no errors, a line each.
  public internal(set) var notes: [String] = []
  /// The shards, by the numbers that locations have.
  var shards: [ShardName] = []
  var tails: [Tail] = []
  let folder: StoreFolder
  private let files: any FileLayer

  /// An empty index.
  init(_ folder: StoreFolder, files: any FileLayer) {
    self.folder = folder
    self.files = files
  }

  /// Reads all shards of a folder. Of a folder that is being written, it reads what each shard held when it was opened.
  /// - Parameters:
  ///   - bootUnchanged: see `ShardReader.scan`.
  ///   - visit: gets every record on the way, results first.
  /// - Throws: `StoreError` (damaged) that names file, record and offset and what to do.
  public init(
    reading folder: StoreFolder, files: any FileLayer = SystemFiles(), bootUnchanged: Bool = true,
    visit: (RecordView) throws -> Void = { _ in }
  ) throws {
    self.init(folder, files: files)
    // States say how many iterations and evaluations came before them; results say which cells need no places.
    for kind in [RecordKind.result, .iteration, .evaluation, .state, .dynamics, .alignment] {
      // Listed anew for each kind: a run that is writing stores the records that a result counts before the result.
      let names = try folder.listShards(files).filter { $0.kind == kind }
      let series = Dictionary(grouping: names, by: \.shape)
      for (_, segments) in series.sorted(by: { $0.key < $1.key }) {
        try read(segments, bootUnchanged: bootUnchanged, visit: visit)
      }
    }
  }

  /// Cells with a result.
  var resultCount: Int { cells.values.count { $0.status != nil } }

  /// The record at a place.
  /// - Throws: `StoreError` (damaged) if it has become bad.
  func record(at place: RecordLocation) throws -> EncodedRecord {
    let reader = try ShardReader(shards[Int(place.shard)], in: folder.shards, files: files)
    guard let record = try reader.record(at: Int(place.record)) else {
      throw Self.damage(reader.path, "record \(place.record) was good and is not any more", folder)
    }
    return record
  }

  /// The state from which a cell continues; nil if it must begin.
  public func state(of cell: UInt64) throws -> EncodedRecord? {
    try cells[cell]?.state.map { try record(at: $0) }
  }

  /// The last result record of a cell.
  public func result(of cell: UInt64) throws -> ResultRecord? {
    try cells[cell]?.result.map { try ResultRecord(try record(at: $0)) }
  }

  /// The stored iteration record of a cell that is not done; nil if there is none.
  public func iteration(_ number: UInt32, of cell: UInt64) throws -> EncodedRecord? {
    try cells[cell]?.place(ofIteration: number).map { try record(at: $0) }
  }

  private mutating func read(
    _ segments: [ShardName], bootUnchanged: Bool, visit: (RecordView) throws -> Void
  ) throws {
    for (position, name) in segments.enumerated() {
      let isLast = position == segments.count - 1
      if position > 0
        ? segments[position - 1].segment + 1 != name.segment : name.segment > 0 && name.kind != .state
      {
        let missing = ShardName(kind: name.kind, shape: name.shape, segment: name.segment - 1)
        throw Self.damage(
          folder.shards + "/\(missing)", "the segment is missing, but \(name) is there", folder)
      }
      let number = UInt32(shards.count)
      shards.append(name)
      let reader: ShardReader
      do {
        reader = try ShardReader(name, in: folder.shards, files: files)
      } catch let error as StoreError where error.code == ENOENT && name.kind == .state {
        continue  // A run that is writing has just removed a segment of states that are not needed.
      }
      var failure: StoreError?
      let ending = try reader.scan(bootUnchanged: bootUnchanged) { view, record in
        do {
          try add(view, at: RecordLocation(shard: number, record: UInt32(record)))
          try visit(view)
        } catch let error as StoreError where failure == nil { failure = error }
      }
      if let failure { throw Self.damage(reader.path, failure.description, folder) }
      if case .damaged(let reason)? = ending.trouble { throw Self.damage(reader.path, reason, folder) }
      if ending.trouble == .torn {
        guard isLast else {
          throw Self.damage(
            reader.path,
            "\(ending.trailing) bytes after record \(ending.records) are no record, but a later "
              + "segment follows", folder)
        }
        notes.append(ending.tearNote(reader.path) + ", left out")
      }
      counts[name.kind, default: 0] += ending.records
      if isLast {
        tails.append(
          Tail(
            name: name, records: ending.records, header: reader.header, schema: reader.schema,
            torn: ending.trailing))
      }
    }
  }

  /// Takes note of one more record.
  mutating func add(_ view: RecordView, at place: RecordLocation) throws {
    switch view.schema.kind {
    case .result:
      let result = try ResultRecord(view)
      cells[view.cell, default: CellHistory()].settle(result, at: place)
    case .iteration:
      cells[view.cell, default: CellHistory()].addIteration(UInt32(view.identity), at: place)
    case .evaluation:
      cells[view.cell, default: CellHistory()].addEvaluation(view.identity, at: place)
    case .state:
      cells[view.cell, default: CellHistory()].offerState(view, at: place)
    case .dynamics, .alignment: break  // Nothing that a run needs to know.
    }
  }

  static func damage(_ path: String, _ reason: String, _ folder: StoreFolder) -> StoreError {
    StoreError(
      .damaged,
      "\(path): \(reason). Nothing was changed. `trifactor verify \(folder.path)` lists all damage, "
        + "`trifactor verify \(folder.path) --salvage` keeps every good record; the same `trifactor run` then computes "
        + "what is lost")
  }
}

extension CellHistory {
  mutating func settle(_ record: ResultRecord, at place: RecordLocation) {
    status = record.status
    result = place
    claimedIterations = Int(record.iterations)
    claimedEvaluations = Int(record.evaluations)
    if isSettled { forgetPlaces() }
  }

  /// Takes a state if everything that came before it is stored. After a loss of power a state may have
  /// survived that is ahead of the iteration records.
  mutating func offerState(_ view: RecordView, at place: RecordLocation) {
    let iteration = Int(view.word(at: RecordSchema.openingSize))
    let evaluated = Int(view.word(at: RecordSchema.openingSize + 4))
    guard iteration <= iterations, evaluated <= evaluations else { return }
    stateIteration = iteration
    stateEvaluated = evaluated
    state = place
  }
}

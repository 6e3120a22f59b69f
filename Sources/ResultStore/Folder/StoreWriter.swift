import Model

/// The one writer of a result folder: it locks the folder, repairs what a crash has left behind, and appends.
///
/// The folder can be opened again after any crash. A record survives a crash of the program once `append` has returned,
/// and a loss of power once `commit` has. A result record is never on the disk before the records that it counts.
public final class StoreWriter {
  public struct Options {
    /// Size at which a segment is sealed and the next begun.
    public var segmentBytes = 256 << 20
    /// Seconds between commits by `tick`.
    public var commitInterval = 5.0
    /// Monotonic seconds.
    public var clock: () -> Double = monotonicSeconds
    public var lock = LockEnvironment.system()
    public init() {}
  }

  public let folder: StoreFolder
  /// The plan as it was found; nil in a new folder.
  public let found: SweepManifest?
  /// What is stored, kept up to date.
  public private(set) var index: StoreIndex
  private let files: any FileLayer
  private let options: Options
  private let lock: StoreLock
  private var writers: [SeriesKey: ShardWriter] = [:]
  private var places: [ShardName: UInt32] = [:]
  private var lastCommit: Double
  private var lastBeat: Double

  private struct SeriesKey: Hashable {
    var kind: RecordKind
    var shape: RuleShape
  }

  /// Opens a folder; makes it if there is none.
  /// - Parameter log: gets one line for each repair.
  /// - Throws: `StoreError`: locked by a living run, damaged, of a newer format, or not writable. Nothing is
  ///   changed then.
  public init(
    _ path: String, options: Options = Options(), files: any FileLayer = SystemFiles(),
    log: (String) -> Void = { _ in }
  ) throws {
    folder = StoreFolder(path)
    self.files = files
    self.options = options
    lastCommit = options.clock()
    lastBeat = lastCommit
    try folder.make(files)
    lock = try StoreLock(folder.lock, files: files, environment: options.lock)
    do {
      if let dead = lock.previous {
        log("\(folder.lock): taken over from process \(dead.pid) on \(dead.host), which is gone")
      }
      found = try folder.loadManifest(files)
      let mine = options.lock.identity
      let bootUnchanged = lock.previous.map { $0.host == mine.host && $0.boot == mine.boot } ?? true
      index = try StoreIndex(reading: folder, files: files, bootUnchanged: bootUnchanged)
      try index.requireWholeCells(found)
      index.notes.forEach(log)
      found.map { StoreCheck(index.cells, against: $0).others }?.forEach(log)
      for (number, name) in index.shards.enumerated() { places[name] = UInt32(number) }
      for tail in index.tails {
        let writer = makeWriter(tail.name.kind, tail.name.shape)
        try writer.resume(
          segment: tail.name.segment, records: tail.records, header: tail.header, schema: tail.schema)
      }
    } catch {
      try? lock.giveBack()
      throw error
    }
  }

  /// Replaces `sweep.json`, whole or not at all. Cells that the folder has records of, or had in its plan,
  /// and that are not in the new plan become `retired`; their settings go to the `history`. A launch that has ended gets
  /// the present count of results.
  public func save(_ manifest: SweepManifest) throws {
    var manifest = manifest
    manifest.succeed(found, stored: index.cells.keys)
    manifest.countResults(index.resultCount)
    try files.replace(folder.manifest, with: manifest.encoded())
  }

  /// Replaces `sweep.yaml` by the text of the sweep file as it was given.
  public func saveSweepFile(_ text: String) throws {
    try files.replace(folder.sweepFile, with: Array(text.utf8))
  }

  /// Puts files beside `sweep.yaml`, by their paths below the folder; each is replaced whole or not at all.
  public func save(files given: [(path: String, bytes: [UInt8])]) throws {
    for (path, bytes) in given {
      let place = folder.path + "/" + path
      try files.makeDirectories(parent(of: place))
      try files.replace(place, with: bytes)
    }
  }

  /// Stores a record; a result is durable when this returns. An iteration or evaluation that is stored already is
  /// compared and not stored twice.
  /// - Returns: false where it was stored already.
  /// - Throws: `StoreError`: (internal) where it differs from what is stored or does not follow it, (io)
  ///   where it cannot be written; the folder stays valid.
  @discardableResult
  public func append(_ record: EncodedRecord) throws -> Bool {
    if record.kind == .result {
      try append(results: [record])
      return true
    }
    try keepLock(options.clock())
    let record = try record.checked()
    if try record.withView({ try isStored($0, record) }) { return false }
    let (segment, slot) = try write(record)
    if record.kind == .state, slot == 0, segment > 0 { try retireStates(shape: record.shape) }
    return true
  }

  /// Stores the results of any number of cells and makes them durable, with as many calls of fdatasync as one
  /// result takes: all that was appended goes to the disk first, then the results do.
  /// - Throws: `StoreError` as `append` does; the results before the one that failed are stored.
  public func append(results: [EncodedRecord]) throws {
    guard !results.isEmpty else { return }
    try keepLock(options.clock())
    let results = try results.map { try $0.checked() }
    try commit()
    for result in results {
      invariant(result.kind == .result, "a \(result.kind) record among results")
      try write(result)
    }
    try commit()
  }

  /// Returns when everything appended is on the disk.
  public func commit() throws {
    for writer in writers.values where writer.isDirty { try writer.synchronise() }
    lastCommit = options.clock()
  }

  /// Commits, and shows that this run lives, each every 5 seconds; to be called often.
  public func tick() throws {
    let now = options.clock()
    try keepLock(now)
    if now - lastCommit >= options.commitInterval { try commit() }
  }

  /// Commits, seals every segment so that any NPY reader opens it, and releases the lock.
  public func close() throws {
    try commit()
    for key in writers.keys.sorted(by: { ($0.kind.rawValue, $0.shape) < ($1.kind.rawValue, $1.shape) }) {
      try writers[key]?.seal()
    }
    try lock.release()
  }

  /// Commits what it can and releases the lock; to be called after an error. Never throws.
  public func abandon() {
    try? commit()
    try? lock.release()
  }

  /// The state from which a cell continues.
  public func state(of cell: UInt64) throws -> EncodedRecord? { try index.state(of: cell) }

  /// Writes a record and takes note of it.
  @discardableResult
  private func write(_ record: EncodedRecord) throws -> (segment: Int, slot: Int) {
    let (segment, slot) = try makeWriter(record.kind, record.shape).append(record)
    let name = ShardName(kind: record.kind, shape: record.shape, segment: segment)
    try record.withView {
      try index.add($0, at: RecordLocation(shard: number(of: name), record: UInt32(slot)))
    }
    index.counts[record.kind, default: 0] += 1
    return (segment, slot)
  }

  /// Removes the first segments of states if no unfinished cell continues from a state in them.
  private func retireStates(shape: RuleShape) throws {
    try commit()
    let needed = Set(index.cells.values.compactMap { $0.isSettled ? nil : $0.state?.shard })
    for name in try folder.listShards(files) where name.kind == .state && name.shape == shape {
      guard name.segment < writers[SeriesKey(kind: .state, shape: shape)]?.segment ?? 0,
        !needed.contains(number(of: name))
      else { break }
      try files.remove(folder.shards + "/\(name)")
    }
    try files.synchroniseDirectory(folder.shards)
  }

  /// Shows that this run lives, when it is time to; before a write too, since a run that was stopped for long may have
  /// lost its folder.
  private func keepLock(_ now: Double) throws {
    guard now - lastBeat >= StoreLock.beatInterval else { return }
    try lock.beat()
    lastBeat = now
  }

  private func makeWriter(_ kind: RecordKind, _ shape: RuleShape) -> ShardWriter {
    let key = SeriesKey(kind: kind, shape: shape)
    if let writer = writers[key] { return writer }
    let writer = ShardWriter(
      kind: kind, shape: shape, directory: folder.shards, files: files, segmentBytes: options.segmentBytes)
    writers[key] = writer
    return writer
  }

  private func number(of name: ShardName) -> UInt32 {
    if let number = places[name] { return number }
    let number = UInt32(index.shards.count)
    index.shards.append(name)
    places[name] = number
    return number
  }

  /// True if the same record is stored; throws if another one is stored in its place, or if it comes too early.
  private func isStored(_ view: RecordView, _ record: EncodedRecord) throws -> Bool {
    guard view.schema.kind == .iteration || view.schema.kind == .evaluation else { return false }
    let history = index.cells[view.cell] ?? CellHistory()
    let place: RecordLocation?
    let what: String
    if view.schema.kind == .iteration {
      let number = UInt32(view.identity)
      what = "iteration \(number)"
      place = history.place(ofIteration: number)
      if place == nil, number > history.iterations {
        throw StoreError(
          .internal, "cell \(hex(view.cell)) sends \(what), but iteration \(history.iterations) is the next")
      }
    } else {
      what = "network \(view.identity & 0xFFFF_FFFF) of rule \(view.identity >> 32)"
      place = history.evaluationPlaces[view.identity]
    }
    if place == nil, history.isSettled {
      throw StoreError(.internal, "cell \(hex(view.cell)) is done, but sends \(what) again")
    }
    guard let place else { return false }
    let stored = try index.record(at: place)
    guard stored.withView({ $0.holdsTheSame(as: record) }) else {
      throw StoreError(
        .internal,
        "cell \(hex(view.cell)), \(what): computed again it is not what is stored in "
          + "\(folder.shards)/\(index.shards[Int(place.shard)]), record \(place.record). The program, "
          + "a library or the machine has changed what it computes: run the sweep into another folder")
    }
    return true
  }
}

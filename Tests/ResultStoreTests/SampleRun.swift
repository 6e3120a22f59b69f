@testable import ResultStore

/// A small sweep as a run would store it, which goes on from whatever a folder holds.
struct SampleRun {
  static let folder = "/out"
  static let keys: [UInt64] = [0x11, 0x22, 0x33]

  /// What was promised at one moment: records that `append` has taken, and those that a commit has covered.
  struct Promise {
    /// Changes in the log of the file system by then.
    var changes: Int
    var appended: Int
    var committed: Int
  }

  var appended: [EncodedRecord] = []
  var promises: [Promise] = []
  /// True where results wait for a commit and are stored together, as a run does it.
  var groupsResults = false

  /// All records of the sweep, cell after cell.
  static func records(of key: UInt64) -> [EncodedRecord] {
    Sample.cell(key, iterations: 6, networks: 2, degree: key == 0x22 ? 0 : 1)
  }

  /// Settings for a process on `boot`: small segments, a clock that a test moves.
  static func options(boot: String = "boot-1", pid: Int32 = 100, clock: @escaping () -> Double = { 0 })
    -> StoreWriter.Options
  {
    var options = StoreWriter.Options()
    options.segmentBytes = 3000
    options.clock = clock
    options.lock = LockEnvironment(
      identity: LockHolder(host: "node", pid: pid, pidStart: 1, boot: boot, job: nil, heartbeat: 0),
      now: { 1000 },
      sleep: { _ in }, startOfProcess: { _ in nil })
    return options
  }

  /// Opens the folder and runs what is not complete to the end, two cells in turn.
  /// - Parameter log: gets the repairs.
  mutating func run(_ files: MemoryFiles, options: StoreWriter.Options, log: (String) -> Void = { _ in })
    throws
  {
    let writer = try StoreWriter(Self.folder, options: options, files: files, log: log)
    try writer.save(Sample.manifest(keys: Self.keys))
    try writer.saveSweepFile("name: sample\n")
    var queues: [[EncodedRecord]] = []
    for key in Self.keys {
      let history = writer.index.cells[key] ?? CellHistory()
      if history.isComplete { continue }
      queues.append(Self.rest(of: Self.records(of: key), after: history))
    }
    var turn = 0
    var committed = 0
    var results: [EncodedRecord] = []
    func store(_ record: EncodedRecord) throws {
      if groupsResults, record.kind == .result { return results.append(record) }
      try writer.append(record)
      appended.append(record)
    }
    func commit() throws {
      try writer.append(results: results)
      appended += results
      results = []
      try writer.commit()
    }
    while queues.contains(where: { !$0.isEmpty }) {
      let place = turn % queues.count
      turn += 1
      guard !queues[place].isEmpty else { continue }
      let record = queues[place].removeFirst()
      try store(record)
      if turn % 5 == 0 { try commit() }
      if turn % 5 == 0 || record.kind == .result && !groupsResults { committed = appended.count }
      promises.append(Promise(changes: files.log.count, appended: appended.count, committed: committed))
    }
    try commit()
    try writer.close()
    promises.append(Promise(changes: files.log.count, appended: appended.count, committed: appended.count))
  }

  /// What a cell sends when it goes on from its stored state.
  static func rest(of records: [EncodedRecord], after history: CellHistory) -> [EncodedRecord] {
    var iterations = 0
    var evaluations = 0
    return records.filter { record in
      switch record.kind {
      case .iteration:
        iterations += 1
        return iterations > history.stateIteration
      case .evaluation:
        evaluations += 1
        return evaluations > history.stateEvaluated
      case .state: return iterations > history.stateIteration
      case .result, .dynamics, .alignment: return true
      }
    }
  }

  /// Everything of a finished folder that an export shows: iterations, evaluations and last results, each
  /// once.
  static func outcome(_ files: MemoryFiles) throws -> [String: EncodedRecord] {
    let store = StoreFolder(folder)
    var found: [String: EncodedRecord] = [:]
    for name in try store.listShards(files) where name.kind != .state {
      let ending = try ShardReader(name, in: store.shards, files: files).scan { view, _ in
        found["\(name.kind) \(hex(view.cell)) \(view.identity)"] = view.encoded
      }
      if let trouble = ending.trouble { throw StoreError(.damaged, "\(name): \(trouble)") }
    }
    return found
  }

  /// The records stored in a folder, of all kinds.
  static func stored(_ files: MemoryFiles, bootUnchanged: Bool = true) throws -> [EncodedRecord] {
    let store = StoreFolder(folder)
    var found: [EncodedRecord] = []
    for name in try store.listShards(files) {
      let reader = try ShardReader(name, in: store.shards, files: files)
      _ = try reader.scan(bootUnchanged: bootUnchanged) { view, _ in found.append(view.encoded) }
    }
    return found
  }
}

extension EncodedRecord: Hashable {
  public func hash(into hasher: inout Hasher) {
    hasher.combine(kind)
    hasher.combine(bytes)
  }
}

import Foundation

/// A full check of a result folder: every checksum, sequence and key, and whether finished cells have all records that
/// they count.
public struct Verification: Sendable {
  /// In order.
  public internal(set) var shards: [Shard] = []
  /// What is wrong, a line each; empty for a clean folder.
  public internal(set) var problems: [String] = []
  /// What is worth knowing but no damage: unfinished writes, a run that is writing.
  public internal(set) var notes: [String] = []
  public internal(set) var records = 0
  public internal(set) var bytes = 0
  var histories: [UInt64: CellHistory] = [:]

  /// True if shards have lost records, which a salvage can mend; false if only the plan is damaged.
  public internal(set) var lacksRecords = false

  public var isClean: Bool { problems.isEmpty }

  /// One shard as it was found.
  public struct Shard: Sendable, Equatable, Encodable {
    public var name: String
    /// nil where it could not be read.
    public var records: Int?
    public var bytes: Int?
    public var sealed: Bool?
    public var damaged: Bool

    /// For people, on one line.
    public var line: String {
      guard let records, let bytes, let sealed else { return "\(name)  DAMAGED" }
      return "\(name)  \(records) records  \(bytes) bytes  \(sealed ? "sealed" : "open")  "
        + (damaged ? "DAMAGED" : "ok")
    }
  }

  /// One line a shard, in order.
  public var lines: [String] { shards.map(\.line) }

  /// Reads everything. Nothing is written, so a folder may be verified while a run writes into it.
  /// - Throws: `StoreError` (usage) for a folder that is no result folder, (io) where a file cannot be read.
  public init(of path: String, files: any FileLayer = SystemFiles()) throws {
    let folder = StoreFolder(path)
    try folder.requireName()
    guard try files.exists(folder.shards) || files.exists(folder.manifest) || files.exists(folder.salvaged)
    else {
      throw StoreError(.usage, "\(path) is no result folder: it has neither sweep.json nor shards")
    }
    do {
      if let holder = try StoreLock.read(folder.lock, files) {
        notes.append("\(folder.lock): held by process \(holder.pid) on \(holder.host), living or dead")
      }
    } catch let error as StoreError where error.category == .damaged {
      problems.append(error.description)
      return
    }
    var plan: SweepManifest?
    do {
      plan = try folder.loadManifest(files)
      if plan == nil {
        problems.append("\(folder.manifest) is missing: keys are not checked")
      }
    } catch let error as StoreError where error.category == .damaged { problems.append(error.description) }
    let bootUnchanged = try folder.bootUnchanged(files, .system())
    if try !files.exists(folder.shards), try !files.exists(folder.salvaged) {
      problems.append("\(folder.shards) is missing")
    }
    do { _ = try folder.listShards(files) } catch let error as StoreError where error.category == .damaged {
      problems.append(error.description)
      return
    }
    for file in try files.exists(folder.shards) ? files.list(folder.shards) : [] where ShardName(file) == nil
    {
      notes.append("\(folder.shards)/\(file) is no shard and is passed over")
    }
    var found: [ShardName: Shard] = [:]
    for kind in [RecordKind.result, .iteration, .evaluation, .state, .dynamics, .alignment] {
      // Listed anew for each kind: a run that is writing stores the records that a result counts before the result.
      let names = try folder.listShards(files).filter { $0.kind == kind }
      for name in names {
        let isLast = !names.contains { $0.shape == name.shape && $0.segment > name.segment }
        do {
          found[name] = try check(
            name, in: folder, files, isLast: isLast, bootUnchanged: bootUnchanged)
        } catch let error as StoreError where error.code == ENOENT && kind == .state {
          continue  // The run that is writing has just removed a segment of states that nobody needs.
        } catch let error as StoreError where error.category == .damaged {
          problems.append(error.description)
          found[name] = Shard(name: "\(name)", damaged: true)
          lacksRecords = true
        }
      }
      checkSegments(names, folder)
    }
    shards = found.sorted { $0.key < $1.key }.map(\.value)
    checkCounts(against: plan, folder)
  }

  private mutating func check(
    _ name: ShardName, in folder: StoreFolder, _ files: any FileLayer, isLast: Bool, bootUnchanged: Bool
  ) throws -> Shard {
    let reader = try ShardReader(name, in: folder.shards, files: files)
    var wrong: [String] = []
    let ending = try reader.scan(bootUnchanged: bootUnchanged) { view, record in
      do {
        try take(view)
      } catch let error as StoreError { wrong.append("record \(record): \(error.description)") }
    }
    records += ending.records
    bytes += reader.size
    switch ending.trouble {
    case .damaged(let reason)?: wrong.append(reason)
    case .torn? where !isLast:
      wrong.append("\(ending.trailing) bytes after record \(ending.records) are no record; a segment follows")
    case .torn?:
      notes.append(ending.tearNote(reader.path) + ", which is no damage")
    case nil: break
    }
    if !isLast, ending.trouble == nil, reader.header == .open {
      wrong.append("not sealed, but a segment follows")
    }
    if !wrong.isEmpty { lacksRecords = true }
    problems += wrong.map { "\(reader.path): \($0)" }
    let isSealed = if case .sealed = reader.header { true } else { false }
    return Shard(
      name: "\(name)", records: ending.records, bytes: reader.size, sealed: isSealed, damaged: !wrong.isEmpty)
  }

  private mutating func take(_ view: RecordView) throws {
    let place = RecordLocation(shard: 0, record: 0)
    switch view.schema.kind {
    case .result: try histories[view.cell, default: CellHistory()].settle(ResultRecord(view), at: place)
    case .iteration:
      histories[view.cell, default: CellHistory()].addIteration(UInt32(view.identity), at: place)
    case .evaluation:
      _ = try EvaluationRecord(view)
      histories[view.cell, default: CellHistory()].addEvaluation(view.identity, at: place)
    case .dynamics, .alignment:
      if view.schema.kind == .dynamics { _ = try DynamicsRecord(view) } else { _ = try AlignmentRecord(view) }
      fallthrough
    case .state: if histories[view.cell] == nil { histories[view.cell] = CellHistory() }
    }
  }

  private mutating func checkSegments(_ names: [ShardName], _ folder: StoreFolder) {
    for (previous, name) in zip([nil] + names.map(Optional.some), names) {
      let follows = previous.map { $0.kind == name.kind && $0.shape == name.shape } ?? false
      let expected = follows ? previous!.segment + 1 : name.kind == .state ? name.segment : 0
      for segment in expected..<max(expected, name.segment) {
        let missing = ShardName(kind: name.kind, shape: name.shape, segment: segment)
        problems.append("\(folder.shards)/\(missing) is missing")
        lacksRecords = true
      }
    }
  }

  private mutating func checkCounts(against plan: SweepManifest?, _ folder: StoreFolder) {
    for (cell, history) in histories.sorted(by: { $0.key < $1.key }) {
      if !history.strayIterations.isEmpty, history.status == nil {
        notes.append(
          "cell \(hex(cell)): iteration \(history.iterations) is not stored, but later ones are; "
            + "the next run fills the gap")
      }
    }
    let earlier = plan?.retired ?? []
    if !earlier.isEmpty {
      let ended = earlier.count { histories[$0]?.status != nil && histories[$0]?.isComplete == true }
      let described = plan?.earlierCells.count ?? 0
      notes.append(
        "\(earlier.count) cells of earlier plans, \(ended) of them with a result; sweep.json describes \(described)"
      )
    }
    let check = StoreCheck(histories, against: plan)
    if !check.incomplete.isEmpty { lacksRecords = true }
    problems += check.incomplete + check.others.map { "\(folder.path): \($0)" }
  }
}

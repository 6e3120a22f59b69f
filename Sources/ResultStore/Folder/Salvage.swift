import Model

/// Keeps every good record of a damaged folder: copies them into new shards and puts those in the place of
/// the old.
///
/// The old shards go to `damaged/`. States and results of cells that have lost a record are not kept, so the
/// next run computes those cells again and compares what is still there.
public struct Salvage: Sendable {
  /// What was dropped and what happens next, a line each.
  public internal(set) var lines: [String] = []
  public internal(set) var kept = 0
  /// Bytes that are no good record.
  public internal(set) var lostBytes = 0
  /// Where the old shards are; nil where there was nothing to salvage.
  public internal(set) var oldShards: String?
  /// Cells whose results are kept.
  private var results = 0

  /// - Throws: `StoreError`: (locked) by a living run, (usage) for no result folder, (io). The old shards
  ///   stay in place unless the new ones are complete and on the disk.
  public init(
    of path: String, files: any FileLayer = SystemFiles(), lock environment: LockEnvironment = .system()
  )
    throws
  {
    let folder = StoreFolder(path)
    try folder.requireName()
    guard try files.exists(folder.shards) || files.exists(folder.salvaged) else {
      let isThere = try files.exists(folder.manifest)
      throw StoreError(isThere ? .damaged : .usage, "\(path) has no shards to salvage")
    }
    let lock = try StoreLock(folder.lock, files: files, environment: environment)
    defer { try? lock.release() }
    if try folder.finishSalvage(files) {
      lines.append("\(folder.shards): an interrupted salvage was finished")
      return
    }
    let verification = try Verification(of: path, files: files)
    guard verification.lacksRecords else {
      lines += verification.problems.map { "not repaired: \($0)" }
      lines.append("\(path): no record is lost, nothing was changed")
      return
    }
    // What is no file goes to `damaged` with the others, and holds nothing.
    let names = try folder.listShards(files).filter { name in
      let kind = FileDoor.kind(of: "\(folder.shards)/\(name)")
      return kind == nil || kind == .file
    }
    let lost = try survey(names, folder, files)
    try copy(names, folder, files, without: lost)
    // Before the exchange: a death in between leaves more results than the launches count, which is no damage.
    if var plan = try? folder.loadManifest(files) {
      let before = plan
      plan.countResults(results)
      if plan != before { try files.replace(folder.manifest, with: plan.encoded()) }
    }
    try exchange(folder, files)
    for cell in lost.sorted() {
      lines.append(
        "cell \(hex(cell)): incomplete; the next run computes it again and compares what is stored")
    }
    if let problem = verification.problems.first(where: { $0.hasPrefix(folder.manifest) }) {
      lines.append("not repaired: \(problem)")
    }
  }

  /// Says what is lost in each shard and returns the cells that lack a record.
  private mutating func survey(
    _ names: [ShardName], _ folder: StoreFolder, _ files: any FileLayer
  ) throws -> Set<UInt64> {
    var histories: [UInt64: CellHistory] = [:]
    for kind in [RecordKind.result, .iteration, .evaluation, .state, .dynamics, .alignment] {
      for name in names where name.kind == kind {
        let reader = try ShardReader(name, in: folder.shards, files: files)
        let gaps = try reader.salvage { view, _ in
          guard view.isReadable else {
            lines.append("\(reader.path): dropped record \(view.sequence), which holds an unknown code")
            return
          }
          let place = RecordLocation(shard: 0, record: 0)
          switch kind {
          case .result:
            try histories[view.cell, default: CellHistory()].settle(ResultRecord(view), at: place)
          case .iteration:
            histories[view.cell, default: CellHistory()].addIteration(UInt32(view.identity), at: place)
          case .evaluation:
            histories[view.cell, default: CellHistory()].addEvaluation(view.identity, at: place)
          case .state:
            let state = try StateRecord(view)
            histories[view.cell, default: CellHistory()].expect(state)
          // The commands that made them make lost ones again.
          case .dynamics, .alignment: break
          }
        }
        for gap in gaps {
          lostBytes += gap.count
          lines.append(
            "\(reader.path): dropped \(gap.count) bytes from byte \(gap.lowerBound) "
              + "(\((gap.count + reader.schema.size - 1) / reader.schema.size) records or fewer)")
        }
        if case .unknown(let reason) = reader.header {
          lines.append("\(reader.path): \(reason); records read anyway")
        }
      }
    }
    results = histories.values.count { $0.isWhole && $0.status != nil }
    return Set(histories.filter { !$0.value.isWhole }.keys)
  }

  private mutating func copy(
    _ names: [ShardName], _ folder: StoreFolder, _ files: any FileLayer, without lost: Set<UInt64>
  ) throws {
    if try files.exists(folder.salvaged) {
      for file in try files.list(folder.salvaged) { try files.remove(folder.salvaged + "/" + file) }
    }
    try files.makeDirectory(folder.salvaged)
    let series = Dictionary(grouping: names) { "\($0.kind) \($0.shape)" }
    for segments in series.values.sorted(by: { $0[0] < $1[0] }) {
      let writer = ShardWriter(
        kind: segments[0].kind, shape: segments[0].shape, directory: folder.salvaged, files: files,
        segmentBytes: StoreWriter.Options().segmentBytes)
      for name in segments {
        let reader = try ShardReader(name, in: folder.shards, files: files)
        _ = try reader.salvage { view, _ in
          if name.kind == .state || name.kind == .result, lost.contains(view.cell) { return }
          guard view.isReadable else { return }
          _ = try writer.append(view.encoded.inPresentVersion())
          kept += 1
        }
      }
      try writer.seal()
    }
    try files.synchroniseDirectory(folder.salvaged)
  }

  private mutating func exchange(_ folder: StoreFolder, _ files: any FileLayer) throws {
    try files.makeDirectory(folder.damaged)
    var number = 0
    while try files.exists(folder.damaged + "/shards.\(number)") { number += 1 }
    let old = folder.damaged + "/shards.\(number)"
    try files.synchroniseDirectory(folder.path)
    try files.rename(folder.shards, to: old)
    try files.rename(folder.salvaged, to: folder.shards)
    try files.synchroniseDirectory(folder.damaged)
    try files.synchroniseDirectory(folder.path)
    oldShards = old
    lines.append("\(kept) good records are in \(folder.shards); the old shards are in \(old)")
  }
}

extension CellHistory {
  /// Takes a state's word for how much was stored before it.
  mutating func expect(_ state: StateRecord) {
    claimedIterations = max(claimedIterations, Int(state.iteration))
    claimedEvaluations = max(claimedEvaluations, Int(state.evaluated))
  }

  /// True where nothing that should be there is missing.
  var isWhole: Bool {
    strayIterations.isEmpty && iterations >= claimedIterations && evaluations >= claimedEvaluations
  }
}

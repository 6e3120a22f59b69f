/// The names of a result folder.
public struct StoreFolder: Sendable, Equatable {
  public var path: String

  public init(_ path: String) {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    self.path = path
  }

  public var shards: String { path + "/shards" }
  public var manifest: String { path + "/sweep.json" }
  public var sweepFile: String { path + "/sweep.yaml" }
  public var lock: String { path + "/lock" }
  /// See `ProgressNote`.
  public var progress: String { path + "/progress.json" }
  /// Where `verify --salvage` puts the files it replaces.
  public var damaged: String { path + "/damaged" }
  /// Where `verify --salvage` collects good records before they take the place of `shards`.
  var salvaged: String { path + "/shards.salvaged" }

  /// The largest `sweep.json` that is read: some 10 million cells.
  static let manifestLimit = 4 << 30

  /// - Throws: `StoreError` (usage) for no name at all, which would be the root of the file system.
  func requireName() throws {
    guard !path.isEmpty else {
      throw StoreError(
        .usage, "the name of the folder is empty; give the folder that was --out of `trifactor run`")
    }
  }

  /// The plan; nil if none has been written yet.
  /// - Throws: `StoreError` (damaged) for a damaged or newer one.
  public func loadManifest(_ files: any FileLayer = SystemFiles()) throws -> SweepManifest? {
    guard try files.exists(manifest) else { return nil }
    return try SweepManifest(
      decoding: files.contents(of: manifest, limit: Self.manifestLimit), path: manifest)
  }

  /// True if no sweep has been run into the folder yet, or there is no such folder.
  public func isNew(_ files: any FileLayer = SystemFiles()) throws -> Bool {
    try path.isEmpty || !files.exists(manifest) && !files.exists(shards) && !files.exists(salvaged)
  }

  /// The plan of a folder that must have one.
  /// - Throws: `StoreError` (usage) where the folder is no result folder, (damaged) where its plan cannot be read.
  public func requireManifest(_ files: any FileLayer = SystemFiles()) throws -> SweepManifest {
    guard let manifest = try loadManifest(files) else {
      if try files.exists(shards), try !listShards(files).isEmpty {
        throw StoreError(
          .damaged,
          "\(self.manifest) is missing, and there are shards. Restore it from a copy, or run the sweep again into the "
            + "same folder: what is stored is found by the keys of its cells")
      }
      throw StoreError(
        .usage,
        "\(path) is no result folder: it has no sweep.json. Give the folder that was --out of `trifactor run`"
      )
    }
    guard try files.exists(shards) || files.exists(salvaged) else {
      throw StoreError(
        .damaged,
        "\(shards) is missing: nothing is left of the results. The same `trifactor run` computes them again")
    }
    return manifest
  }

  /// Shards in order of kind, degree and segment; other files are ignored.
  public func listShards(_ files: any FileLayer = SystemFiles()) throws -> [ShardName] {
    guard try files.exists(shards) else {
      guard try files.exists(salvaged) else { return [] }
      throw StoreError(
        .damaged,
        "\(path): a salvage was interrupted while it put the new shards in place; "
          + "`trifactor verify \(path) --salvage` finishes it")
    }
    return try files.list(shards).compactMap(ShardName.init).sorted()
  }

  /// Makes the folder, with the folders above it, and `shards` in it.
  func make(_ files: any FileLayer) throws {
    try requireName()
    try files.makeDirectories(path)
    try finishSalvage(files)
    try files.makeDirectories(shards)
  }

  /// Finishes a salvage that died between its two renames: the new shards were complete before the first.
  @discardableResult func finishSalvage(_ files: any FileLayer) throws -> Bool {
    guard try !files.exists(shards), try files.exists(salvaged) else { return false }
    try files.rename(salvaged, to: shards)
    try files.synchroniseDirectory(path)
    return true
  }

  /// False if the last writer is dead and its machine may have lost power since, so that a block may be missing although
  /// later ones are there; true if nobody holds the folder.
  func bootUnchanged(_ files: any FileLayer, _ environment: LockEnvironment) throws -> Bool {
    guard let holder = try StoreLock.read(lock, files) else { return true }
    return holder.host == environment.identity.host && holder.boot == environment.identity.boot
  }
}

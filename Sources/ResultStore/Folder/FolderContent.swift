import Model

/// What lies in a folder of results, for those who take it along: no locks, notes or damaged files.
public struct FolderContent: Sendable, Equatable {
  public struct File: Sendable, Equatable {
    /// Below the folder, `shards/result-d3.00000.npy`.
    public var path: String
    public var bytes: Int

    public init(path: String, bytes: Int) {
      self.path = path
      self.bytes = bytes
    }
  }

  /// `sweep.yaml`, and the copies of task files.
  public var given: [File]
  /// `sweep.json`.
  public var plan: [File]
  /// In order of kind, degree and segment.
  public var shards: [File]

  public init(given: [File], plan: [File], shards: [File]) {
    self.given = given
    self.plan = plan
    self.shards = shards
  }

  /// - Throws: `StoreError` (io) for what cannot be read, (damaged) where a salvage was interrupted.
  public init(of folder: StoreFolder) throws {
    let files = SystemFiles()
    /// A file, or what is in a folder, in order of names; nothing where there is none.
    func found(_ path: String) throws -> [File] {
      let place = folder.path + "/" + path
      switch FileDoor.kind(of: place) {
      case nil: return []
      case .folder: return try files.list(place).flatMap { try found(path + "/" + $0) }
      default:
        let file = try files.open(place, .read)
        defer { try? file.close() }
        return [File(path: path, bytes: try file.size())]
      }
    }
    given = try found("sweep.yaml") + found("tasks")
    plan = try found("sweep.json")
    shards = try folder.listShards(files).flatMap { try found("shards/\($0)") }
  }
}

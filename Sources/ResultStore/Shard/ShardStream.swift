/// The records of a result folder one by one, in bounded memory, without its plan: whoever needs both reads the plan
/// at the same time on another core.
public final class ShardStream {
  public let folder: StoreFolder
  private let files: any FileLayer
  private let note: (String) -> Void
  private let bootUnchanged: Bool

  /// - Parameter note: gets a line for each thing that was left out: the unfinished end of a shard.
  /// - Throws: `StoreError` (io) where the lock cannot be read.
  public init(
    _ folder: StoreFolder, files: any FileLayer = SystemFiles(), note: @escaping (String) -> Void = { _ in }
  ) throws {
    self.folder = folder
    self.files = files
    self.note = note
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

  /// What is stored of each cell.
  func index() throws -> StoreIndex {
    let index = try StoreIndex(reading: folder, files: files, bootUnchanged: bootUnchanged)
    index.notes.forEach(note)
    return index
  }
}

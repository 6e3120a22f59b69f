import Model

/// Appends the records of one kind and shape of rule, in segments that are sealed when full.
///
/// A record is one write. After a write that fails, the file is cut back to the last whole record; if even that fails, the
/// writer takes nothing more, so that nothing is ever appended after a torn record.
final class ShardWriter {
  let kind: RecordKind
  let shape: RuleShape
  let schema: RecordSchema
  private let directory: String
  private let files: any FileLayer
  private let segmentBytes: Int
  private let headerLength: Int
  /// The segment that takes the next record, and the records in it; nil before the first.
  private(set) var segment: Int?
  private(set) var count = 0
  /// Records of the segment known to be on disk.
  private(set) var synced = 0
  private var file: (any StoreFile)?
  private var isBroken = false
  private var isSealed = false
  /// True for a segment that was written by an earlier program and takes no more records.
  private var isOfEarlierVersion = false

  init(kind: RecordKind, shape: RuleShape, directory: String, files: any FileLayer, segmentBytes: Int) {
    self.kind = kind
    self.shape = shape
    schema = .of(kind, shape: shape)
    self.directory = directory
    self.files = files
    self.segmentBytes = segmentBytes
    headerLength = ShardHeader.length(of: schema)
  }

  deinit { try? file?.close() }

  /// True where records were appended since the last `synchronise`.
  var isDirty: Bool { synced < count }

  private var path: String { path(of: segment ?? 0) }
  private func path(of segment: Int) -> String {
    directory + "/" + ShardName(kind: kind, shape: shape, segment: segment).description
  }

  /// Continues after the `records` good records of an existing segment and cuts off everything behind them. A segment of
  /// an earlier version is sealed, and the next record begins another.
  func resume(segment: Int, records: Int, header: ShardHeader.State, schema found: RecordSchema) throws {
    let path = path(of: segment)
    let file = try files.open(path, .update)
    self.segment = segment
    self.file = file
    guard found.isCurrent else {
      return try close(file, path, records: records, header: header, schema: found)
    }
    let end = headerLength + records * schema.size
    if case .sealed = header {
      isSealed = true
    } else {
      if header != .open {
        try file.writeAll(ShardHeader.bytes(of: schema, count: 0), at: 0, path: path)
      }
      if try file.size() != end { try file.truncate(to: end) }
      try file.synchronise()
    }
    count = records
    synced = records
  }

  /// Seals a segment of an earlier version with its own header; one without records becomes one of this version.
  private func close(
    _ file: any StoreFile, _ path: String, records: Int, header: ShardHeader.State, schema found: RecordSchema
  ) throws {
    guard records > 0 else {
      try file.truncate(to: 0)
      try file.writeAll(ShardHeader.bytes(of: schema, count: 0), at: 0, path: path)
      return try file.synchronise()
    }
    isOfEarlierVersion = true
    isSealed = true
    count = records
    synced = records
    if case .sealed = header { return }
    let end = ShardHeader.length(of: found) + records * found.size
    if try file.size() != end { try file.truncate(to: end) }
    try file.synchronise()
    try file.writeAll(ShardHeader.bytes(of: found, count: records), at: 0, path: path)
    try file.synchronise()
  }

  /// Stores one record. It survives a crash of the program at once, and a loss of power after `synchronise`.
  /// - Returns: where it is.
  func append(_ record: EncodedRecord) throws -> (segment: Int, index: Int) {
    guard !isBroken else {
      throw StoreError(
        .io, "\(path): an earlier write failed and could not be undone; run the same command again")
    }
    let isFull = headerLength + (count + 1) * schema.size > segmentBytes && count > 0
    if let segment, isFull || isOfEarlierVersion {
      try seal()
      try start(segment + 1)
    } else if let segment {
      if isSealed { try unseal(segment) }
    } else {
      try start(0)
    }
    guard let file, let segment else { brokenInvariant("a shard writer without a segment appends") }
    var record = record
    record.seal(sequence: UInt64(count), unsynced: count - synced)
    let offset = headerLength + count * schema.size
    do {
      try file.writeAll(record.bytes, at: offset, path: path)
    } catch let error as StoreError {
      do { try file.truncate(to: offset) } catch { isBroken = true }
      throw StoreError(
        error.category,
        "\(error.description) (a record of \(schema.size) bytes at byte \(offset); "
          + "everything before it is stored)", code: error.code)
    }
    count += 1
    return (segment, count - 1)
  }

  /// Returns when everything appended is on the disk.
  func synchronise() throws {
    guard isDirty, let file else { return }
    do { try file.synchroniseData() } catch {
      isBroken = true
      throw error
    }
    synced = count
  }

  /// Writes the number of records into the header: the segment is then a complete NPY file.
  func seal() throws {
    guard let file, !isSealed, !isBroken else { return }
    try synchronise()
    try file.writeAll(ShardHeader.bytes(of: schema, count: count), at: 0, path: path)
    try file.synchronise()
    isSealed = true
  }

  /// Removes the number again, before the segment grows.
  private func unseal(_ segment: Int) throws {
    guard let file else { return }
    try file.writeAll(ShardHeader.bytes(of: schema, count: 0), at: 0, path: path)
    try file.synchronise()
    isSealed = false
  }

  private func start(_ next: Int) throws {
    try file?.close()
    file = nil
    let path = path(of: next)
    let file = try files.open(path, .create)
    do {
      try file.writeAll(ShardHeader.bytes(of: schema, count: 0), at: 0, path: path)
      try file.synchronise()
      try files.synchroniseDirectory(directory)
    } catch {
      try? file.close()
      try? files.remove(path)
      isBroken = true
      throw error
    }
    self.file = file
    segment = next
    count = 0
    synced = 0
    isSealed = false
    isOfEarlierVersion = false
  }
}

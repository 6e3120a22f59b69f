/// How a shard ends, once its records have been read.
public struct ShardEnding: Sendable, Equatable {
  /// Good records from the start, in unbroken sequence.
  public var records: Int
  /// Bytes after them.
  public var trailing: Int
  /// Good records among those bytes, behind ones that a loss of power has destroyed.
  public var stranded = 0
  public var trouble: Trouble?

  public enum Trouble: Sendable, Equatable {
    /// What follows the good records is the unfinished end of an open shard and is not read.
    case torn
    /// Stored records are lost or the file is not what it should be; the text says how.
    case damaged(String)
  }

  /// A log line about an unfinished end.
  func tearNote(_ path: String) -> String {
    "\(path): \(trailing) bytes after record \(records) are an unfinished write"
      + (stranded > 0 ? " (\(stranded) good records in them follow lost ones)" : "")
  }

  public var isDamaged: Bool { if case .damaged? = trouble { true } else { false } }
}

/// Reads one shard from start to end through a buffer of 1 MiB, whatever its size.
///
/// The size is read when the shard is opened, so a shard that is being written is read as it was then.
public final class ShardReader {
  public let name: ShardName
  public let path: String
  /// The schema of the version in which the shard was written.
  let schema: RecordSchema
  let header: ShardHeader.State
  let headerLength: Int
  let size: Int
  private let file: any StoreFile

  /// - Throws: `StoreError` (io) where the file cannot be read.
  public init(_ name: ShardName, in directory: String, files: any FileLayer) throws {
    self.name = name
    path = directory + "/" + name.description
    let present = name.schema
    file = try files.open(path, .read)
    let longest = ShardHeader.length(of: present)
    // A run may seal or unseal the shard at this moment: size and header must be of the same time.
    var start = try file.read(longest, at: 0)
    var size = try file.size()
    for _ in 0..<10 {
      let again = try file.read(longest, at: 0)
      if again == start { break }
      start = again
      size = try file.size()
    }
    self.size = size
    let (schema, header) = Self.recognise(start, present, fileSize: size)
    self.schema = schema
    self.header = header
    headerLength = ShardHeader.length(of: schema)
  }

  deinit { try? file.close() }

  /// The version that the header `start` belongs to; the present one if it belongs to none.
  private static func recognise(_ start: [UInt8], _ present: RecordSchema, fileSize: Int) -> (
    RecordSchema, ShardHeader.State
  ) {
    let state = ShardHeader.state(start, of: present, fileSize: fileSize)
    guard case .unknown = state else { return (present, state) }
    for version in (1..<present.version).reversed() {
      guard let schema = RecordSchema.of(present.kind, shape: present.shape, earlier: version) else {
        continue
      }
      let own = Array(start.prefix(ShardHeader.length(of: schema)))
      let earlier = ShardHeader.state(own, of: schema, fileSize: fileSize)
      if case .unknown = earlier { continue }
      return (schema, earlier)
    }
    return (present, state)
  }

  /// Offset of a record.
  func offset(of record: Int) -> Int { headerLength + record * schema.size }

  /// Hands out every good record from the start, stops at the first bad one and says what that means.
  /// - Parameter bootUnchanged: false if the writer's machine may have lost power; records after a bad one then belong to
  ///   the unfinished end, unless they say that the bad one had reached the disk (see `Format.md`).
  public func scan(
    bootUnchanged: Bool = true, _ body: (_ record: RecordView, _ index: Int) throws -> Void
  ) throws -> ShardEnding {
    if case .missing = header {
      return ShardEnding(records: 0, trailing: size, trouble: size > 0 ? .torn : nil)
    }
    if case .unknown(let reason) = header {
      return ShardEnding(records: 0, trailing: size, trouble: .damaged(try refine(reason)))
    }
    let good = try stream(from: 0) { try body($0, $1) }
    let trailing = size - offset(of: good)
    let ending = ShardEnding(records: good, trailing: trailing)
    return try judge(ending, bootUnchanged: bootUnchanged)
  }

  /// The record at `index`, checked; nil if there is no good one.
  public func record(at index: Int) throws -> EncodedRecord? {
    let bytes = try file.read(schema.size, at: offset(of: index))
    guard bytes.count == schema.size else { return nil }
    return bytes.withUnsafeBytes { buffer in
      let view = RecordView(buffer, schema: schema)
      return view.isIntact && view.sequence == UInt64(index) ? view.encoded : nil
    }
  }

  /// Hands out the good records from `start` on, in unbroken sequence; returns the index after the last.
  func stream(from start: Int, _ body: (RecordView, Int) throws -> Void) throws -> Int {
    let perBuffer = max(1, (1 << 20) / schema.size)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: perBuffer * schema.size, alignment: 8)
    defer { buffer.deallocate() }
    var index = start
    let end = (size - headerLength) / schema.size
    while index < end {
      let wanted = min(perBuffer, end - index) * schema.size
      let count = try fill(UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted]), at: offset(of: index))
      guard count >= schema.size else { return index }
      for slot in 0..<(count / schema.size) {
        let bytes = UnsafeRawBufferPointer(rebasing: buffer[slot * schema.size..<(slot + 1) * schema.size])
        let view = RecordView(bytes, schema: schema)
        guard view.sequence == UInt64(index), view.isIntact else { return index }
        try body(view, index)
        index += 1
      }
    }
    return index
  }

  /// Fills `buffer` from `offset`; with less only at the end of the file.
  func fill(_ buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws -> Int {
    var done = 0
    while done < buffer.count {
      let more = try file.read(
        into: UnsafeMutableRawBufferPointer(rebasing: buffer[done...]), at: offset + done)
      if more == 0 { break }
      done += more
    }
    return done
  }
}

/// An open file of a store. Offsets are absolute, so a retried write lands where the first one should have.
public protocol StoreFile: AnyObject {
  /// Writes at `offset` and returns how many bytes went in, which may be fewer than asked.
  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws -> Int
  /// Reads at `offset` and returns how many bytes came, 0 at the end of the file.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws -> Int
  /// Bytes in the file.
  func size() throws -> Int
  func truncate(to size: Int) throws
  /// Returns when data and size are on the disk (fdatasync).
  func synchroniseData() throws
  /// Returns when data and all metadata are on the disk (fsync).
  func synchronise() throws
  func close() throws
}

public enum OpenMode: Sendable {
  /// An existing file, for reading.
  case read
  /// An existing file, for reading and writing.
  case update
  /// A file that must not exist yet (O_EXCL).
  case create
  /// A file that is emptied if it exists.
  case replace
}

/// The system calls a store makes. Nothing else in the module touches files, so a test can fail any of them.
/// Every failure is a `StoreError` of category io with the call, the path and the error number.
public protocol FileLayer: AnyObject {
  func open(_ path: String, _ mode: OpenMode) throws -> any StoreFile
  func exists(_ path: String) throws -> Bool
  /// Names in a directory, sorted, without `.` and `..`.
  func list(_ directory: String) throws -> [String]
  /// Makes one directory; it is no error if it exists.
  func makeDirectory(_ path: String) throws
  func rename(_ path: String, to new: String) throws
  func remove(_ path: String) throws
  /// Makes the names in a directory durable (fsync of the directory).
  func synchroniseDirectory(_ path: String) throws
}

extension FileLayer {
  /// Makes a directory and those above it, all durable; they may exist.
  func makeDirectories(_ path: String) throws {
    guard try !exists(path) else { return }
    try makeDirectories(parent(of: path))
    try makeDirectory(path)
    try synchroniseDirectory(parent(of: path))
  }
}

extension StoreFile {
  /// Writes all of `bytes`, continuing after short writes.
  /// - Throws: what `write` throws, or a `StoreError` where a write takes nothing.
  func writeAll(_ bytes: [UInt8], at offset: Int, path: String) throws {
    try bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        let count = try write(UnsafeRawBufferPointer(rebasing: buffer[done...]), at: offset + done)
        guard count > 0 else {
          throw StoreError(.io, "\(path): a write of \(buffer.count - done) bytes took none")
        }
        done += count
      }
    }
  }

  /// Up to `count` bytes from `offset`, fewer only at the end of the file.
  func read(_ count: Int, at offset: Int) throws -> [UInt8] {
    let count = min(count, max(0, try size() - offset))
    return try [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
      done = 0
      while done < count {
        let rest = UnsafeMutableRawBufferPointer(
          rebasing: UnsafeMutableRawBufferPointer(buffer)[done..<count])
        let more = try read(into: rest, at: offset + done)
        if more == 0 { break }
        done += more
      }
    }
  }
}

extension FileLayer {
  /// The whole of a file that is known to be small.
  /// - Throws: `StoreError` (damaged) for a file of more than `limit` bytes.
  func contents(of path: String, limit: Int) throws -> [UInt8] {
    let file = try open(path, .read)
    defer { try? file.close() }
    let size = try file.size()
    guard size <= limit else {
      throw StoreError(.damaged, "\(path) has \(size) bytes, more than the \(limit) it may have")
    }
    return try file.read(size, at: 0)
  }

  /// Replaces `path` so that, after any crash, the file has either all the old contents or all the new ones.
  func replace(_ path: String, with bytes: [UInt8]) throws {
    let temporary = path + ".tmp"
    let file = try open(temporary, .replace)
    do {
      try file.writeAll(bytes, at: 0, path: temporary)
      try file.synchronise()
    } catch {
      try? file.close()
      try? remove(temporary)
      throw error
    }
    try file.close()
    try rename(temporary, to: path)
    try synchroniseDirectory(parent(of: path))
  }
}

/// The directory a path is in.
func parent(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

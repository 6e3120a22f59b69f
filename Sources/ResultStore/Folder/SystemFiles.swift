import Model
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The file layer of the operating system.
public final class SystemFiles: FileLayer {
  public init() {}

  public func open(_ path: String, _ mode: OpenMode) throws -> any StoreFile {
    do throws(FileFailure) {
      if mode != .create { try FileDoor.requireFile(path) }
    } catch {
      throw StoreError(.damaged, "\(error); move it away, and restore the file where it was one")
    }
    let descriptor = try wrap("open", path) {
      switch mode {
      case .read: try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
      case .update: try FileDescriptor.open(FilePath(path), .readWrite, options: .closeOnExec)
      case .create:
        try FileDescriptor.open(
          FilePath(path), .readWrite, options: [.create, .exclusiveCreate, .closeOnExec],
          permissions: [.ownerReadWrite, .groupRead, .otherRead])
      case .replace:
        try FileDescriptor.open(
          FilePath(path), .readWrite, options: [.create, .truncate, .closeOnExec],
          permissions: [.ownerReadWrite, .groupRead, .otherRead])
      }
    }
    return SystemFile(descriptor, path: path)
  }

  public func exists(_ path: String) throws -> Bool {
    var status = stat()
    if stat(path, &status) == 0 { return true }
    let code = errno
    if code == ENOENT || code == ENOTDIR { return false }
    throw failure("stat", path, code)
  }

  public func list(_ directory: String) throws -> [String] {
    if let kind = FileDoor.kind(of: directory), kind != .folder {
      throw StoreError(
        .damaged,
        "\(directory): this is \(kind.words), and a folder was wanted; move it away, and restore the folder")
    }
    guard let stream = opendir(directory) else { throw failure("opendir", directory, errno) }
    defer { closedir(stream) }
    var names: [String] = []
    errno = 0
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
      errno = 0
    }
    if errno != 0 { throw failure("readdir", directory, errno) }
    return names.sorted()
  }

  public func makeDirectory(_ path: String) throws {
    if mkdir(path, 0o755) != 0, errno != EEXIST { throw failure("mkdir", path, errno) }
  }

  public func rename(_ path: String, to new: String) throws {
    if Self.rename(path, new) != 0 { throw failure("rename", path, errno) }
  }

  public func remove(_ path: String) throws {
    if unlink(path) != 0 { throw failure("unlink", path, errno) }
  }

  public func synchroniseDirectory(_ path: String) throws {
    let descriptor = try wrap("open", path) {
      try FileDescriptor.open(FilePath(path), .readOnly, options: [.directory, .closeOnExec])
    }
    defer { try? descriptor.close() }
    if fsync(descriptor.rawValue) != 0 { throw failure("fsync", path, errno) }
  }

  private static func rename(_ path: String, _ new: String) -> Int32 {
    path.withCString { old in new.withCString { renameat(AT_FDCWD, old, AT_FDCWD, $0) } }
  }
}

/// An open file of the operating system.
final class SystemFile: StoreFile {
  private let descriptor: FileDescriptor
  private let path: String

  init(_ descriptor: FileDescriptor, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws -> Int {
    try wrap("write", path) { try descriptor.write(toAbsoluteOffset: Int64(offset), bytes) }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws -> Int {
    try wrap("read", path) { try descriptor.read(fromAbsoluteOffset: Int64(offset), into: buffer) }
  }

  func size() throws -> Int {
    var status = stat()
    if fstat(descriptor.rawValue, &status) != 0 { throw failure("fstat", path, errno) }
    return Int(status.st_size)
  }

  func truncate(to size: Int) throws {
    if ftruncate(descriptor.rawValue, off_t(size)) != 0 { throw failure("ftruncate", path, errno) }
  }

  func synchroniseData() throws {
    if fdatasync(descriptor.rawValue) != 0 { throw failure("fdatasync", path, errno) }
  }

  func synchronise() throws {
    if fsync(descriptor.rawValue) != 0 { throw failure("fsync", path, errno) }
  }

  func close() throws {
    try wrap("close", path) { try descriptor.close() }
  }
}

/// Runs a system call and names it in the error.
private func wrap<Answer>(_ call: String, _ path: String, _ body: () throws -> Answer) throws -> Answer {
  do { return try body() } catch let error as Errno { throw failure(call, path, error.rawValue) }
}

/// The error of a failed system call.
func failure(_ call: String, _ path: String, _ code: Int32) -> StoreError {
  let reason = Errno(rawValue: code)
  let advice: String
  switch reason {
  case .noSpace, .diskQuotaExceeded: advice = "; free space there and run the same command again"
  case .permissionDenied, .readOnlyFileSystem: advice = "; the folder must be writable"
  default: advice = ""
  }
  return StoreError(.io, "\(path): \(call) failed: \(reason) (errno \(code))\(advice)", code: code)
}

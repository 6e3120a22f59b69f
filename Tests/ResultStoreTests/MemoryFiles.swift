import Foundation

@testable import ResultStore

/// A file system in memory that keeps a log of what was asked of it, can fail any call, and can show what a
/// disk may hold after a loss of power at any point of the log.
final class MemoryFiles: FileLayer {
  /// One change, as the log keeps it. Files are numbered; names are what directories hold.
  enum Change {
    case create(path: String, file: Int)
    case link(path: String, file: Int, from: String)
    case unlink(path: String, file: Int)
    case makeDirectory(String)
    case write(file: Int, offset: Int, bytes: [UInt8])
    case truncate(file: Int, size: Int)
    case synchroniseFile(Int)
    case synchroniseDirectory(String)
  }

  enum Fault {
    /// The call does nothing and fails with this error number.
    case error(Int32)
    /// A write takes half of its bytes; other calls do not notice.
    case short
    /// A write takes half of its bytes and the next call fails with this error number.
    case shortThenError(Int32)
  }

  var names: [String: Int] = [:]
  var contents: [Int: [UInt8]] = [:]
  var directories: Set<String> = ["/"]
  private(set) var log: [Change] = []
  /// Calls so far that change something, and the number of the one that fails.
  private(set) var calls = 0
  var fault: (call: Int, kind: Fault)?
  private(set) var bytesRead = 0
  private var nextFile = 0

  /// Counts a changing call; returns true where a write must be short.
  fileprivate func enter(_ call: String, _ path: String) throws -> Bool {
    calls += 1
    guard let fault, fault.call <= calls else { return false }
    switch fault.kind {
    case .error(let code):
      guard fault.call == calls else { return false }
      throw failure(call, path, code)
    case .short: return fault.call == calls
    case .shortThenError(let code):
      if fault.call == calls { return true }
      if fault.call + 1 == calls { throw failure(call, path, code) }
      return false
    }
  }

  fileprivate func record(_ change: Change) {
    log.append(change)
    apply(change)
  }

  private func apply(_ change: Change) {
    switch change {
    case .create(let path, let file):
      names[path] = file
      contents[file] = contents[file] ?? []
    case .link(let path, let file, let from):
      names[from] = nil
      names[path] = file
      contents[file] = contents[file] ?? []
    case .unlink(let path, let file): if names[path] == file { names[path] = nil }
    case .makeDirectory(let path): directories.insert(path)
    case .write(let file, let offset, let bytes):
      var content = contents[file] ?? []
      if content.count < offset + bytes.count {
        content += Array(repeating: 0, count: offset + bytes.count - content.count)
      }
      content.replaceSubrange(offset..<offset + bytes.count, with: bytes)
      contents[file] = content
    case .truncate(let file, let size):
      let content = contents[file] ?? []
      contents[file] = Array(content.prefix(size)) + Array(repeating: 0, count: max(0, size - content.count))
    case .synchroniseFile, .synchroniseDirectory: break
    }
  }

  func open(_ path: String, _ mode: OpenMode) throws -> any StoreFile {
    switch mode {
    case .read, .update:
      guard let file = names[path] else { throw failure("open", path, ENOENT) }
      return MemoryFile(self, file, path)
    case .create:
      _ = try enter("open", path)
      if names[path] != nil { throw failure("open", path, EEXIST) }
    case .replace:
      _ = try enter("open", path)
      if let file = names[path] {
        record(.truncate(file: file, size: 0))
        return MemoryFile(self, file, path)
      }
    }
    guard directories.contains(parent(of: path)) else { throw failure("open", path, ENOENT) }
    nextFile += 1
    record(.create(path: path, file: nextFile))
    return MemoryFile(self, nextFile, path)
  }

  func exists(_ path: String) -> Bool { names[path] != nil || directories.contains(path) }

  func list(_ directory: String) throws -> [String] {
    guard directories.contains(directory) else { throw failure("opendir", directory, ENOENT) }
    let all: [String] = Array(names.keys) + Array(directories)
    let inside = all.filter { $0 != directory && parent(of: $0) == directory }
    return inside.map { String($0.dropFirst(directory.count + 1)) }.sorted()
  }

  func makeDirectory(_ path: String) throws {
    _ = try enter("mkdir", path)
    record(.makeDirectory(path))
  }

  func rename(_ path: String, to new: String) throws {
    _ = try enter("rename", path)
    if directories.contains(path) {
      for old in directories where old == path || old.hasPrefix(path + "/") {
        directories.remove(old)
        directories.insert(new + old.dropFirst(path.count))
      }
      for (name, file) in names where name.hasPrefix(path + "/") {
        names[name] = nil
        names[new + name.dropFirst(path.count)] = file
      }
      return
    }
    guard let file = names[path] else { throw failure("rename", path, ENOENT) }
    record(.link(path: new, file: file, from: path))
  }

  func remove(_ path: String) throws {
    _ = try enter("unlink", path)
    guard let file = names[path] else { throw failure("unlink", path, ENOENT) }
    record(.unlink(path: path, file: file))
  }

  func synchroniseDirectory(_ path: String) throws {
    _ = try enter("fsync", path)
    record(.synchroniseDirectory(path))
  }

  /// A copy without log, faults or open files.
  func copy() -> MemoryFiles {
    let copy = MemoryFiles()
    copy.names = names
    copy.contents = contents
    copy.directories = directories
    copy.nextFile = nextFile
    return copy
  }

  /// The disk after a loss of power behind the first `length` changes of `log`: all that was synchronised,
  /// and of the rest what `keeps` says, which is asked once for each such change and answers with the share
  /// (0...1) that arrived.
  static func afterPowerCut(_ log: [Change], length: Int, keeps: (Int) -> Double) -> MemoryFiles {
    let disk = MemoryFiles()
    let past = log[..<length]
    for (place, change) in past.enumerated() {
      disk.nextFile = max(disk.nextFile, place + 1)
      let later = past[(place + 1)...]
      let isDurable: Bool
      switch change {
      case .makeDirectory: isDurable = true
      case .create(let path, _), .unlink(let path, _), .link(let path, _, _):
        isDurable = later.contains {
          if case .synchroniseDirectory(parent(of: path)) = $0 { true } else { false }
        }
      case .write(let file, _, _), .truncate(let file, _):
        isDurable = later.contains { if case .synchroniseFile(file) = $0 { true } else { false } }
      case .synchroniseFile, .synchroniseDirectory: continue
      }
      let share = isDurable ? 1 : keeps(place)
      if share >= 1 {
        disk.apply(change)
      } else if share > 0, case .write(let file, let offset, let bytes) = change {
        // The size grew, but only the first part of the data came.
        let old = disk.contents[file]?.count ?? 0
        if old < offset + bytes.count {
          let zeros = [UInt8](repeating: 0, count: offset + bytes.count - max(old, offset))
          disk.apply(.write(file: file, offset: max(old, offset), bytes: zeros))
        }
        let part = Array(bytes.prefix(Int(Double(bytes.count) * share)))
        disk.apply(.write(file: file, offset: offset, bytes: part))
      }
    }
    return disk
  }

  fileprivate func read(_ file: Int, _ buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Int {
    guard let content = contents[file], offset < content.count else { return 0 }
    let count = min(buffer.count, content.count - offset)
    content.withUnsafeBytes {
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + count]))
    }
    bytesRead += count
    return count
  }
}

extension MemoryFiles.Change {
  /// Only these patterns are compared.
  static func ~= (pattern: MemoryFiles.Change, value: MemoryFiles.Change) -> Bool {
    switch (pattern, value) {
    case (.synchroniseFile(let a), .synchroniseFile(let b)): a == b
    case (.synchroniseDirectory(let a), .synchroniseDirectory(let b)): a == b
    default: false
    }
  }
}

private final class MemoryFile: StoreFile {
  private let files: MemoryFiles
  private let file: Int
  private let path: String

  init(_ files: MemoryFiles, _ file: Int, _ path: String) {
    self.files = files
    self.file = file
    self.path = path
  }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws -> Int {
    let isShort = try files.enter("write", path)
    let taken = isShort ? Array(bytes.prefix(bytes.count / 2)) : Array(bytes)
    files.record(.write(file: file, offset: offset, bytes: taken))
    return taken.count
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Int {
    files.read(file, buffer, at: offset)
  }

  func size() -> Int { files.contents[file]?.count ?? 0 }

  func truncate(to size: Int) throws {
    _ = try files.enter("ftruncate", path)
    files.record(.truncate(file: file, size: size))
  }

  func synchroniseData() throws {
    _ = try files.enter("fdatasync", path)
    files.record(.synchroniseFile(file))
  }

  func synchronise() throws {
    _ = try files.enter("fsync", path)
    files.record(.synchroniseFile(file))
  }

  func close() {}
}

import ResultStore

/// The file layer of the operating system, with a count of what waits for the disk.
final class CountedFiles: FileLayer {
  private let files = SystemFiles()
  /// Calls of fdatasync and fsync on files.
  fileprivate(set) var synchronisations = 0

  func open(_ path: String, _ mode: OpenMode) throws -> any StoreFile {
    CountedFile(try files.open(path, mode), in: self)
  }
  func exists(_ path: String) throws -> Bool { try files.exists(path) }
  func list(_ directory: String) throws -> [String] { try files.list(directory) }
  func makeDirectory(_ path: String) throws { try files.makeDirectory(path) }
  func rename(_ path: String, to new: String) throws { try files.rename(path, to: new) }
  func remove(_ path: String) throws { try files.remove(path) }
  func synchroniseDirectory(_ path: String) throws { try files.synchroniseDirectory(path) }
}

private final class CountedFile: StoreFile {
  private let file: any StoreFile
  private let all: CountedFiles

  init(_ file: any StoreFile, in all: CountedFiles) {
    self.file = file
    self.all = all
  }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws -> Int {
    try file.write(bytes, at: offset)
  }
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws -> Int {
    try file.read(into: buffer, at: offset)
  }
  func size() throws -> Int { try file.size() }
  func truncate(to size: Int) throws { try file.truncate(to: size) }
  func synchroniseData() throws {
    all.synchronisations += 1
    try file.synchroniseData()
  }
  func synchronise() throws {
    all.synchronisations += 1
    try file.synchronise()
  }
  func close() throws { try file.close() }
}

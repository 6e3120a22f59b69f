import ResultStore

/// Named arrays on their way to a folder of .npy files or to one .npz file.
public struct NPYBundle {
  private let arrays: [(name: String, array: NPYArray)]

  public init(_ arrays: [(name: String, array: NPYArray)]) { self.arrays = arrays }

  /// Writes one .npz file where `path` ends in `.npz`, else a folder, which is made where it does not exist.
  /// - Throws: `StoreError` of category io.
  public func write(to path: String) throws {
    if path.hasSuffix(".npz") {
      var archive = NPZArchive()
      for (name, array) in arrays { try archive.add(name, array) }
      try OutputFile.write(archive.finished(), to: path)
    } else {
      try OutputFile.makeFolder(path)
      for (name, array) in arrays { try OutputFile.write(array.bytes, to: "\(path)/\(name).npy") }
    }
  }
}

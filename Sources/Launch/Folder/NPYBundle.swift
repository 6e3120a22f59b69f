import Foundation
import ResultStore

/// Named arrays on their way to a folder of .npy files or to one .npz file.
public struct NPYBundle {
  private let arrays: [(name: String, array: NPYArray)]

  public init(_ arrays: [(name: String, array: NPYArray)]) { self.arrays = arrays }

  /// Writes one .npz file where `path` ends in `.npz`, else a folder, which is made where it does not exist.
  /// - Throws: `StoreError` of category io.
  public func write(to path: String) throws {
    let place = URL(fileURLWithPath: path)
    do {
      if path.hasSuffix(".npz") {
        var archive = NPZArchive()
        for (name, array) in arrays { try archive.add(name, array) }
        try Data(archive.finished()).write(to: place)
      } else {
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        for (name, array) in arrays {
          try Data(array.bytes).write(to: place.appendingPathComponent(name + ".npy"))
        }
      }
    } catch let error as StoreError {
      throw error
    } catch {
      throw StoreError.unwritable(path, error)
    }
  }
}

import Experiment
import Foundation
import ResultStore

/// A folder of .npy files and constants.json.
public struct LifetimeFiles {
  private let folder: String

  public init(folder: String) { self.folder = folder }

  /// Writes all, constants.json last. What an earlier export left here and this one does not have is taken away, so that
  /// no array is of another lifetime.
  /// - Throws: `StoreError` of category io.
  public func write(_ lifetime: LifetimeExport) throws {
    try OutputFile.makeFolder(folder)
    for array in lifetime.arrays {
      try OutputFile.write(
        NPYArray(array.values, shape: array.shape).bytes, to: "\(folder)/\(array.name).npy")
    }
    let present = lifetime.arrays.map(\.name)
    for name in LifetimeExport.optional where !present.contains(name) { unlink("\(folder)/\(name).npy") }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try OutputFile.write(Array(encoder.encode(lifetime.constants)), to: folder + "/constants.json")
  }
}

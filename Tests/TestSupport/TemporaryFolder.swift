import Foundation

/// A folder that goes when the last reference to it does.
public final class TemporaryFolder: Sendable {
  /// Absolute path, without a slash at the end.
  public let path: String

  public init(_ purpose: String = "test") throws {
    path =
      FileManager.default.temporaryDirectory.appendingPathComponent("\(purpose)-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of something in the folder.
  public func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a text file into the folder, with the folders on its way, and returns its path.
  @discardableResult
  public func write(_ text: String, to name: String) throws -> String {
    try write(Array(text.utf8), to: name)
  }

  @discardableResult
  public func write(_ bytes: [UInt8], to name: String) throws -> String {
    let url = URL(fileURLWithPath: file(name))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
    return url.path
  }

  /// Names of everything in the folder, sorted.
  public var contents: [String] {
    (try? FileManager.default.subpathsOfDirectory(atPath: path).sorted()) ?? []
  }
}

/// Calls `body` with a folder that is removed afterwards.
public func withTemporaryFolder<Result>(
  _ purpose: String = "test", _ body: (TemporaryFolder) throws -> Result
) throws
  -> Result
{
  let folder = try TemporaryFolder(purpose)
  return try withExtendedLifetime(folder) { try body(folder) }
}

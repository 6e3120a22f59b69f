import Foundation

/// Where the files that a sweep file names are found: beside it; for the copy of a sweep file in a folder of results, in
/// that folder; and where the original is gone, among the copies in a folder of results.
public struct SweepFolder: Sendable {
  /// The folder of the sweep file.
  let folder: URL
  private let copies: KeptFiles?
  private let isCopy: Bool
  private let sent: [String: [UInt8]]

  /// - Parameters:
  ///   - results: a folder of results that may hold copies.
  ///   - sent: files that another rank has read, by their paths in the sweep file.
  public init(ofSweepAt path: String, results: String? = nil, sent: [String: [UInt8]] = [:]) {
    self.sent = sent
    folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    let own = KeptFiles(in: folder.path)
    isCopy = own != nil
    copies = own ?? results.flatMap { KeptFiles(in: $0) }
  }

  /// The bytes of a file by its path in the sweep file.
  /// - Throws: `SweepFileError` where it cannot be read.
  public func read(_ name: String) throws -> [UInt8] {
    if let bytes = sent[name] { return bytes }
    if isCopy, let bytes = copies?.bytes(of: name) { return bytes }
    let path = URL(fileURLWithPath: name, relativeTo: folder).path
    if !FileManager.default.fileExists(atPath: path), let bytes = copies?.bytes(of: name) { return bytes }
    // Arrays may be larger than text.
    let isArray = [".npz", ".npy"].contains { name.hasSuffix($0) }
    return try InputFile.bytes(of: path, kind: isArray ? .task : .rule)
  }

  /// Names of files beside `name`, for suggestions.
  func neighbours(of name: String) -> [String] {
    let place = URL(fileURLWithPath: name, relativeTo: folder).deletingLastPathComponent().path
    let prefix = name.lastIndex(of: "/").map { String(name[...$0]) } ?? ""
    let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
    return names.filter(TaskFile.isPath).sorted().map { prefix + $0 }
  }
}

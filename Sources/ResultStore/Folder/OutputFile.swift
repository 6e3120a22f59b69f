import Glibc
import Model

/// Files that commands write for the user, beside the result folder: whole or not at all.
public enum OutputFile {
  /// Replaces `path` by these bytes. What is no ordinary file (a pipe, a terminal, /dev/null) is written to as it is.
  /// - Throws: `StoreError` (io) that says why, (usage) for an empty name.
  public static func write(_ bytes: [UInt8], to path: String, files: any FileLayer = SystemFiles()) throws {
    try named(path) {
      let kind = files is SystemFiles ? FileDoor.kind(of: path) : nil
      if kind == nil || kind == .file || kind == .folder {
        try files.replace(path, with: bytes)
      } else {
        do throws(FileFailure) {
          try FileDoor.append(bytes, to: path)
        } catch {
          guard error.kind != nil else { throw failure("write", path, error.code) }
          throw StoreError(.io, "cannot write to '\(path)': \(error.reason). Give another path")
        }
      }
    }
  }

  /// Makes a folder with the folders above it; it may be there.
  /// - Throws: `StoreError` as `write` does.
  public static func makeFolder(_ path: String, files: any FileLayer = SystemFiles()) throws {
    try named(path) {
      var missing: [String] = []
      var place = path
      while place.count > 1, place.hasSuffix("/") { place.removeLast() }
      while try !files.exists(place) {
        missing.append(place)
        place = parent(of: place)
      }
      for folder in missing.reversed() { try files.makeDirectory(folder) }
    }
  }

  /// Names what the user has named in every error, not the temporary file beside it.
  private static func named(_ path: String, _ body: () throws -> Void) throws {
    guard !path.isEmpty else {
      throw StoreError(.usage, "the name of what is to be written is empty; give a file or a folder")
    }
    do { try body() } catch let error as StoreError {
      guard let code = error.code else { throw error }
      let advice =
        code == ENOSPC || code == EDQUOT || code == EFBIG
        ? "Make room, or give another path" : "Give another path"
      throw StoreError(
        .io, "cannot write to '\(path)': \(String(cString: strerror(code))) (errno \(code)). \(advice)",
        code: code)
    }
  }
}

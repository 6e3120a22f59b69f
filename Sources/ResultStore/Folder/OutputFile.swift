import Glibc

/// Files that commands write for the user, beside the result folder: whole or not at all.
public enum OutputFile {
  /// Replaces `path` by these bytes. What is no ordinary file (a pipe, a terminal, /dev/null) is written to as it is.
  /// - Throws: `StoreError` (io) that says why, (usage) for an empty name.
  public static func write(_ bytes: [UInt8], to path: String, files: any FileLayer = SystemFiles()) throws {
    try named(path) {
      if files is SystemFiles, isSpecial(path) {
        try append(bytes, to: path)
      } else {
        try files.replace(path, with: bytes)
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

  private static func append(_ bytes: [UInt8], to path: String) throws {
    let descriptor = Glibc.open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("open", path, errno) }
    defer { close(descriptor) }
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress! + done, bytes.count - done)
      }
      if count > 0 { done += count } else if errno != EINTR { throw failure("write", path, errno) }
    }
  }

  private static func isSpecial(_ path: String) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else { return false }
    return status.st_mode & S_IFMT != S_IFREG && status.st_mode & S_IFMT != S_IFDIR
  }
}

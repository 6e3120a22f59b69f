import Glibc
import Model

/// Files that a user names.
package enum InputFile {
  /// The whole file at `path`, which may be a pipe.
  /// - Throws: `SweepFileError`.
  package static func bytes(of path: String, kind: YAMLDocument.Kind = .sweep) throws -> [UInt8] {
    guard !path.isEmpty else {
      throw unreadable(
        "(no name)", "the name of the file is empty", "Name a YAML file, such as sweeps/quickstart.yaml.")
    }
    do throws(FileFailure) {
      return try FileDoor.bytes(path, limit: kind.limit)
    } catch {
      switch error.kind {
      case nil, .file: break
      case .folder: throw unreadable(path, error.reason, kind.file(in: path))
      case .pipe:
        throw unreadable(path, error.reason, "Start what writes into it, or name a file. \(kind.examples)")
      case .device, .disk, .socket: throw unreadable(path, error.reason, kind.examples)
      }
      switch error.code {
      case ENOENT, ENOTDIR: throw unreadable(path, SweepFileError.noFile, kind.examples)
      case EFBIG:
        throw unreadable(
          path, "the file has more than the \(kind.limit) bytes that are read", kind.brevity)
      case EACCES:
        throw unreadable(path, "the file cannot be read", "Look at its permissions: ls -l \(path)")
      default:
        throw unreadable(
          path, "the file cannot be read: \(error.reason)", "Name another file, or copy this one.")
      }
    }
  }

  private static func unreadable(_ file: String, _ problem: String, _ advice: String) -> SweepFileError {
    SweepFileError(file: file, place: nil, problem: problem, advice: advice)
  }
}

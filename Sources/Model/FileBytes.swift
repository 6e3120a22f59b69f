import Glibc

/// The whole of a file, a pipe or a device, from its beginning to its end.
/// - Parameter limit: bytes that are read at most.
/// - Throws: `FileFailure`.
public func fileBytes(_ path: String, limit: Int) throws(FileFailure) -> [UInt8] {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw FileFailure(path: path, code: errno) }
  defer { close(descriptor) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = read(descriptor, &buffer, buffer.count)
    if count == 0 { return bytes }
    if count < 0 {
      if errno == EINTR { continue }
      throw FileFailure(path: path, code: errno)
    }
    bytes += buffer[..<count]
    guard bytes.count <= limit else { throw FileFailure(path: path, code: EFBIG) }
  }
}

/// A file that cannot be read or written, by the system's error number; EFBIG where it is longer than what is read.
public struct FileFailure: Error, Equatable, CustomStringConvertible, Sendable {
  public var path: String
  public var code: Int32

  /// The system's words for it.
  public var reason: String { "\(String(cString: strerror(code))) (errno \(code))" }
  public var description: String { "\(path): \(reason)" }
}

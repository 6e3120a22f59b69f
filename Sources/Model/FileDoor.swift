import Glibc

/// How a path that a user names is opened. It may be anything: whoever opens a pipe, a device or a socket as if it were a
/// file waits for ever or reads without end.
public enum FileDoor {
  /// What stands at a path.
  public enum Kind: Sendable, Equatable {
    case file, folder, pipe, device, disk, socket
    /// A symbolic link that leads back to itself.
    case ring

    /// For messages: `a pipe`.
    public var words: String { self == .ring ? "a ring of links" : "a \(self)" }
  }

  /// Seconds a pipe may be without anybody at its other end: programs that start together open it one after the other.
  static let patience = 1.0

  /// nil where nothing is, or nothing that may be seen.
  public static func kind(of path: String) -> Kind? {
    var status = stat()
    guard stat(path, &status) == 0 else { return errno == ELOOP ? .ring : nil }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    case S_IFIFO: return .pipe
    case S_IFSOCK: return .socket
    case S_IFBLK: return .disk
    default: return .device
    }
  }

  /// Refuses what is there and is no ordinary file; where nothing is, opening says so.
  /// - Throws: `FileFailure` that says what it is.
  public static func requireFile(_ path: String) throws(FileFailure) {
    guard let kind = kind(of: path), kind != .file else { return }
    throw FileFailure(path: path, kind: kind)
  }

  /// The whole of a file or a pipe. A pipe is waited for as long as somebody may still write into it.
  /// - Parameter limit: bytes that are read at most.
  /// - Throws: `FileFailure`.
  public static func bytes(_ path: String, limit: Int) throws(FileFailure) -> [UInt8] {
    let kind = kind(of: path)
    if kind != .pipe { try requireFile(path) }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileFailure(path: path, code: errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var waited = 0.0
    var hasWriter = kind != .pipe
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count > 0 {
        hasWriter = true
        bytes += buffer[..<count]
        guard bytes.count <= limit else { throw FileFailure(path: path, code: EFBIG) }
      } else if count == 0 {
        // The end, or nobody has opened the other end yet.
        if hasWriter { return bytes }
        guard waited < patience else { throw FileFailure(path: path, kind: .pipe) }
        waited += pause()
      } else if errno == EAGAIN {
        hasWriter = true
        var events = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        poll(&events, 1, -1)
      } else if errno != EINTR {
        throw FileFailure(path: path, code: errno)
      }
    }
  }

  /// Writes to what stands at `path` and is to stay what it is: a pipe, a terminal, /dev/null.
  /// - Throws: `FileFailure`, for a pipe that nobody reads too.
  public static func append(_ bytes: [UInt8], to path: String) throws(FileFailure) {
    let descriptor = try openToAppend(path)
    defer { close(descriptor) }
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress! + done, bytes.count - done) }
      if count > 0 { done += count } else if errno != EINTR { throw FileFailure(path: path, code: errno) }
    }
  }

  private static func openToAppend(_ path: String) throws(FileFailure) -> Int32 {
    let kind = kind(of: path)
    if kind == .disk || kind == .socket { try requireFile(path) }
    var waited = 0.0
    while true {
      let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK)
      if descriptor >= 0 {
        // Writes wait for a slow reader.
        _ = fcntl(descriptor, F_SETFL, 0)
        return descriptor
      }
      guard errno == ENXIO, kind == .pipe else { throw FileFailure(path: path, code: errno) }
      guard waited < patience else { throw FileFailure(path: path, kind: .pipe) }
      waited += pause()
    }
  }

  /// A moment, and how long it was.
  private static func pause() -> Double {
    usleep(10_000)
    return 0.01
  }
}

/// A file that cannot be read or written: by the system's error number (EFBIG where it is longer than what is read), or
/// since it is no file.
public struct FileFailure: Error, Equatable, CustomStringConvertible, Sendable {
  public var path: String
  /// 0 where it is no file.
  public var code: Int32
  /// What it is instead; nil where the system has refused.
  public var kind: FileDoor.Kind?

  public init(path: String, code: Int32) {
    self.path = path
    self.code = code
  }

  public init(path: String, kind: FileDoor.Kind) {
    self.path = path
    self.kind = kind
    code = kind == .folder ? EISDIR : 0
  }

  /// What is wrong, in words.
  public var reason: String {
    switch kind {
    case nil, .file: "\(String(cString: strerror(code))) (errno \(code))"
    case .pipe: "this is a pipe with nobody at its other end"
    case let kind?: "this is \(kind.words), and a file was wanted"
    }
  }

  public var description: String { "\(path): \(reason)" }
}

import Glibc

/// All output of the program: results on standard output, everything else on standard error.
///
/// Text is written at once and completely, or the command fails: a full disk, a file-size limit and a closed output are
/// errors with a message (exit code 74), never a shorter result. It is no error if the reader has gone away (`| head`):
/// the rest of the output is dropped. Control characters in names and questions are written as `\u001b`, which is valid
/// JSON too, so that no file can control the terminal.
public enum Console {
  /// True once the reader of standard output has closed it.
  nonisolated(unsafe) public private(set) static var isUnread = false

  /// True where standard output is a terminal.
  public static var isTerminal: Bool { isatty(1) == 1 }

  /// Empties the terminal, so that what is printed next takes the place of what was; does nothing elsewhere.
  public static func clearTerminal() {
    if isTerminal { _ = put("\u{1b}[H\u{1b}[2J\u{1b}[3J", on: 1) }
  }

  /// Makes a failed write return an error instead of ending the process, and keeps files that are opened later from taking
  /// the place of a standard stream that was closed. To be called before anything else.
  public static func prepare() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    for stream: Int32 in 0...2 where fcntl(stream, F_GETFD) == -1 {
      // The lowest free number is this one. What is opened for reading alone refuses every write.
      _ = open("/dev/null", stream == 2 ? O_WRONLY : O_RDONLY)
    }
  }

  /// A result and a line end, on standard output.
  /// - Throws: `OutputError`.
  public static func print(_ text: String) throws(OutputError) { try write(text + "\n") }

  /// A result as it is, on standard output.
  /// - Throws: `OutputError`.
  public static func write(_ text: String) throws(OutputError) {
    guard !isUnread else { return }
    let code = put(visible(text), on: 1)
    if code == EPIPE { isUnread = true } else if code != 0 { throw OutputError(code: code) }
  }

  /// A message and a line end, on standard error. If it cannot be written, nobody can be told.
  public static func complain(_ message: String) { _ = put(visible(message + "\n"), on: 2) }

  /// Progress as it is, on standard error, with the control characters of a line that is written in place.
  public static func show(_ progress: String) { _ = put(progress, on: 2) }

  /// Control characters but tabs and line ends by their names.
  static func visible(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    return text.unicodeScalars.reduce(into: "") { result, scalar in
      if isControl(scalar) {
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A: false
    // C0, C1, and characters that change the direction of writing.
    case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  /// - Returns: 0, or the error number of the write that failed.
  private static func put(_ text: String, on stream: Int32) -> Int32 {
    var text = text
    return text.withUTF8 { bytes in
      var done = 0
      while done < bytes.count {
        let count = Glibc.write(stream, bytes.baseAddress! + done, bytes.count - done)
        if count > 0 {
          done += count
        } else if count == 0 {
          return EIO
        } else if errno == EAGAIN {
          // Somebody has made the stream non-blocking.
          var waiting = pollfd(fd: stream, events: Int16(POLLOUT), revents: 0)
          poll(&waiting, 1, -1)
        } else if errno != EINTR {
          return errno
        }
      }
      return 0
    }
  }
}

/// Standard output did not take all of the text.
public struct OutputError: Error, Equatable, CustomStringConvertible, Sendable {
  /// The system's error number.
  public var code: Int32

  public var description: String {
    let reason = code == EBADF ? "it is closed" : String(cString: strerror(code))
    let advice =
      switch code {
      case EBADF: "Give it a file or a pipe"
      case ENOSPC, EDQUOT: "Free space there and run the command again"
      case EFBIG: "Raise the limit of the file size (ulimit -f) and run the command again"
      default: "Run the command again with another output"
      }
    return
      "cannot write to standard output: \(reason) (errno \(code)). What it holds is not complete. \(advice)"
  }
}

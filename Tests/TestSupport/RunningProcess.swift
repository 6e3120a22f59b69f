import Foundation
import Glibc

/// A program started by a test, in a process group of its own so that a time-out ends all of it.
///
/// Output goes to files, not pipes: nothing blocks, however much is written.
public final class RunningProcess {
  public let command: [String]
  public let pid: pid_t
  private let folder: URL
  private let started = ContinuousClock.now
  private var result: ProcessResult?

  /// Starts the program; `command[0]` is looked up in PATH, and one that is not there ends with code 127.
  /// - Parameters:
  ///   - environment: added to the test's own; nil removes a variable.
  ///   - directory: working directory; the repository's where not given.
  public init(
    _ command: [String], environment: [String: String?] = [:], directory: String = Repository.path
  ) throws {
    precondition(!command.isEmpty, "a process needs a command")
    self.command = command
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("process-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let (out, err) = (folder.appendingPathComponent("out").path, folder.appendingPathComponent("err").path)

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, out, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, err, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0o600)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // Threads of the test runner block most signals, and a child would inherit that.
    var noSignals = sigset_t()
    sigemptyset(&noSignals)
    posix_spawnattr_setsigmask(&attributes, &noSignals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
    posix_spawnattr_setpgroup(&attributes, 0)

    var variables = ProcessInfo.processInfo.environment
    for (name, value) in environment { variables[name] = value }
    // `env -C` becomes the program itself, so `pid` is the program's.
    let line = ["env", "-C", directory] + command
    var arguments: [UnsafeMutablePointer<CChar>?] = line.map { strdup($0) } + [nil]
    var settings: [UnsafeMutablePointer<CChar>?] = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { (arguments + settings).forEach { free($0) } }
    var child: pid_t = 0
    let status = posix_spawnp(&child, line[0], &actions, &attributes, &arguments, &settings)
    guard status == 0 else {
      try? FileManager.default.removeItem(at: folder)
      throw ProcessFailure("\(command[0]) can not be started: \(String(cString: strerror(status)))")
    }
    pid = child
  }

  deinit {
    if result == nil { _ = try? stop() }
    try? FileManager.default.removeItem(at: folder)
  }

  /// What the program has written so far.
  public var output: String { text("out") }
  public var errors: String { text("err") }

  /// Sends a signal to the program alone.
  public func send(_ signal: Int32) { if result == nil { kill(pid, signal) } }

  /// Waits for the end; at the limit the whole group gets TERM, 3 s later KILL, and `end` is `.timedOut`.
  public func wait(limit seconds: Double = 60) throws -> ProcessResult {
    if let result { return result }
    let deadline = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < deadline {
      if let end = try poll() { return finish(end) }
      usleep(2000)
    }
    return try stop()
  }

  /// True while the program runs.
  public var isRunning: Bool {
    guard result == nil else { return false }
    guard let end = try? poll() else { return true }
    _ = finish(end)
    return false
  }

  private func stop() throws -> ProcessResult {
    kill(-pid, SIGCONT)
    kill(-pid, SIGTERM)
    for _ in 0..<300 {
      if try poll() != nil { break }
      usleep(10_000)
    }
    kill(-pid, SIGKILL)
    var status: Int32 = 0
    waitpid(pid, &status, 0)
    return finish(.timedOut)
  }

  /// How the program ended, nil while it runs.
  private func poll() throws -> ProcessResult.End? {
    var status: Int32 = 0
    let found = waitpid(pid, &status, WNOHANG)
    guard found != 0 else { return nil }
    guard found == pid else {
      throw ProcessFailure("process \(pid) was lost: \(String(cString: strerror(errno)))")
    }
    let signal = status & 0x7f
    return signal == 0 ? .exited((status >> 8) & 0xff) : .killed(signal)
  }

  private func finish(_ end: ProcessResult.End) -> ProcessResult {
    let (seconds, attoseconds) = (ContinuousClock.now - started).components
    let result = ProcessResult(
      command: command, end: end, output: output, errors: errors,
      seconds: Double(seconds) + Double(attoseconds) * 1e-18)
    self.result = result
    return result
  }

  private func text(_ name: String) -> String {
    String(decoding: (try? Data(contentsOf: folder.appendingPathComponent(name))) ?? Data(), as: UTF8.self)
  }
}

/// How a program ended and what it wrote.
public struct ProcessResult: Sendable, CustomStringConvertible {
  public enum End: Sendable, Equatable {
    case exited(Int32)
    case killed(Int32)
    case timedOut
  }

  public var command: [String]
  public var end: End
  public var output: String
  public var errors: String
  public var seconds: Double

  /// The exit code; nil where a signal or the time limit ended the program.
  public var code: Int32? {
    if case .exited(let code) = end { return code }
    return nil
  }

  /// For the comment of a failed expectation.
  public var description: String {
    "\(command.joined(separator: " "))\n\(end) after \(seconds) s\n--- output\n\(output.suffix(2000))\n--- errors\n"
      + errors.suffix(2000)
  }
}

/// A test can not do what it needs to.
public struct ProcessFailure: Error, CustomStringConvertible {
  public var description: String
  public init(_ description: String) { self.description = description }
}

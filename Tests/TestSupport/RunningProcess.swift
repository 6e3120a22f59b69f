import Foundation
import Glibc
import Testing

/// A program started by a test, in a session of its own so that a limit ends all of it.
///
/// Output goes to files, not pipes: nothing blocks, however much is written.
public final class RunningProcess {
  public let command: [String]
  public let pid: pid_t
  private let session: Session
  private let folder: URL
  private let started = SuspendingClock.now
  private var result: ProcessResult?

  /// Starts the program; `command[0]` is looked up in PATH, and one that is not there ends with code 127.
  /// - Parameters:
  ///   - environment: added to the test's own; nil removes a variable.
  ///   - directory: working directory; the repository's where not given.
  public init(
    _ command: [String], environment: [String: String?] = [:], directory: String = Repository.path
  ) throws {
    precondition(!command.isEmpty, "a process needs a command")
    // The conditions of suites are looked at before the first test: there the current one is none, or a suite.
    if let test = Test.current, !test.isSuite, StartsPrograms.owner == nil {
      throw ProcessFailure(
        "\(command[0]) is started by a test that may run beside others; wanted: .startsPrograms on its suite, as in "
          + "@Suite(.startsPrograms)")
    }
    self.command = command
    Self.note(command)
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
    // POSIX_SPAWN_SETSID of glibc, which its header shows to C alone.
    posix_spawnattr_setflags(&attributes, Int16(0x80 | POSIX_SPAWN_SETSIGMASK))

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
      throw ProcessFailure("\(command[0]) cannot be started: \(String(cString: strerror(status)))")
    }
    pid = child
    session = Session(leader: child)
  }

  deinit {
    if result == nil { stop() }
    try? FileManager.default.removeItem(at: folder)
  }

  /// What the program has written so far.
  public var output: String { text("out") }
  public var errors: String { text("err") }

  /// Sends a signal to the program alone.
  public func send(_ signal: Int32) { if result == nil { kill(pid, signal) } }

  /// Waits for the end; see the other `wait`.
  public func wait(limit seconds: Double = 60) throws -> ProcessResult {
    _ = try wait(for: "its end", limit: seconds) { false }
    return result!
  }

  /// Waits for something that the program brings about.
  ///
  /// The limit is on the program's own time (`OwnTime`): waiting for processors that others have does not count. At the
  /// limit everything the program has started gets TERM, 3 s later KILL, and an error says what was waited for.
  /// - Returns: false where the program ended and it has not happened.
  public func wait(for event: String, limit seconds: Double = 60, until hasHappened: () throws -> Bool) throws
    -> Bool
  {
    var time = OwnTime()
    var last = SuspendingClock.now
    let pause = Swift.min(1, seconds / 4)
    while true {
      if try hasHappened() { return true }
      guard try goesOn() else { return try hasHappened() }
      let interval = Self.seconds(since: last)
      if interval >= pause {
        last = SuspendingClock.now
        time.pass(interval, session.threadTimes)
      }
      guard time.seconds < seconds else { break }
      usleep(2000)
    }
    let clock = Self.seconds(since: started)
    stop()
    throw ProcessFailure(
      "waited \(seconds) s of the program's own time in vain for \(event); it was ended \(clock) s after its start by "
        + "the clock: \(result!)")
  }

  /// True while the program runs.
  public var isRunning: Bool { (try? goesOn()) ?? false }

  private func goesOn() throws -> Bool {
    if result == nil, let end = try poll() { finish(end) }
    return result == nil
  }

  private func stop() {
    session.send(SIGCONT)
    session.send(SIGTERM)
    for _ in 0..<100 {
      if session.members.isEmpty { break }
      usleep(30_000)
    }
    session.send(SIGKILL)
    guard result == nil else { return }
    var status: Int32 = 0
    finish(waitpid(pid, &status, 0) == pid ? Self.end(status) : .killed(SIGKILL))
  }

  /// How the program ended, nil while it runs.
  private func poll() throws -> ProcessResult.End? {
    var status: Int32 = 0
    let found = waitpid(pid, &status, WNOHANG)
    guard found != 0 else { return nil }
    guard found == pid else {
      throw ProcessFailure("process \(pid) was lost: \(String(cString: strerror(errno)))")
    }
    return Self.end(status)
  }

  private static func end(_ status: Int32) -> ProcessResult.End {
    let signal = status & 0x7f
    return signal == 0 ? .exited((status >> 8) & 0xff) : .killed(signal)
  }

  private func finish(_ end: ProcessResult.End) {
    result = ProcessResult(
      command: command, end: end, output: output, errors: errors, seconds: Self.seconds(since: started))
  }

  private static func seconds(since start: SuspendingClock.Instant) -> Double {
    (SuspendingClock.now - start) / .seconds(1)
  }

  /// Leaves word of the last program for `.ci/unless-silent`, which ends tests that say nothing any more.
  private static func note(_ command: [String]) {
    guard let path = ProcessInfo.processInfo.environment["TRIFACTOR_LAST_PROGRAM"] else { return }
    try? "\(StartsPrograms.owner ?? "a condition"): \(command.joined(separator: " "))\n"
      .write(toFile: path, atomically: false, encoding: .utf8)
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
  }

  public var command: [String]
  public var end: End
  public var output: String
  public var errors: String
  public var seconds: Double

  /// The exit code; nil where a signal ended the program.
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

/// A test cannot do what it needs to.
public struct ProcessFailure: Error, CustomStringConvertible {
  public var description: String
  public init(_ description: String) { self.description = description }
}

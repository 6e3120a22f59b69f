import Foundation
import Testing

@testable import TestSupport

/// The tests of other programs stand on these.
@Suite(.startsPrograms) struct RunningProcessTests {
  @Test func outputErrorsAndCodeAreCaught() throws {
    let result = try run(["sh", "-c", "echo out; echo err >&2; exit 7"])
    #expect(result.code == 7)
    #expect(result.output == "out\n")
    #expect(result.errors == "err\n")
  }

  @Test func signalsAreTold() throws {
    let process = try RunningProcess(["sleep", "30"])
    #expect(process.isRunning)
    process.send(SIGKILL)
    #expect(try process.wait().end == .killed(SIGKILL))
    #expect(!process.isRunning)
  }

  /// Also a child in a process group of its own, as mpirun puts its ranks.
  @Test func aLimitEndsChildrenTooAndNamesTheCommand() throws {
    let process = try RunningProcess(["bash", "-c", "set -m; sleep 86400 & echo begun; sleep 86400"])
    #expect(try process.wait(for: "its first word") { process.output == "begun\n" })
    let error = #expect(throws: ProcessFailure.self) {
      _ = try process.wait(for: "a second word", limit: 0.5) { process.output.count > 6 }
    }
    let text = try #require(error?.description)
    #expect(text.hasPrefix("waited 0.5 s of the program's own time in vain for a second word; it was ended "))
    #expect(
      text.contains("s after its start by the clock: bash -c set -m; ") && text.contains("begun\n"), "\(text)"
    )
    #expect(!process.isRunning)
    #expect(Session(leader: process.pid).members == [])
  }

  @Test func whatIsWaitedForMayNotComeAnyMore() throws {
    let process = try RunningProcess(["true"])
    #expect(try !process.wait(for: "a word") { !process.output.isEmpty })
    #expect(try process.wait().code == 0)
  }

  /// A second of a processor, beside three others for each processor there is, takes about four by the clock.
  @Test func waitingForProcessorsDoesNotCount() throws {
    let others = try (0..<3 * ProcessInfo.processInfo.activeProcessorCount).map { _ in
      try RunningProcess(["sh", "-c", "while :; do :; done"])
    }
    let result = try run(["sh", "-c", "ulimit -t 1; while :; do :; done"], limit: 2.5)
    #expect(result.end == .killed(SIGKILL) || result.end == .killed(SIGXCPU), "\(result)")
    for other in others {
      other.send(SIGKILL)
      #expect(try other.wait().end == .killed(SIGKILL))
    }
  }

  @Test func ownTimeIsWhatWasNotWaitedFor() {
    // Asleep; half of the time waiting; four threads on two processors; hopeless.
    let cases: [(ran: Double, waited: Double, share: Double)] = [
      (0, 0, 1), (1, 1, 0.5), (0.2, 1, 0.5), (4, 4, 0.5), (0.01, 2, 0.05),
    ]
    for (ran, waited, share) in cases {
      #expect(abs(OwnTime.share(of: 2, ran: ran, waited: waited) - share) < 1e-12)
    }
    var time = OwnTime()
    // Since the start of thread 1 it ran a quarter of the time; then others had the processor; then nobody counts.
    time.pass(1, [1: .init(ran: 5, waited: 15)])
    #expect(time.seconds == 0.25)
    time.pass(2, [1: .init(ran: 6, waited: 16), 2: .init(ran: 0, waited: 0)])
    #expect(time.seconds == 1.25)
    time.pass(10, [:])
    #expect(time.seconds == 1.25 + 10 * OwnTime.unknown)
  }

  @Test func aTestWithoutTheMachineMayStartNothing() throws {
    let error = #expect(throws: ProcessFailure.self) {
      try StartsPrograms.$owner.withValue(nil) { _ = try run(["true"]) }
    }
    #expect(
      error?.description
        == "true is started by a test that may run beside others; wanted: .startsPrograms on its "
        + "suite, as in @Suite(.startsPrograms)")
  }

  /// The machine is held while the test is suspended, and its own tasks may start programs.
  @Test func anAsynchronousTestKeepsTheMachine() async throws {
    let process = try RunningProcess(["sleep", "86400"])
    try await Task.sleep(for: .milliseconds(20))
    let code = try await Task { try run(["true"]).code }.value
    #expect(code == 0 && process.isRunning)
  }

  @Test func muchOutputDoesNotBlock() throws {
    let result = try run(["sh", "-c", "head -c 3000000 /dev/zero | tr '\\0' x"])
    #expect(result.output.utf8.count == 3_000_000)
  }

  @Test func environmentAndDirectoryAreSet() throws {
    let folder = try TemporaryFolder()
    let result = try run(
      ["sh", "-c", "pwd; echo $TRIFACTOR_TEST; echo ${HOME-none}"],
      environment: ["TRIFACTOR_TEST": "seen", "HOME": String?.none], directory: folder.path)
    #expect(result.output == "\(folder.path)\nseen\nnone\n")
    #expect(try run(["no-such-program"]).code == 127)
  }

  @Test func temporaryFoldersGo() throws {
    let path = try withTemporaryFolder { folder in
      try folder.write("text", to: "deep/file.txt")
      #expect(folder.contents == ["deep", "deep/file.txt"])
      return folder.path
    }
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}

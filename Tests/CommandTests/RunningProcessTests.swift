import Foundation
import TestSupport
import Testing

/// The tests of other programs stand on these.
@Suite struct RunningProcessTests {
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
    #expect(try process.wait(limit: 5).end == .killed(SIGKILL))
    #expect(!process.isRunning)
  }

  @Test func aTimeOutEndsChildrenToo() throws {
    let folder = try TemporaryFolder()
    let marker = folder.file("alive")
    let result = try run(["sh", "-c", "(sleep 4; touch \(marker)) & sleep 30"], limit: 0.5)
    #expect(result.end == .timedOut)
    #expect(result.seconds < 4)
    Thread.sleep(forTimeInterval: 4.5)
    #expect(!FileManager.default.fileExists(atPath: marker))
  }

  @Test func muchOutputDoesNotBlock() throws {
    let result = try run(["sh", "-c", "head -c 3000000 /dev/zero | tr '\\0' x"], limit: 20)
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

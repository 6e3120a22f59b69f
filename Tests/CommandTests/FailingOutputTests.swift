import Foundation
import TestSupport
import Testing

/// Every command that prints, with a standard output that takes nothing: exit code 74 and a message, never a shorter
/// result. A reader that has gone away is no error.
@Suite(.startsPrograms) struct FailingOutputTests {
  /// `OUT` stands for a folder of results, `SWEEP` for its sweep file.
  static let commands = [
    "--help", "--version", "help table", "table --help", "--generate-completion-script bash",
    "plan SWEEP", "plan SWEEP --json", "plan SWEEP --slurm", "simulate SWEEP --ranks 1,2", "status OUT",
    "status OUT --json", "table OUT", "table OUT --format markdown", "table OUT --format csv",
    "table OUT --format latex", "table OUT --format json", "compare OUT --axis rule.degree",
    "compare OUT --axis rule.degree --format json", "verify OUT", "evaluate SWEEP --networks 2",
    "evaluate SWEEP --networks 2 --json",
    "evaluate SWEEP --networks 1 --alignment --alignment-points 1 --alignment-draws 2",
    "evaluate --help-learners", "rule OUT", "rule miconi",
    "lifetime SWEEP --trials 2", "audit SWEEP --trials 4 --samples 4", "tasks", "tasks cue-association",
    "settings", "validate rflo --networks 1 --trials 2", "validate rflo --networks 1 --trials 2 --json",
    "bench --sizes 8,8,1 --only kernels --samples 1", "dynamics OUT --starts 2 --points 1",
  ]

  /// Commands that print nothing there do their work all the same.
  static let silent = ["run SWEEP --out OUT", "export OUT --to NEW.csv"]

  private static let good = Result {
    let folder = try TemporaryFolder("output")
    _ = try TwoCellSweep.run(in: folder)
    return folder
  }

  /// Runs the command by a script, with the folder of this test in its words.
  private func shell(_ command: String, _ script: String) throws -> ProcessResult {
    let folder = try Self.good.get()
    let words = command.split(separator: " ").map { word in
      switch word {
      case "OUT": folder.file("OUT")
      case "SWEEP": folder.file("tiny.yaml")
      case "NEW.csv": folder.file("new-\(UUID().uuidString).csv")
      default: String(word)
      }
    }
    return try run(["bash", "-c", script, "bash", try Repository.program("trifactor")] + words, limit: 60)
  }

  @Test(arguments: commands) func aFullDisk(_ command: String) throws {
    let result = try shell(command, #""$@" > /dev/full"#)
    #expect(result.code == 74, "\(result)")
    #expect(
      result.errors.contains("cannot write to standard output: No space left on device (errno 28)"),
      "\(result)")
  }

  @Test(arguments: commands) func aClosedOutput(_ command: String) throws {
    let result = try shell(command, #""$@" >&-"#)
    #expect(result.code == 74, "\(result)")
    #expect(result.errors.contains("cannot write to standard output: it is closed (errno 9)"), "\(result)")
  }

  /// Without a handler SIGXFSZ ends a process at such a write.
  @Test(arguments: commands.filter { !$0.hasPrefix("dynamics") }) func aFileSizeLimit(_ command: String)
    throws
  {
    let folder = try TemporaryFolder("limit")
    // Error output goes through a pipe, which the limit does not concern; the shell waits for all of a pipeline.
    let result = try shell(
      command,
      "(ulimit -f 0; exec \"$@\" 2>&1 > '\(folder.file("all"))') | cat >&2; exit ${PIPESTATUS[0]}")
    #expect(result.code == 74, "\(result)")
    #expect(result.errors.contains("cannot write to standard output: File too large (errno 27)"), "\(result)")
  }

  @Test(arguments: commands) func aReaderThatHasGone(_ command: String) throws {
    let result = try shell(command, #"exec 3> >(true); wait $!; "$@" >&3"#)
    #expect(result.code == 0, "\(result)")
    #expect(!result.errors.contains("write") && !result.errors.contains("rror"), "\(result)")
  }

  @Test(arguments: silent) func whoPrintsNothingDoesItsWork(_ command: String) throws {
    for redirection in ["> /dev/full", ">&-", "2> /dev/full", "2>&-", ">&- 2>&- <&-"] {
      let result = try shell(command, "\"$@\" \(redirection)")
      #expect(result.code == 0, "\(result)")
    }
    #expect(try shell("verify OUT", #""$@""#).code == 0)
  }

  /// A message that nobody can read changes nothing.
  @Test(arguments: ["table OUT", "table OUT --rows no.such", "plan NEW.csv"]) func anErrorOutputThatFails(
    _ command: String
  ) throws {
    let plain = try shell(command, #""$@""#)
    for redirection in ["2> /dev/full", "2>&-"] {
      let result = try shell(command, "\"$@\" \(redirection)")
      #expect(result.code == plain.code && result.output == plain.output, "\(result)")
    }
  }

  /// A run under a limit of file size stops with a message, and goes on without it to the same end.
  @Test func aRunUnderAFileSizeLimit() throws {
    let sweep = try TinySweep()
    let limited = try run(["bash", "-c", #"ulimit -f 20; "$@""#, "bash"] + sweep.arguments(), limit: 120)
    #expect(limited.code == 74, "\(limited)")
    #expect(limited.errors.contains("write failed: File too large (errno 27)"), "\(limited)")
    #expect(try trifactor("verify", sweep.out).code == 0)
    #expect(try run(sweep.arguments(), limit: 120).code == 0)
    #expect(try sweep.export() == TinySweep.undisturbed.get())
  }

  /// One place writes to the standard streams: whatever another prints would not notice a full disk.
  @Test func nothingPrintsPastTheConsole() throws {
    let sources = try FileManager.default.subpathsOfDirectory(atPath: Repository.path + "/Sources")
      .filter { $0.hasSuffix(".swift") && $0 != "Model/Console.swift" }
    #expect(sources.count > 200)
    for file in sources {
      let text = try String(contentsOfFile: Repository.path + "/Sources/" + file, encoding: .utf8)
      for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
        #expect(
          !line.contains(/(^|[^.\w])print\(|FileHandle\.standard|fputs\(|[^.]\bwrite\([12],/)
            || line.contains("func print(") || line.contains("//"), "\(file):\(number + 1): \(line)")
      }
    }
  }
}

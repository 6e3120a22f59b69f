import ArgumentParser
import Foundation
import Launch
import Model
import Sweep

/// The program: one file a command.
///
/// A program that brings a mechanism of its own is three lines: it adds the mechanism and calls the same `main`.
///
/// ```swift
/// Mechanisms.add(Fatigue.self)
/// Trifactor.main()
/// ```
public struct Trifactor: ParsableCommand {
  public static let configuration = CommandConfiguration(
    commandName: "trifactor",
    abstract: "Meta-learns three-factor plasticity rules for recurrent networks, as an MPI parameter sweep.",
    discussion: """
      A sweep file names settings and axes; `run` learns a rule for every combination, `table` says what the axes \
      did. `run` is started alone or with mpirun or srun, and the same command resumes.
      """,
    version: Build.version,
    subcommands: [
      InitCommand.self, PlanCommand.self, SimulateCommand.self, RunCommand.self, StatusCommand.self,
      TableCommand.self, BestCommand.self,
      CompareCommand.self, ExportCommand.self, VerifyCommand.self, CrateCommand.self, EvaluateCommand.self,
      RuleCommand.self,
      LifetimeCommand.self, AuditCommand.self, TasksCommand.self, SettingsCommand.self,
      ValidateCommand.self, BenchCommand.self, DynamicsCommand.self,
    ])

  public init() {}

  /// Runs the command that the arguments name, and ends the process with its exit code where that is not 0.
  public static func main() {
    Console.prepare()
    do {
      try requireUTF8()
      var command = try parseAsRoot()
      try command.run()
    } catch {
      Foundation.exit(end(error))
    }
  }

  /// Says what ended the command, where nobody has said it yet; help and version are such ends too.
  /// - Returns: the exit code.
  private static func end(_ error: any Error) -> Int32 {
    if let failure = Failure(error) {
      Console.complain("error: \(failure.message)")
      return failure.code
    }
    // Errors of the argument parser, which speaks for itself.
    let (code, text) = (exitCode(for: error), fullMessage(for: error))
    guard !text.isEmpty else { return code.rawValue }
    guard code.isSuccess else {
      Console.complain(withSuggestion(text))
      return code.rawValue
    }
    do throws(OutputError) {
      try Console.print(text)
      return code.rawValue
    } catch { return end(error) }
  }

  /// The parser's message about a word that is no command, with the command that was meant.
  private static func withSuggestion(_ text: String) -> String {
    let names = configuration.subcommands.compactMap { $0.configuration.commandName }
    let lines = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
    guard let word = CommandLine.arguments.dropFirst().first, !word.hasPrefix("-"), !names.contains(word),
      lines[0].contains("nexpected argument"), lines[0].contains("'\(word)'")
    else { return text }
    let near = Suggestion.nearest(to: word, among: names).map { "did you mean '\($0)'?" }
    let first =
      "Error: Unexpected argument '\(word)'; "
      + (near ?? "the commands are \(names.joined(separator: ", "))")
    return ([first] + lines.dropFirst().map(String.init)).joined(separator: "\n")
  }

  /// The argument list would silently name other files than the user does.
  private static func requireUTF8() throws {
    for place in 1..<max(1, Int(CommandLine.argc)) {
      guard let bytes = CommandLine.unsafeArgv[place], String(validatingCString: bytes) == nil else {
        continue
      }
      throw UsageError(
        "argument \(place), '\(String(cString: bytes))', is not UTF-8; names of files and folders have to "
          + "be")
    }
  }
}

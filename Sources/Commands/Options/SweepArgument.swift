import ArgumentParser
import Foundation
import Launch
import Model
import Sweep

/// The sweep file every command takes first, and settings in place of those in it.
struct SweepArgument: ParsableArguments {
  @Argument(help: "The sweep file (YAML).") var sweep: String
  @OptionGroup var given: GivenSettings

  /// True in one of several ranks where the sweep names task files.
  var areTaskFilesSent: Bool { SentFiles.areSent(for: sweep, given.overrides) }

  /// The sweep, read and checked; warnings go to the error output. Of several ranks the first one speaks, and another
  /// only about a file that the first one can read: see `politePause`.
  /// - Parameters:
  ///   - results: a folder of results whose copies of task files serve where the originals are gone.
  ///   - sent: task files that rank 0 has read.
  /// - Throws: `ExitCode` 65 once the error has been printed.
  func load(results: String? = nil, sent: [String: [UInt8]] = [:]) throws -> SweepFile {
    let environment = ProcessInfo.processInfo.environment
    let speaks = isFirstRank(environment)
    do {
      let file = try SweepFile.load(
        sweep, schema: .trifactor, results: results, sent: sent, overrides: given.overrides)
      if speaks { file.warnings.forEach { printError("\($0)") } }
      return file
    } catch let error as SweepFileError {
      if speaks {
        printError("\(error)")
      } else {
        sleep(politePause)
        printError("rank \(rankText(environment) ?? "?") on \(hostName()): \(error)")
      }
      throw ExitCode(65)
    }
  }
}

/// Settings on the command line.
struct GivenSettings: ParsableArguments {
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "A setting in place of the one in the sweep file's base, value in YAML; may be repeated. Cells, keys and the copy "
        + "kept with results are those of a file that says so.", valueName: "PATH=VALUE"))
  var overrides: [SettingOverride] = []
}

extension SettingOverride: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

/// Seconds a rank other than the first keeps an error to itself. The first process that ends makes the launcher end
/// all others within two seconds: where the first rank has met the same error, it is the one that is heard.
private let politePause: UInt32 = 10

import ArgumentParser
import Foundation
import Launch
import Model
import Sweep

/// The sweep file every command takes first.
struct SweepArgument: ParsableArguments {
  @Argument(help: "The sweep file (YAML).") var sweep: String

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
      let file = try SweepFile.load(sweep, schema: .trifactor, results: results, sent: sent)
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

/// Seconds a rank other than the first keeps an error to itself. The first process that ends makes the launcher end
/// all others within two seconds: where the first rank has met the same error, it is the one that is heard.
private let politePause: UInt32 = 10

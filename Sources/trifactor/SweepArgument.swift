import ArgumentParser
import Foundation
import Sweep

/// The sweep file every command takes first.
struct SweepArgument: ParsableArguments {
  @Argument(help: "The sweep file (YAML).") var sweep: String

  /// The sweep, read and checked; warnings go to the error output.
  /// - Throws: `ExitCode` 65 once the error has been printed.
  func load() throws -> SweepFile {
    do {
      let file = try SweepFile.load(sweep, schema: .trifactor)
      for warning in file.warnings { printError("\(warning)") }
      return file
    } catch let error as SweepFileError {
      printError("\(error)")
      throw ExitCode(65)
    }
  }
}

/// One message on the error output.
func printError(_ message: String) {
  FileHandle.standardError.write(Data((message + "\n").utf8))
}

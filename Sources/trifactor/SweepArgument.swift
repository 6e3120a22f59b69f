import ArgumentParser
import Foundation
import Sweep

/// The sweep file every command takes first.
struct SweepArgument: ParsableArguments {
  @Argument(help: "The sweep file (YAML).") var sweep: String

  /// The sweep, read and checked; warnings go to the error output. Of several ranks the first one speaks.
  /// - Throws: `ExitCode` 65 once the error has been printed.
  func load() throws -> SweepFile {
    let speaks = isFirstRank(ProcessInfo.processInfo.environment)
    do {
      let file = try SweepFile.load(sweep, schema: .trifactor)
      if speaks { file.warnings.forEach { printError("\($0)") } }
      return file
    } catch let error as SweepFileError {
      if speaks { printError("\(error)") }
      throw ExitCode(65)
    }
  }
}

/// True on rank 0 and in a process that no launcher started, by what mpirun and srun leave in the environment:
/// the sweep file is read before MPI starts.
func isFirstRank(_ environment: [String: String]) -> Bool {
  let rank = ["OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK"].lazy.compactMap { environment[$0] }.first
  return rank == nil || rank == "0"
}

/// One message on the error output.
func printError(_ message: String) {
  FileHandle.standardError.write(Data((message + "\n").utf8))
}

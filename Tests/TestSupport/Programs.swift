import Foundation

/// Runs a program to its end; see `RunningProcess`, also for what the limit counts.
public func run(
  _ command: [String], environment: [String: String?] = [:], directory: String = Repository.path,
  limit seconds: Double = 60
) throws -> ProcessResult {
  try RunningProcess(command, environment: environment, directory: directory).wait(limit: seconds)
}

/// Runs the built `trifactor` without mpirun.
public func trifactor(
  _ arguments: String..., environment: [String: String?] = [:], directory: String = Repository.path,
  limit seconds: Double = 60
) throws -> ProcessResult {
  try run(
    [try Repository.program("trifactor")] + arguments, environment: environment, directory: directory,
    limit: seconds)
}

/// The command that starts `program` on so many ranks of this machine, however few cores it has.
public func mpirun(ranks: Int, _ program: [String], options: [String] = []) -> [String] {
  ["mpirun", "--oversubscribe", "--bind-to", "none", "-n", "\(ranks)"] + options + program
}

/// What Open MPI needs to run as root, in containers and CI; without effect for other users.
public let mpiEnvironment: [String: String?] = [
  "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OPENBLAS_NUM_THREADS": "1",
]

/// Runs `program` under mpirun.
public func runRanks(
  _ ranks: Int, _ program: [String], options: [String] = [], environment: [String: String?] = [:],
  directory: String = Repository.path, limit seconds: Double = 60
) throws -> ProcessResult {
  try run(
    mpirun(ranks: ranks, program, options: options),
    environment: mpiEnvironment.merging(environment) { $1 }, directory: directory, limit: seconds)
}

/// Runs Python code or a script with the project's own interpreter (`make setup` makes it).
public func python(_ arguments: String..., directory: String = Repository.path, limit seconds: Double = 60)
  throws
  -> ProcessResult
{
  let interpreter = Repository.path + "/.venv/bin/python"
  guard FileManager.default.isExecutableFile(atPath: interpreter) else {
    throw ProcessFailure("there is no \(interpreter); `make setup` makes it")
  }
  return try run([interpreter] + arguments, directory: directory, limit: seconds)
}

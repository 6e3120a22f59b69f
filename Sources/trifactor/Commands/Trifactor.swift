import ArgumentParser

/// The program: one file a command.
@main
struct Trifactor: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trifactor",
    abstract: "Meta-learns three-factor plasticity rules for recurrent networks, as an MPI parameter sweep.",
    discussion: """
      A sweep file names settings and axes; `run` learns a rule for every combination, `table` says what the axes \
      did. `run` is started alone or with mpirun or srun, and the same command resumes.
      """,
    version: Build.version,
    subcommands: [
      PlanCommand.self, SimulateCommand.self, RunCommand.self, StatusCommand.self, TableCommand.self,
      CompareCommand.self, ExportCommand.self, VerifyCommand.self, EvaluateCommand.self, RuleCommand.self,
      LifetimeCommand.self, AuditCommand.self, TasksCommand.self, SettingsCommand.self,
      ValidateCommand.self, BenchCommand.self, DynamicsCommand.self,
    ])

  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      // Codes and messages of errors that commands do not catch themselves.
      guard let failure = Failure(error) else { exit(withError: error) }
      printError("error: \(failure.message)")
      exit(withError: ExitCode(failure.code))
    }
  }
}

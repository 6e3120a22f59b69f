import COpenMPI
import Glibc
import Model

/// The scope in which MPI is initialised, and what is known before.
public enum MPI {
  /// How this process was started.
  public enum Launch: Equatable, Sendable {
    /// Without a launcher: one process, MPI is never initialised.
    case alone
    /// By mpirun, or by srun with a PMI plug-in.
    case ranks
    /// By srun with several tasks but without a PMI plug-in: the tasks would not know of each other.
    case unconnected(tasks: Int)
  }

  /// Finds how the process was started, by the environment variables that Open MPI, PMIx and PMI set for each rank.
  public static func launch(environment: [String: String]) -> Launch {
    let signs = ["OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK"]
    if signs.contains(where: { environment[$0] != nil }) { return .ranks }
    let tasks = environment["SLURM_STEP_NUM_TASKS"].flatMap { Int($0) } ?? 1
    // A batch script runs in a step of its own, whose id is beyond all numbered steps.
    let step = environment["SLURM_STEP_ID"].flatMap { UInt32($0) } ?? .max
    return tasks > 1 && step < 0xffff_fff0 ? .unconnected(tasks: tasks) : .alone
  }

  /// Loads the MPI library, initialises it (funnelled: only the calling thread may use it), runs `body` and finalises.
  ///
  /// Without a launcher no MPI library is needed, and `world` is one rank alone. Errors of MPI calls are thrown
  /// to `body`, never fatal. Where `body` throws, the error's text goes to standard error and every rank of the job
  /// is aborted with `exitCode(error)`: no rank is left waiting for this one.
  ///
  /// - Parameters:
  ///   - environment: the process environment, a parameter for the tests.
  ///   - exitCode: the code the job ends with for an error that escapes, 1...255.
  ///   - body: returns the exit code of a run that went well; every rank should return the same.
  /// - Returns: what `body` returned, once all ranks have returned.
  public static func run(
    environment: [String: String] = processEnvironment(),
    exitCode: (any Error) -> Int32 = { _ in 70 },
    _ body: (Communicator) throws -> Int32
  ) -> Int32 {
    switch launch(environment: environment) {
    case .alone:
      do { return try body(.alone) } catch {
        report(error, rank: nil)
        return exitCode(error)
      }
    case .unconnected(let tasks):
      let text =
        "srun started \(tasks) tasks that do not know of each other; start them with `srun --mpi=pmix`, "
        + "or with mpirun inside the job"
      report(MPIError(code: 0, call: "MPI_Init", text: text), rank: nil)
      return 64
    case .ranks: return runRanks(environment: environment, exitCode: exitCode, body)
    }
  }

  private static func runRanks(
    environment: [String: String], exitCode: (any Error) -> Int32, _ body: (Communicator) throws -> Int32
  ) -> Int32 {
    var rank: Int?
    do {
      try Library.load(named: environment["TRIFACTOR_MPI_LIBRARY"])
      var funnelled: Int32 = 0
      try check(shim_initialise(&funnelled), "MPI_Init_thread")
      let world = try Communicator(owning: shim_world(), isWorld: true)
      rank = world.rank
      guard funnelled != 0 else {
        throw MPIError(
          code: 0, call: "MPI_Init_thread", text: "MPI_THREAD_FUNNELED is not provided", rank: rank)
      }
      let code = try body(world)
      try world.politeBarrier()
      try check(shim_finalise(), "MPI_Finalize", rank: rank)
      return code
    } catch {
      report(error, rank: rank)
      let code = exitCode(error)
      if shim_is_initialised() != 0 { _ = shim_abort(shim_world(), code) }
      return code
    }
  }

  /// One line on standard error in one write, so that lines of several ranks do not mix.
  private static func report(_ error: any Error, rank: Int?) {
    let place = rank.map { "rank \($0): " } ?? ""
    Console.complain("error: \(place)\(error)")
  }

  /// Name and version of the MPI library, one line; `unknown` for a program alone.
  public static var libraryVersion: String {
    let text = libraryText { shim_library_version($0, $1) } ?? "unknown"
    return String(text.prefix { $0 != "\n" && $0 != "\0" })
  }

  /// The environment of this process.
  public static func processEnvironment() -> [String: String] {
    var result: [String: String] = [:]
    var entry = environ
    while let pointer = entry.pointee {
      let pair = String(cString: pointer).split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if pair.count == 2 { result[String(pair[0])] = String(pair[1]) }
      entry += 1
    }
    return result
  }
}

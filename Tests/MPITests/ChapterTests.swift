import MPI
import Model
import TestSupport
import Testing

/// Runs a program of `Tests/MPIPrograms` under mpirun.
func mpiCheck(_ arguments: [String], ranks: Int) throws -> ProcessResult {
  try runRanks(ranks, [try Repository.program("mpi-check")] + arguments)
}

@Suite(.startsPrograms) struct ChapterTests {
  @Test(
    "Each chapter on 1 to 4 ranks",
    arguments: ["environment", "point-to-point", "collectives", "communicators", "start-check"], 1...4)
  func chapter(name: String, ranks: Int) throws {
    let result = try mpiCheck([name], ranks: ranks)
    #expect(result.code == 0, "\(result.errors)")
    #expect(result.output.contains("ok \(name) \(ranks)"))
  }

  @Test func withoutMpirunMPIIsNeverInitialised() throws {
    for name in ["environment", "point-to-point", "collectives", "communicators", "start-check"] {
      let result = try run([try Repository.program("mpi-check"), name], environment: ["PATH": "/nowhere"])
      #expect(result.code == 0 && result.output == "ok \(name) 1\n", "\(result.errors)")
    }
  }

  @Test("An error on one rank ends all of them with its message", arguments: [0, 2])
  func escapes(rank: Int) throws {
    let result = try mpiCheck(["throws", "\(rank)"], ranks: 3)
    #expect(result.code == 70)
    #expect(result.errors.contains("error: rank \(rank): rank \(rank) gives up"))
  }

  /// Optimised builds, of which this is one, drop the text of Swift's own `precondition`.
  @Test func brokenInvariantSaysItsSentenceRankAndHost() throws {
    let result = try mpiCheck(["broken-invariant"], ranks: 2)
    #expect(result.code != 0)
    let host = hostName()
    #expect(result.errors.contains("rank 1 on host \(host): 2 ranks are one too many"), "\(result)")
    #expect(result.errors.contains("This is a mistake in trifactor, not in your files"), "\(result)")
  }

  @Test("Ranks that do not fit together say how", arguments: ["version", "plan"])
  func mismatch(what: String) throws {
    let result = try mpiCheck(["start-check", what], ranks: 3)
    #expect(result.code == 64)
    #expect(result.errors.contains("rank 2:") && result.errors.contains("the ranks differ in"))
  }

  @Test func theLowestInstructionLevelIsAgreed() throws {
    #expect(try mpiCheck(["start-check", "simd"], ranks: 3).code == 0)
  }

  @Test func launchIsReadOffTheEnvironment() {
    #expect(MPI.launch(environment: [:]) == .alone)
    #expect(MPI.launch(environment: ["OMPI_COMM_WORLD_SIZE": "1"]) == .ranks)
    #expect(MPI.launch(environment: ["PMIX_RANK": "3", "SLURM_STEP_NUM_TASKS": "4"]) == .ranks)
    let task = ["SLURM_STEP_NUM_TASKS": "4", "SLURM_STEP_ID": "0"]
    #expect(MPI.launch(environment: task) == .unconnected(tasks: 4))
    // The shell of a batch script is a step too, with a number of its own.
    #expect(MPI.launch(environment: ["SLURM_STEP_NUM_TASKS": "4", "SLURM_STEP_ID": "4294967291"]) == .alone)
  }

  @Test func tasksThatDoNotKnowOfEachOtherAreRefused() throws {
    let environment: [String: String?] = ["SLURM_STEP_NUM_TASKS": "4", "SLURM_STEP_ID": "0"]
    let result = try run([try Repository.program("mpi-check"), "environment"], environment: environment)
    #expect(result.code == 64)
    #expect(result.errors.contains("srun --mpi=pmix"))
  }
}

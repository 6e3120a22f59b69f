import Foundation
import ResultStore
import TestSupport
import Testing

/// What `sweep.json` says of the program and machine that made the results.
@Suite(.startsPrograms) struct ProvenanceTests {
  @Test func everyLaunchIsDescribed() throws {
    let folder = try TemporaryFolder("provenance")
    let (sweep, out) = try TwoCellSweep.run(in: folder)
    // A core that OpenBLAS has on every x86-64 machine, whatever it would have chosen.
    let command = [try Repository.program("trifactor"), "run", sweep, "--out", out, "--retry", "failed"]
    let again = try runRanks(
      2, command, environment: ["OPENBLAS_CORETYPE": "Nehalem", "SLURM_JOB_ID": "4711"])
    #expect(again.end == .exited(0), "\(again)")

    let launches = try StoreReader(out).manifest.launches
    try #require(launches.count == 2)
    #expect(launches.map(\.ranks) == [1, 2])
    #expect(launches[0].mpi == "none" && launches[1].mpi.contains("Open MPI"))
    #expect(launches[1].blas == "Nehalem", "the kernels that were used, not those of the machine")
    #expect(launches.map(\.job)[1] == "4711")
    #expect(launches[1].command == command)
    let host = try run(["hostname"]).output.trimmingCharacters(in: .whitespacesAndNewlines)
    for launch in launches {
      #expect(!launch.blas.isEmpty && launch.blas != "unknown")
      #expect(launch.host == host)
      #expect(["baseline", "v3", "v4"].contains(launch.simd))
      #expect(!launch.cpu.isEmpty && !launch.version.isEmpty && !launch.commit.isEmpty)
      #expect(launch.outcome == "done")
      let times = [launch.started, launch.ended ?? ""].map { ISO8601DateFormatter().date(from: $0) }
      let (started, ended) = (try #require(times[0]), try #require(times[1]))
      #expect(started <= ended && ended <= Date() && started > Date() - 600)
    }
    #expect(launches[0].commit == launches[1].commit && launches[0].dirty == launches[1].dirty)
  }
}

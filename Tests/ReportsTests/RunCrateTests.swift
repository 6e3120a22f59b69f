import Foundation
import ResultStore
import Testing

@testable import Reports

/// `ro-crate-metadata.json`; `test_crate.py` holds it against the profile.
@Suite struct RunCrateTests {
  private func crate(_ launches: [Provenance], given: [String] = ["sweep.yaml"]) -> RunCrate {
    RunCrate(
      manifest: SweepManifest(name: "small", question: "", simd: "v3", cells: [], launches: launches),
      content: FolderContent(
        given: given.map { FolderContent.File(path: $0, bytes: 7) },
        plan: [FolderContent.File(path: "sweep.json", bytes: 9)],
        shards: [FolderContent.File(path: "shards/result-d1.00000.npy", bytes: 8192)]))
  }

  private func launch(
    commit: String = String(repeating: "ab", count: 20), dirty: Bool = false, ended: String? = nil,
    outcome: String? = nil
  ) -> Provenance {
    Provenance(
      version: "1.2", commit: commit, dirty: dirty, command: ["trifactor", "run", "small.yaml"],
      host: "node7",
      ranks: 2, cpu: "A CPU", simd: "v3", blas: "Haswell", mpi: "Open MPI 4.1.4", job: "4711",
      started: "2026-01-02T03:04:05Z", ended: ended, outcome: outcome)
  }

  private func entity(_ id: String, in crate: RunCrate) throws -> Entity {
    try #require(crate.entities.first { $0.id == id })
  }

  @Test func aCommitIsAnAddressAndChangesAreNone() throws {
    let crate = crate([
      launch(ended: "2026-01-02T04:00:00Z", outcome: "drained"), launch(dirty: true),
      launch(commit: "unknown"),
      launch(),
    ])
    let programs = crate.entities.filter { $0["@type"] == "SoftwareApplication" }.map(\.id)
    let commit = String(repeating: "ab", count: 20)
    #expect(
      programs == ["swh:1:rev:\(commit)", "#trifactor-1.2-\(commit)-changed", "#trifactor-1.2-unknown"])
    let action = try entity("#launch-1", in: crate)
    #expect(action["instrument"] == .one("#trifactor-1.2-\(commit)-changed"))
  }

  @Test func aLaunchIsCompletedFailedOrHasNotEnded() throws {
    let crate = crate([
      launch(ended: "2026-01-02T04:00:00Z", outcome: "drained"),
      launch(ended: "2026-01-02T05:00:00Z", outcome: "no space left"), launch(),
    ])
    let (drained, failed, killed) = (
      try entity("#launch-0", in: crate), try entity("#launch-1", in: crate),
      try entity("#launch-2", in: crate)
    )
    #expect(drained["actionStatus"] == "http://schema.org/CompletedActionStatus" && drained["error"] == nil)
    #expect(drained["endTime"] == "2026-01-02T04:00:00+00:00")
    #expect(failed["actionStatus"] == "http://schema.org/FailedActionStatus")
    #expect(failed["error"] == "no space left")
    #expect(killed["endTime"] == nil)
    #expect(killed["error"] == "it has not said how it ended: it was killed, or is running")
    #expect(
      drained["description"]
        == """
        trifactor run small.yaml; 2 ranks on node7, A CPU, SIMD v3, OpenBLAS Haswell, MPI Open MPI 4.1.4, job 4711
        """)
    // The last launch has not ended: the crate is of the time it began.
    #expect(try entity("./", in: crate)["datePublished"] == "2026-01-02T03:04:05+00:00")
  }

  @Test func namesAreAddressesAndOneIsNoList() throws {
    let crate = crate([launch()], given: ["sweep.yaml", "tasks/a b@0011223344556677/task.yaml"])
    let action = try entity("#launch-0", in: crate)
    #expect(action["object"] == .several(["sweep.yaml", "tasks/a%20b@0011223344556677/task.yaml"]))
    let file = try entity("tasks/a%20b@0011223344556677/task.yaml", in: crate)
    #expect(file["contentSize"] == "7" && file["name"] == "tasks/a b@0011223344556677/task.yaml")
    let text = try crate.json()
    #expect(text.contains("\"mentions\" : {\n        \"@id\" : \"#launch-0\"\n      }"), "\(text)")
    #expect(text == (try crate.json()))
  }
}

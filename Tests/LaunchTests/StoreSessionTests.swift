import Kernels
import ResultStore
import TestSupport
import Testing

@testable import Launch

/// What a session finds in a folder and leaves there.
@Suite struct StoreSessionTests {
  private static func plan(_ name: String, _ level: SIMDLevel) -> SweepManifest {
    SweepManifest(name: name, question: "", simd: level.rawValue, cells: [])
  }

  private static func open(
    _ folder: String, lowest: SIMDLevel = .baseline, text: String = "text"
  ) throws -> StoreSession {
    try StoreSession(folder, sweepFile: text, lowest: lowest, ranks: 1, log: { _ in }) { plan("a", $1) }
  }

  @Test func aFreshFolderGetsThePlanTheFileAndItsFirstLaunch() throws {
    try withTemporaryFolder("session") { folder in
      let session = try Self.open(folder.file("out"), lowest: .v3, text: "name: a\n")
      #expect(session.launch == 0 && session.level == .v3 && session.store.found == nil)
      let begun = try #require(try StoreFolder(folder.file("out")).loadManifest())
      #expect(begun.simd == "v3" && begun.launches.count == 1)
      #expect(begun.launches[0].ended == nil && begun.launches[0].outcome == nil)
      try session.close("done")
      let ended = try #require(try StoreFolder(folder.file("out")).loadManifest())
      #expect(ended.launches[0].outcome == "done" && ended.launches[0].ended != nil)
      #expect(folder.contents.contains("out/sweep.yaml") && !folder.contents.contains("out/lock"))
    }
  }

  @Test func theNextLaunchIsNumberedOnAndKeepsTheLevelOfTheFirst() throws {
    try withTemporaryFolder("session") { folder in
      try Self.open(folder.file("out"), lowest: .baseline).close("drained")
      let later = try Self.open(folder.file("out"), lowest: .v4)
      defer { later.abandon(UsageError("the test is over")) }
      #expect(later.launch == 1 && later.level == .baseline)
      #expect(later.store.found?.launches.map(\.outcome) == ["drained"])
    }
  }

  @Test func ranksBelowTheLevelOfTheFolderAreRefusedAndNothingChanges() throws {
    try withTemporaryFolder("session") { folder in
      try Self.open(folder.file("out"), lowest: .v3).close("done")
      let before = try StoreFolder(folder.file("out")).loadManifest()
      let error = #expect(throws: UsageError.self) { try Self.open(folder.file("out"), lowest: .baseline) }
      #expect(
        error?.description
          == "the sweep in \(folder.file("out")) was begun at SIMD level v3, and at least one rank only has baseline. "
          + "Results would differ in their last bits: run it on machines with v3 (and without a lower "
          + "TRIFACTOR_SIMD), or begin a new folder")
      #expect(try StoreFolder(folder.file("out")).loadManifest() == before)
      try Self.open(folder.file("out"), lowest: .v3).close("done")
    }
  }

  @Test func aLevelThatDoesNotExistIsDamage() throws {
    let found = SweepManifest(name: "a", question: "", simd: "v9", cells: [])
    let error = #expect(throws: StoreError.self) {
      try StoreSession.level(of: found, lowest: .v4, folder: "F")
    }
    #expect(error?.description == "F/sweep.json names the SIMD level 'v9', which does not exist")
    #expect(error?.exitCode == 65)
  }

  @Test func aHeldLockIsRefusedAndTheHolderGoesOn() throws {
    try withTemporaryFolder("session") { folder in
      let holder = try Self.open(folder.file("out"))
      let error = #expect(throws: StoreError.self) { try Self.open(folder.file("out")) }
      #expect(error?.category == .locked && error?.exitCode == 69)
      #expect(error?.description.contains("already has the folder open") == true)
      try holder.close("done")
      let manifest = try StoreFolder(folder.file("out")).requireManifest()
      #expect(manifest.launches.map(\.outcome) == ["done"])
    }
  }

  @Test func aRefusedPlanLeavesTheFolderFreeAndAsItWas() throws {
    try withTemporaryFolder("session") { folder in
      try Self.open(folder.file("out")).close("done")
      let before = try StoreFolder(folder.file("out")).loadManifest()
      #expect(throws: UsageError.self) {
        try StoreSession(
          folder.file("out"), sweepFile: "other", lowest: .baseline, ranks: 1, log: { _ in }
        ) { _, _ in throw UsageError("not this one") }
      }
      #expect(try StoreFolder(folder.file("out")).loadManifest() == before)
      #expect(!folder.contents.contains("out/lock"))
    }
  }

  @Test func anErrorIsTheOutcomeOfItsLaunch() throws {
    try withTemporaryFolder("session") { folder in
      try Self.open(folder.file("out")).abandon(UsageError("rank 3 fell silent"))
      let manifest = try StoreFolder(folder.file("out")).requireManifest()
      #expect(manifest.launches[0].outcome == "rank 3 fell silent")
      try Self.open(folder.file("out")).close("done")
    }
  }
}

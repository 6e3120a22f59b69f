import Foundation
import TestSupport
import Testing

@testable import ResultStore

@Suite("Verify and salvage") struct VerificationTests {
  /// A finished sample sweep in memory.
  static func finished() throws -> MemoryFiles {
    let files = MemoryFiles()
    var run = SampleRun()
    try run.run(files, options: SampleRun.options())
    return files
  }

  static var environment: LockEnvironment { SampleRun.options(pid: 300).lock }

  @Test("A clean folder: a line a shard and nothing else") func clean() throws {
    let files = try Self.finished()
    let verification = try Verification(of: "/out", files: files)
    #expect(verification.isClean)
    #expect(verification.notes == [])
    #expect(verification.lines.count == (try StoreFolder("/out").listShards(files)).count)
    #expect(verification.lines.allSatisfy { $0.hasSuffix("sealed  ok") })
    let before = files.contents
    let salvage = try Salvage(of: "/out", files: files, lock: Self.environment)
    #expect(salvage.lines == ["/out: no record is lost, nothing was changed"])
    for (file, bytes) in before { #expect(files.contents[file] == bytes) }
  }

  @Test("An unfinished write is a note and no damage") func torn() throws {
    let files = MemoryFiles()
    let writer = try StoreWriter("/out", options: SampleRun.options(), files: files)
    try writer.save(Sample.manifest())
    try writer.append(Sample.iteration(0))
    let file = files.names["/out/shards/iteration-d1.00000.npy"]!
    files.contents[file]! += Sample.iteration(1).bytes.prefix(99)
    let verification = try Verification(of: "/out", files: files)
    #expect(verification.isClean)
    #expect(
      verification.notes.contains {
        $0.hasSuffix("99 bytes after record 1 are an unfinished write, which is no damage")
      })
    #expect(
      verification.lines == [
        "iteration-d1.00000.npy  1 records  \(files.contents[file]!.count) bytes  open  ok"
      ])
  }

  @Test("Keys that the plan does not have, missing shards, a damaged plan") func others() throws {
    let files = try Self.finished()
    var manifest = Sample.manifest(keys: Array(SampleRun.keys.dropLast()))
    try files.replace("/out/sweep.json", with: manifest.encoded())
    #expect(
      try Verification(of: "/out", files: files).problems.contains { $0.contains("sweep.json does not have") }
    )
    manifest.retired = [SampleRun.keys.last!]
    try files.replace("/out/sweep.json", with: manifest.encoded())
    #expect(try Verification(of: "/out", files: files).isClean)
    let lost = files.copy()
    lost.names["/out/shards/iteration-d1.00000.npy"] = nil
    #expect(
      try Verification(of: "/out", files: lost).problems.contains(
        "/out/shards/iteration-d1.00000.npy is missing"))
    files.contents[files.names["/out/sweep.json"]!]![40] ^= 1
    #expect(try Verification(of: "/out", files: files).problems.contains { $0.contains("damaged or edited") })
    let before = try StoreFolder("/out").listShards(files).map { files.names["/out/shards/\($0)"] }
    let salvage = try Salvage(of: "/out", files: files, lock: Self.environment)
    #expect(salvage.lines.first?.hasPrefix("not repaired: /out/sweep.json: damaged or edited") == true)
    #expect(try StoreFolder("/out").listShards(files).map { files.names["/out/shards/\($0)"] } == before)
    #expect(throws: StoreError.self) { try Verification(of: "/nowhere", files: files) }
  }

  /// One bad byte anywhere in any shard: verify sees it, salvage keeps the rest, and the sweep runs to the
  /// same end.
  @Test("Damage anywhere is seen, salvaged and computed again") func everywhere() throws {
    let finished = try Self.finished()
    let outcome = try SampleRun.outcome(finished)
    let total = try SampleRun.stored(finished).count
    var random = SeededRandom(3)
    var salvaged = 0
    for name in try StoreFolder("/out").listShards(finished) {
      for _ in 0..<6 {
        let files = finished.copy()
        let file = files.names["/out/shards/\(name)"]!
        let place = Int.random(in: 0..<files.contents[file]!.count, using: &random)
        files.contents[file]![place] ^= .random(in: 1...255, using: &random)
        #expect(try !Verification(of: "/out", files: files).isClean, "\(name), byte \(place)")
        #expect(throws: StoreError.self) {
          _ = try StoreWriter("/out", options: SampleRun.options(pid: 300), files: files)
        }
        let salvage = try Salvage(of: "/out", files: files, lock: Self.environment)
        #expect(salvage.lines.contains { $0.contains("\(name): dropped") }, "\(salvage.lines)")
        #expect(
          salvage.kept >= total - 1 - SampleRun.records(of: 0x11).filter { $0.kind == .state }.count - 1)
        #expect(try Verification(of: "/out", files: files).problems == [], "\(name), byte \(place)")
        #expect(files.names.keys.contains("/out/damaged/shards.0/\(name)"))
        var next = SampleRun()
        try next.run(files, options: SampleRun.options(pid: 301))
        #expect(try SampleRun.outcome(files) == outcome)
        salvaged += 1
      }
    }
    figure("salvage: \(salvaged) damaged folders, all good records kept, same results after the next run")
  }

  @Test("A salvage that dies at any call is done again or finished") func deaths() throws {
    let damaged = try Self.finished()
    let file = damaged.names["/out/shards/evaluation-d0.00000.npy"]!
    damaged.contents[file]![ShardHeader.length(of: .of(.evaluation, degree: 0)) + 100] ^= 1
    let whole = damaged.copy()
    let kept = try Salvage(of: "/out", files: whole, lock: Self.environment).kept
    let reference = Set(try SampleRun.stored(whole))
    #expect(reference.count == kept)
    for call in 1...whole.calls {
      let files = damaged.copy()
      files.fault = (call, .error(EIO))
      _ = try? Salvage(of: "/out", files: files, lock: Self.environment)
      let disk = files.copy()
      _ = try Salvage(of: "/out", files: disk, lock: SampleRun.options(pid: 302).lock)
      #expect(Set(try SampleRun.stored(disk)) == reference, "call \(call)")
      #expect(try Verification(of: "/out", files: disk).isClean, "call \(call)")
    }
  }

  @Test("A living run is not salvaged") func living() throws {
    let folder = try TemporaryFolder("store")
    let writer = try StoreWriter(folder.path)
    let error = #expect(throws: StoreError.self) { _ = try Salvage(of: folder.path) }
    #expect(error?.exitCode == 69)
    writer.abandon()
  }
}

import Foundation
import TestSupport
import Testing

@testable import ResultStore

@Suite("Loss of power") struct PowerCutTests {
  /// At every point of a run's log the power goes; of what was not synchronised any part may be there.
  @Test("Writes that were not synchronised arrive in any order or not at all", arguments: [false, true])
  func reordered(groupsResults: Bool) throws {
    let files = MemoryFiles()
    var run = SampleRun()
    run.groupsResults = groupsResults
    try run.run(files, options: SampleRun.options())
    let outcome = try SampleRun.outcome(files)
    let draws = Soak.isOn ? 60 : 4
    var random = SeededRandom(4)
    var images = 0
    for length in 0...files.log.count {
      let promise = run.promises.last { $0.changes <= length }
      let committed = run.appended.prefix(promise?.committed ?? 0)
      for draw in 0..<draws + 2 {
        let disk = MemoryFiles.afterPowerCut(files.log, length: length) { _ in
          switch draw {
          case 0: 0
          case 1: 1
          default: [0, 1, 1, 0.37].randomElement(using: &random)!
          }
        }
        images += 1
        if disk.directories.contains(StoreFolder(SampleRun.folder).shards) {
          let stored = Set(try SampleRun.stored(disk, bootUnchanged: false))
          for record in committed where record.kind != .state {
            #expect(
              stored.contains(record), "length \(length), draw \(draw): a \(record.kind) record is lost")
          }
          #expect(stored.isSubset(of: run.appended + SampleRun.keys.flatMap(SampleRun.records)))
        }
        var next = SampleRun()
        do {
          try next.run(disk, options: SampleRun.options(boot: "boot-2", pid: 7))
        } catch { Issue.record("length \(length), draw \(draw): \(error)") }
        #expect(try SampleRun.outcome(disk) == outcome, "length \(length), draw \(draw)")
      }
    }
    let results = groupsResults ? "results together" : "results one by one"
    figure(
      "power cuts (\(results)): \(images) disks after \(files.log.count) changes, nothing lost that was committed"
    )
  }

  @Test("Without a restart of the machine a good record after a bad one is damage") func sameBoot() throws {
    let files = MemoryFiles()
    let writer = try StoreWriter("/out", options: SampleRun.options(), files: files)
    for number in 0..<4 { try writer.append(Sample.iteration(number)) }
    let path = "/out/shards/iteration-d1.00000.npy"
    let schema = RecordSchema.of(.iteration, degree: 1)
    let middle = ShardHeader.length(of: schema) + schema.size + 100
    files.contents[files.names[path]!]![middle] ^= 1
    let error = #expect(throws: StoreError.self) {
      _ = try StoreWriter("/out", options: SampleRun.options(pid: 101), files: files)
    }
    #expect(error?.category == .damaged)
    #expect(error?.description.contains("record 1 at byte") == true)
    var lines: [String] = []
    let other = SampleRun.options(boot: "boot-2")
    let after = try StoreWriter("/out", options: other, files: files) { lines.append($0) }
    #expect(after.index.cells[7]?.iterations == 1)
    #expect(lines.contains { $0.contains("(2 good records in them follow lost ones)") })
  }
}

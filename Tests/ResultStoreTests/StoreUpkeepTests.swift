import Foundation
import TestSupport
import Testing

@testable import ResultStore

@Suite("Upkeep") struct StoreUpkeepTests {
  @Test("Segments of states that no cell needs go away") func retirement() throws {
    let files = MemoryFiles()
    let writer = try StoreWriter("/out", options: SampleRun.options(), files: files)
    try writer.save(Sample.manifest(keys: [1, 2]))
    // The first cell stores one state and waits; the other goes on.
    try writer.append(Sample.iteration(cell: 1, 0))
    try writer.append(Sample.state(cell: 1, iteration: 1))
    func run(_ range: Range<Int>) throws {
      for number in range {
        try writer.append(Sample.iteration(cell: 2, number))
        try writer.append(Sample.state(cell: 2, iteration: number + 1))
      }
    }
    func segments() throws -> [Int] {
      try StoreFolder("/out").listShards(files).filter { $0.kind == .state }.map(\.segment)
    }
    try run(0..<12)
    #expect(try segments().first == 0, "the first cell needs it")
    #expect(try segments().count > 3)
    try writer.append(Sample.state(cell: 1, iteration: 1))
    try run(12..<20)
    #expect(try segments().count <= 5)
    #expect(try segments().first! > 1)
    writer.abandon()
    #expect(try Verification(of: "/out", files: files).problems == [])
    let next = try StoreWriter("/out", options: SampleRun.options(pid: 101), files: files)
    #expect(try next.state(of: 1) == Sample.state(cell: 1, iteration: 1))
    #expect(try next.state(of: 2) == Sample.state(cell: 2, iteration: 20))
    try next.append(Sample.state(cell: 2, iteration: 20))
    try next.close()
  }

  @Test("By time: a commit every 5 seconds and a heartbeat") func tick() throws {
    final class Clock { var time = 0.0 }
    let clock = Clock()
    let files = MemoryFiles()
    var options = SampleRun.options { clock.time }
    options.lock.now = { 1000 + clock.time }
    let writer = try StoreWriter("/out", options: options, files: files)
    try writer.append(Sample.iteration(0))
    func syncs() -> Int { files.log.count { if case .synchroniseFile = $0 { true } else { false } } }
    let before = syncs()
    for step in 1...49 {
      clock.time = Double(step) / 10
      try writer.tick()
    }
    #expect(syncs() == before)
    clock.time = 5
    try writer.tick()
    #expect(syncs() == before + 2, "the shard and the lock")
    #expect(try StoreLock.read("/out/lock", files)?.heartbeat == 1005)
    clock.time = 10
    try writer.tick()
    #expect(syncs() == before + 3, "nothing new to commit")
    try files.remove("/out/lock")
    clock.time = 15
    let error = #expect(throws: StoreError.self) { try writer.tick() }
    #expect(error?.exitCode == 69)
  }

  @Test("A plan that loses cells keeps their keys; one that gets them back forgets") func retired() throws {
    let files = MemoryFiles()
    for (plan, retired) in [([1, 2, 3], []), ([1], [2, 3]), ([1, 3, 4], [2]), ([2], [1, 3, 4])]
      as [([UInt64], [UInt64])]
    {
      let writer = try StoreWriter("/out", options: SampleRun.options(), files: files)
      try writer.save(Sample.manifest(keys: plan))
      try writer.close()
      #expect(try StoreFolder("/out").loadManifest(files)?.retired == retired)
    }
  }

  @Test("Records of cells that a restored plan does not know are taken note of") func strangers() throws {
    let files = MemoryFiles()
    let writer = try StoreWriter("/out", options: SampleRun.options(), files: files)
    try writer.append(Sample.iteration(cell: 9, 0))
    try writer.save(Sample.manifest(keys: [1]))
    try writer.close()
    #expect(try StoreFolder("/out").loadManifest(files)?.retired == [9])
    #expect(try Verification(of: "/out", files: files).problems == [])
  }

  @Test("A run that was stopped for long and has lost its folder writes nothing") func stopped() throws {
    final class Clock { var time = 0.0 }
    let clock = Clock()
    let files = MemoryFiles()
    let writer = try StoreWriter("/out", options: SampleRun.options { clock.time }, files: files)
    try writer.append(Sample.iteration(0))
    clock.time = 100
    let other = try StoreWriter("/out", options: SampleRun.options(boot: "boot-2", pid: 200), files: files)
    try other.append(Sample.iteration(1))
    let before = files.contents
    let error = #expect(throws: StoreError.self) { try writer.append(Sample.iteration(1)) }
    #expect(error?.exitCode == 69)
    #expect(files.contents == before)
    try other.close()
    #expect(try SampleRun.stored(files).count == 2)
  }

  @Test("A done cell that lacks records is refused before anything is computed") func incomplete() throws {
    let files = MemoryFiles()
    let writer = try StoreWriter("/out", options: SampleRun.options(), files: files)
    try writer.save(Sample.manifest())
    for record in Sample.cell(7).filter({ $0.kind != .evaluation }) { try writer.append(record) }
    try writer.close()
    let error = #expect(throws: StoreError.self) {
      _ = try StoreWriter("/out", options: SampleRun.options(pid: 101), files: files)
    }
    #expect(error?.exitCode == 65)
    #expect(error?.description.contains("counts 4 iterations and 6 evaluations; 4 and 0 are stored") == true)
    _ = try Salvage(of: "/out", files: files, lock: SampleRun.options(pid: 102).lock)
    let next = try StoreWriter("/out", options: SampleRun.options(pid: 103), files: files)
    #expect(next.index.cells[7]?.status == nil)
    for record in Sample.cell(7) { try next.append(record) }
    try next.close()
    #expect(try FreshNetworks(folders: ["/out"], files: files).count == 6)
  }

  @Test("A cell that failed may be computed again in full") func retry() throws {
    let files = MemoryFiles()
    let writer = try StoreWriter("/out", options: SampleRun.options(), files: files)
    try writer.save(Sample.manifest())
    for number in 0..<2 { try writer.append(Sample.iteration(number, reward: -7 - Double(number))) }
    try writer.append(Sample.evaluation(0))
    try writer.append(Sample.result(status: .failed, iterations: 2, evaluations: 1, message: "no"))
    try writer.close()
    let next = try StoreWriter("/out", options: SampleRun.options(pid: 101), files: files)
    #expect(next.index.cells[7]?.status == .failed)
    #expect(next.index.cells[7]?.isComplete == true)
    var stored = 0
    for record in Sample.cell(7) where try next.append(record) { stored += 1 }
    #expect(stored == Sample.cell(7).count - 3, "two iterations and an evaluation were there")
    try next.close()
    let reader = try StoreReader("/out", files: files)
    #expect(try reader.results()[7]?.status == .done)
    #expect(try FreshNetworks(folders: ["/out"], files: files).count == 6)
  }
}

@Suite("Reading while a run writes") struct LiveReadingTests {
  /// One thread writes sweeps with small segments, restarts included; this one reads all the time. What is
  /// stored is never taken for damaged, and what has once been seen stays.
  @Test("Never a false alarm") func live() throws {
    let folder = try TemporaryFolder("live")
    let path = folder.path
    let keys = Array(1...UInt64(20))
    do {
      let writer = try StoreWriter(path)
      try writer.save(Sample.manifest(keys: keys))
      try writer.close()
    }
    final class Outcome: @unchecked Sendable {
      private let lock = NSLock()
      private var ended: Result<Void, any Error>?
      var value: Result<Void, any Error>? {
        get { lock.withLock { ended } }
        set { lock.withLock { ended = newValue } }
      }
    }
    let outcome = Outcome()
    let thread = Thread {
      outcome.value = Result {
        for pair in stride(from: 0, to: keys.count, by: 2) {
          var options = StoreWriter.Options()
          options.segmentBytes = 6000
          let writer = try StoreWriter(path, options: options)
          let (a, b) = (Sample.cell(keys[pair], iterations: 20), Sample.cell(keys[pair + 1], iterations: 20))
          for (one, other) in zip(a, b) {
            try writer.append(one)
            try writer.append(other)
          }
          if pair % 4 == 0 { try writer.close() } else { writer.abandon() }
        }
      }
    }
    thread.start()
    var rounds = 0
    var seen = 0
    while outcome.value == nil {
      rounds += 1
      #expect(try Verification(of: path).problems == [])
      let reader = try StoreReader(path)
      let index = reader.index
      let done = index.cells.values.count { $0.isComplete }
      #expect(done >= seen)
      seen = done
      #expect(try FreshNetworks(folders: [path]).count >= 6 * done)
    }
    try outcome.value?.get()
    #expect(try FreshNetworks(folders: [path]).count == 6 * keys.count)
    figure("live reading: \(rounds) rounds of verify, index and export while a run wrote")
  }
}

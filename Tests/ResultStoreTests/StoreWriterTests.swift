import Foundation
import TestSupport
import Testing

@testable import ResultStore

@Suite("Store writer") struct StoreWriterTests {
  @Test("What was appended is read back, after closing and after dying") func roundTrip() throws {
    for closes in [true, false] {
      let folder = try TemporaryFolder("store")
      let writer = try StoreWriter(folder.path)
      try writer.save(Sample.manifest(keys: [7, 8]))
      let records = Sample.cell(7) + Sample.cell(8, degree: 3)
      for record in records { #expect(try writer.append(record)) }
      if closes {
        try writer.close()
      } else {
        try FileManager.default.removeItem(atPath: folder.file("lock"))
      }
      let reader = try StoreReader(folder.path)
      var found: [EncodedRecord] = []
      for kind in RecordKind.allCases { try reader.forEach(kind) { found.append($0.encoded) } }
      #expect(found.count == records.count)
      for record in records { #expect(found.contains(record)) }
      #expect(reader.manifest == Sample.manifest(keys: [7, 8]))
      #expect(try reader.results()[8]?.iterations == 4)
      #expect(try reader.iterations(of: 8).map(\.iteration) == [0, 1, 2, 3])
      let index = reader.index
      #expect(index.cells[7]?.isComplete == true)
      #expect(index.cells[8]?.evaluations == 6)
    }
  }

  @Test("A resumed cell goes on from its last state and repeats only equal records") func resume() throws {
    let folder = try TemporaryFolder("store")
    let first = try StoreWriter(folder.path)
    for number in 0..<5 { try first.append(Sample.iteration(number)) }
    try first.append(Sample.state(iteration: 3))
    first.abandon()
    let second = try StoreWriter(folder.path)
    #expect(try second.state(of: 7) == Sample.state(iteration: 3))
    #expect(second.index.cells[7]?.iterations == 5)
    #expect(try second.append(Sample.iteration(3)) == false)
    #expect(try second.append(Sample.iteration(4)) == false)
    #expect(try second.append(Sample.iteration(5)) == true)
    let error = #expect(throws: StoreError.self) { try second.append(Sample.iteration(4, reward: -0.75)) }
    #expect(error?.description.contains("cell 0000000000000007, iteration 4: computed again") == true)
    #expect(throws: StoreError.self) { try second.append(Sample.iteration(9)) }
    try second.close()
    #expect(try StoreLock.read(folder.file("lock"), SystemFiles()) == nil)
  }

  @Test("Results that end together cost the calls of one, and what they count is on the disk before them")
  func together() throws {
    /// Cells that ended together, and the calls of fdatasync that storing their results took.
    func synchronisations(_ cells: Int, together: Bool) throws -> Int {
      let files = MemoryFiles()
      var options = SampleRun.options()
      options.segmentBytes = 1 << 20
      let writer = try StoreWriter("/out", options: options, files: files)
      var results: [EncodedRecord] = []
      for key in 1...UInt64(cells) {
        for record in Sample.cell(key) {
          if record.kind == .result { results.append(record) } else { try writer.append(record) }
        }
      }
      let before = files.log.count
      for group in together ? [results] : results.map({ [$0] }) { try writer.append(results: group) }
      let calls = files.log[before...]
      let resultShard = try #require(files.names["/out/shards/result-d1.00000.npy"])
      let firstResult = try #require(
        calls.firstIndex { if case .write(resultShard, 1..., _) = $0 { true } else { false } })
      for shard in ["iteration", "evaluation"] {
        let file = try #require(files.names["/out/shards/\(shard)-d1.00000.npy"])
        let last = try #require(
          calls.lastIndex { if case .synchroniseFile(file) = $0 { true } else { false } })
        #expect(last < firstResult, "the \(shard) records reach the disk before the first result")
      }
      return calls.count { if case .synchroniseFile = $0 { true } else { false } }
    }
    let one = try synchronisations(1, together: true)
    #expect(try synchronisations(1, together: false) == one)
    #expect(try synchronisations(3, together: true) == one)
    #expect(try synchronisations(3, together: false) == one + 2)
  }

  @Test("Segments are sealed at their size and go on after a restart") func segments() throws {
    let folder = try TemporaryFolder("store")
    var options = StoreWriter.Options()
    options.segmentBytes = 4096
    for launch in 0..<3 {
      let writer = try StoreWriter(folder.path, options: options)
      for number in 10 * launch..<10 * launch + 10 { try writer.append(Sample.iteration(number)) }
      try writer.close()
    }
    let names = try StoreFolder(folder.path).listShards()
    #expect(names.count > 2)
    #expect(names.map(\.segment) == Array(0..<names.count))
    for name in names {
      #expect((try Data(contentsOf: URL(fileURLWithPath: folder.file("shards/\(name)"))).count) <= 4096)
    }
    #expect(try StoreReaderProbe.iterations(folder.path) == Array(0..<30))
  }
}

/// Reads what a folder without a plan holds.
enum StoreReaderProbe {
  static func iterations(_ path: String) throws -> [Int] {
    let folder = StoreFolder(path)
    var found: [Int] = []
    for name in try folder.listShards() where name.kind == .iteration {
      _ = try ShardReader(name, in: folder.shards, files: SystemFiles()).scan { view, _ in
        found.append(Int(view.identity))
      }
    }
    return found
  }
}

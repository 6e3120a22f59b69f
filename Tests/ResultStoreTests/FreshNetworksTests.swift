import Foundation
import TestSupport
import Testing

@testable import ResultStore

@Suite("Export") struct FreshNetworksTests {
  /// A store in memory of these cells, computed in this order; `seconds` differs from machine to machine.
  static func store(
    _ records: [EncodedRecord], plan: [UInt64], at path: String = "/out",
    in files: MemoryFiles = MemoryFiles()
  ) throws -> MemoryFiles {
    let writer = try StoreWriter(path, options: SampleRun.options(), files: files)
    try writer.save(Sample.manifest(keys: plan))
    for record in records { try writer.append(record) }
    try writer.close()
    return files
  }

  @Test("The same results give the same bytes in whatever order they were stored") func order() throws {
    let cells: [UInt64] = [5, 3, 9]
    var archives: Set<[UInt8]> = []
    var texts: Set<String> = []
    for seed in 0..<6 {
      var random = SeededRandom(UInt64(seed))
      var queues = cells.shuffled(using: &random).map { Sample.cell($0) }
      var records: [EncodedRecord] = []
      while let place = queues.indices.filter({ !queues[$0].isEmpty }).randomElement(using: &random) {
        records.append(queues[place].removeFirst())
      }
      let networks = try FreshNetworks(folders: ["/out"], files: try Self.store(records, plan: cells))
      #expect(networks.missing == [])
      #expect(networks.count == 18)
      archives.insert(try networks.npz())
      texts.insert(networks.csv())
    }
    #expect(archives.count == 1)
    #expect(texts.count == 1)
    let lines = try #require(texts.first).split(separator: "\n")
    #expect(
      lines[0]
        == "key,role,network,task,rule.degree,seed,chance,shortcut,ceiling,trials,diverged_at,trials_to_criterion,"
        + "reward,accuracy,late_reward,late_accuracy")
    #expect(
      lines[1] == "0000000000000003,learned,0,cue-association,1,1,0.5,0.5,1.0,200,-1,40,-0.5,0.5,-0.25,0.875")
    #expect(
      lines.dropFirst().map { $0.prefix(16) }
        == (["3", "5", "9"] as [String]).flatMap { key in
          [Substring](repeating: "000000000000000" + key, count: 6)
        })
  }

  @Test("Unfinished and failed cells are left out and said") func partial() throws {
    let failed =
      Sample.cell(2).dropLast() + [
        Sample.result(cell: 2, status: .failed, iterations: 4, evaluations: 6, message: "no")
      ]
    let files = try Self.store(
      Sample.cell(1) + failed + Sample.cell(3).dropLast(), plan: [1, 2, 3, 4])
    let networks = try FreshNetworks(folders: ["/out"], files: files)
    #expect(networks.count == 6)
    #expect(networks.missing == ["2 of 4 cells are not finished", "1 of 4 cells failed"])
  }

  @Test("Folders merge; a cell of both counts once and must be the same") func merge() throws {
    let files = MemoryFiles()
    _ = try Self.store(Sample.cell(1) + Sample.cell(2), plan: [1, 2], at: "/a", in: files)
    _ = try Self.store(Sample.cell(2) + Sample.cell(3), plan: [2, 3, 4], at: "/b", in: files)
    let networks = try FreshNetworks(folders: ["/a", "/b"], files: files)
    #expect(networks.count == 18)
    #expect(networks.missing == ["1 of 4 cells are not finished"])
    var other = Sample.cell(2)
    let place = try #require(other.firstIndex { $0.kind == .evaluation })
    other[place] = Sample.evaluation(cell: 2, 0, .learned, accuracy: 0.625)
    _ = try Self.store(other, plan: [2], at: "/c", in: files)
    let error = #expect(throws: StoreError.self) { try FreshNetworks(folders: ["/a", "/c"], files: files) }
    #expect(error?.description.hasPrefix("cell 0000000000000002 has other results in /c than in /a") == true)
    #expect(throws: StoreError.self) { try FreshNetworks(folders: ["/nothing"], files: files) }
  }

  @Test("A text with commas and quotes survives CSV") func quoting() throws {
    let files = MemoryFiles()
    let writer = try StoreWriter("/out", options: SampleRun.options(), files: files)
    var manifest = Sample.manifest(keys: [1])
    manifest.cells[0].settings = ["task": .list(["a,b", "\"c\""]), "seed": 1]
    try writer.save(manifest)
    for record in Sample.cell(1) { try writer.append(record) }
    try writer.close()
    let text = try FreshNetworks(folders: ["/out"], files: files).csv()
    #expect(text.contains("learned,0,\"[a,b, \"\"c\"\"]\",1,"))
  }

  @Test("An empty table is a table") func empty() throws {
    let files = try Self.store([], plan: [1])
    let networks = try FreshNetworks(folders: ["/out"], files: files)
    #expect(networks.csv().split(separator: "\n").count == 1)
    #expect(try networks.npz().isEmpty == false)
  }
}

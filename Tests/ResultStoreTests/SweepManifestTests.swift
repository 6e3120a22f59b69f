import Foundation
import Testing

@testable import ResultStore

@Suite("sweep.json") struct SweepManifestTests {
  @Test("Saved and loaded, twice with the same bytes") func roundTrip() throws {
    var manifest = Sample.manifest(keys: [1, 0xFEDC_BA98_7654_3210])
    manifest.retired = [5]
    let bytes = try manifest.encoded()
    let loaded = try SweepManifest(decoding: bytes, path: "sweep.json")
    #expect(loaded == manifest)
    #expect(try loaded.encoded() == bytes)
    let first = try #require(loaded.cells.first)
    #expect(first.settings["rule.tau-e"] == .null)
    #expect(first.settings["rule.growth"] == [0, 0.5])
    #expect(first.settings["task"]?.string == "cue-association")
    #expect(first.settings["no.such"] == nil)
    #expect(loaded.varyingPaths == ["seed"])
    #expect(first.settings.paths.sorted() == first.settings.all.keys.sorted())
  }

  @Test("Cells that leave the plan are described, and forgotten where they come back") func history() throws {
    let files = MemoryFiles()
    func save(_ keys: [UInt64], _ pid: Int32) throws -> SweepManifest {
      let writer = try StoreWriter("/out", options: SampleRun.options(pid: pid), files: files)
      var manifest = Sample.manifest(keys: keys)
      manifest.launches = (writer.found?.launches ?? []) + [Sample.launch]
      try writer.save(manifest)
      try writer.save(manifest)
      try writer.close()
      return try #require(try StoreFolder("/out").loadManifest(files))
    }
    #expect(try save([1, 2, 3], 1).history == [])
    let second = try save([3, 4], 2)
    #expect(second.history.map(\.launches) == [1] && second.earlierCells.map(\.key) == [1, 2])
    #expect(second.earlierCells == Array(Sample.manifest(keys: [1, 2, 3]).cells.prefix(2)))
    #expect(second.retired == [1, 2])
    let third = try save([5], 3)
    #expect(third.history.map(\.launches) == [1, 2] && third.earlierCells.map(\.key) == [1, 2, 3, 4])
    let fourth = try save([1, 4, 5], 4)
    #expect(fourth.history.map { $0.cells.map(\.key) } == [[2], [3]] && fourth.retired == [2, 3])
    #expect(try SweepManifest(decoding: fourth.encoded(), path: "sweep.json") == fourth)
    let text = String(decoding: try save([1, 2, 3, 4, 5], 5).encoded(), as: UTF8.self)
    #expect(!text.contains("history") && !text.contains("retired"), "one plan again: \(text)")
  }

  @Test("The bytes of a small plan") func bytes() throws {
    let manifest = SweepManifest(
      name: "n", question: "q/?", simd: "v3",
      cells: [
        ManifestCell(key: 1, settings: ["a": 1, "seed": 0], chance: 0.5, shortcut: 0.75, ceiling: 1),
        ManifestCell(
          key: 2, settings: ["a": 1, "seed": "18446744073709551615"], chance: 0, shortcut: 0, ceiling: 1),
      ])
    let text = String(decoding: try manifest.encoded(), as: UTF8.self)
    let body =
      "\"cells\":[{\"ceiling\":1,\"chance\":0.5,\"key\":\"0000000000000001\",\"settings\":{\"seed\":0},"
      + "\"shortcut\":0.75},{\"ceiling\":1,\"chance\":0,\"key\":\"0000000000000002\","
      + "\"settings\":{\"seed\":\"18446744073709551615\"},\"shortcut\":0}],\"common\":{\"a\":1},\"format\":1,"
      + "\"launches\":[],\"name\":\"n\",\"question\":\"q/?\",\"simd\":\"v3\"}\n"
    let crc = hex(UInt64(Checksum.crc32(Array(body.utf8)))).suffix(8)
    #expect(text == "{\"crc32\": \"\(crc)\",\n" + body)
    #expect(try JSONSerialization.jsonObject(with: Data(text.utf8)) is [String: Any])
  }

  @Test("Every flipped bit is named") func damage() throws {
    let bytes = try Sample.manifest().encoded()
    for place in bytes.indices {
      for bit in 0..<8 {
        var bad = bytes
        bad[place] ^= 1 << bit
        // Hex digits of the checksum may change their case; nothing else may go unseen.
        if (11..<19).contains(place), bit == 5, bytes[place] >= 0x61 { continue }
        let error = #expect(throws: StoreError.self) {
          try SweepManifest(decoding: bad, path: "D/sweep.json")
        }
        #expect(error?.category == .damaged)
        #expect(error?.description.hasPrefix("D/sweep.json: ") == true)
      }
    }
  }

  @Test("A newer format is refused, unknown fields are not") func formats() throws {
    func sealed(_ body: String) -> [UInt8] {
      let crc = hex(UInt64(Checksum.crc32(Array(body.utf8)))).suffix(8)
      return Array("{\"crc32\": \"\(crc)\",\n\(body)".utf8)
    }
    let error = #expect(throws: StoreError.self) {
      try SweepManifest(decoding: sealed("\"format\": 2, \"all\": \"new\"}"), path: "sweep.json")
    }
    #expect(
      error?.description
        == "sweep.json: format 2, written by a newer trifactor; this one reads up to 1. Use the newer program"
    )
    let extra = try SweepManifest(
      decoding: sealed(
        "\"format\": 1, \"name\": \"n\", \"question\": \"\", \"simd\": \"v3\", \"common\": {}, \"cells\": [], "
          + "\"launches\": [], \"later\": [1]}"), path: "sweep.json")
    #expect(extra.name == "n")
  }

  @Test("A death while it is replaced leaves the old or the new one") func atomic() throws {
    let old = Sample.manifest(keys: [1])
    let new = Sample.manifest(keys: [1, 2])
    let files = MemoryFiles()
    files.directories.insert("/out")
    let folder = StoreFolder("/out")
    try files.replace(folder.manifest, with: old.encoded())
    let start = files.log.count
    try files.replace(folder.manifest, with: new.encoded())
    for length in start...files.log.count {
      for keeps in [0.0, 0.5, 1] {
        let disk = MemoryFiles.afterPowerCut(files.log, length: length) { _ in keeps }
        let found = try #require(try folder.loadManifest(disk))
        #expect(found == old || found == new)
        if length == files.log.count { #expect(found == new) }
      }
    }
  }

  @Test("Values sort and print as people write them") func values() {
    let values: [ManifestValue] = [nil, false, true, -1, 0.5, 10, "a", "b", [1], [1, 2]]
    #expect(values.shuffled().sorted() == values)
    #expect(
      values.map(\.description) == ["none", "false", "true", "-1", "0.5", "10", "a", "b", "[1]", "[1, 2]"])
  }

  @Test("Settings from a pool are those given; a cell holds what differs from the first with the same paths")
  func pool() throws {
    let given: [[String: ManifestValue]] = [
      ["task": .string("a"), "seed": .number(0), "units": .number(8)],
      ["task": .string("a"), "seed": .number(1), "units": .number(8)],
      ["task": .string("b"), "seed": .number(0), "units": .number(8), "options.cues": .number(2)],
      ["task": .string("b"), "seed": .number(1), "units": .number(8), "options.cues": .number(4)],
    ]
    var pool = CellSettings.Pool()
    let pooled = given.map { pool.settings($0) }
    #expect(pooled == given.map { CellSettings($0) })
    #expect(pooled.map(\.own.count) == [0, 1, 0, 2])
    func bytes(_ settings: [CellSettings]) throws -> [UInt8] {
      var manifest = Sample.manifest(keys: [1, 2, 3, 4])
      for index in settings.indices { manifest.cells[index].settings = settings[index] }
      return try manifest.encoded()
    }
    #expect(try bytes(pooled) == bytes(given.map { CellSettings($0) }), "the same sweep.json")
  }
}

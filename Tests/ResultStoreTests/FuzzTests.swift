import Foundation
import TestSupport
import Testing

@testable import ResultStore

/// Whatever the bytes are, reading ends, with an error at worst, and takes memory and reads in proportion to
/// the size.
@Suite("Any bytes") struct FuzzTests {
  static let count = Soak.isOn ? 2_000_000 : 100_000

  @Test("Shards of any bytes are read without a crash") func shards() throws {
    let originals = try RecordKind.allCases.flatMap { kind in
      try [true, false].map { try ShardDamageTests.Shard(kind, sealed: $0, count: 3) }
    }
    var random = SeededRandom(20)
    var outcomes: [String: Int] = [:]
    for _ in 0..<Self.count {
      let shard = originals.randomElement(using: &random)!
      var bytes = shard.bytes
      for _ in 0..<Int.random(in: 1...4, using: &random) { mutate(&bytes, of: shard, originals, &random) }
      if Int.random(in: 0..<4, using: &random) == 0 { reseal(&bytes, of: shard) }
      let files = shard.disk(bytes)
      let reader = try ShardReader(shard.name, in: ShardDamageTests.folder, files: files)
      var delivered = 0
      let ending = try reader.scan(bootUnchanged: Bool.random(using: &random)) { view, _ in
        delivered += 1
        use(view)
      }
      #expect(delivered == ending.records)
      var bytesKept = 0
      let gaps = try reader.salvage { view, _ in
        bytesKept += view.schema.size
        use(view)
      }
      #expect(bytesKept + gaps.map(\.count).reduce(0, +) <= bytes.count)
      #expect(files.bytesRead <= 64 * (bytes.count + 4096), "reads grow with the size only")
      outcomes[ending.isDamaged ? "damaged" : ending.trouble == nil ? "whole" : "torn", default: 0] += 1
    }
    #expect(outcomes.count == 3)
    figure("any bytes: \(Self.count) shards, \(outcomes)")
  }

  @Test("Plans and locks of any bytes are read without a crash") func json() throws {
    let plan = try Sample.manifest(keys: [1, 2]).encoded()
    var random = SeededRandom(21)
    for round in 0..<Self.count / 20 {
      var bytes = plan
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[place] = .random(in: 0...255, using: &random)
        case 1: bytes.remove(at: place)
        default: bytes.insert("{}[]\",:0e-".utf8.randomElement(using: &random)!, at: place)
        }
      }
      if round % 2 == 0, bytes.count > 30 {
        let crc = hex(UInt64(Checksum.crc32(Array(bytes[22...])))).suffix(8)
        bytes.replaceSubrange(0..<22, with: Array("{\"crc32\": \"\(crc)\",\n".utf8))
      }
      do {
        _ = try SweepManifest(decoding: bytes, path: "sweep.json")
      } catch let error as StoreError { #expect(error.category == .damaged) }
      let files = MemoryFiles()
      files.names["/lock"] = 1
      files.contents[1] = Array(bytes.shuffled(using: &random).prefix(600))
      #expect(try StoreLock.read("/lock", files) == nil)
    }
  }

  /// Decodes whatever a record holds.
  private func use(_ view: RecordView) {
    switch view.schema.kind {
    case .iteration: _ = try? IterationRecord(view)
    case .state: _ = try? StateRecord(view)
    case .evaluation: _ = try? EvaluationRecord(view)
    case .result: _ = try? ResultRecord(view)
    case .dynamics: _ = try? DynamicsRecord(view)
    case .alignment: _ = try? AlignmentRecord(view)
    }
  }

  private func mutate(
    _ bytes: inout [UInt8], of shard: ShardDamageTests.Shard, _ others: [ShardDamageTests.Shard],
    _ random: inout SeededRandom
  ) {
    guard !bytes.isEmpty else { return bytes = [0x93] }
    let place = Int.random(in: 0..<bytes.count, using: &random)
    let length = min(Int.random(in: 1...400, using: &random), bytes.count - place)
    switch Int.random(in: 0..<9, using: &random) {
    case 0: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
    case 1: bytes.removeSubrange(place..<place + length)
    case 2: bytes.insert(contentsOf: bytes[place..<place + length], at: place)
    case 3: bytes = Array(bytes.prefix(place))
    case 4: for index in place..<place + length { bytes[index] = .random(in: 0...255, using: &random) }
    case 5: for index in place..<place + length { bytes[index] = 0 }
    case 6: bytes += others.randomElement(using: &random)!.bytes.suffix(length)
    case 7:
      let digits = Array("0123456789".utf8).randomElement(using: &random)!
      if bytes.count > shard.header { bytes[shard.header - Int.random(in: 1...60, using: &random)] = digits }
    default:
      let count = [0, 1, 2, 3, 4, 1 << 40, Int.max].randomElement(using: &random)!
      let header = ShardHeader.bytes(of: shard.name.schema, count: count)
      bytes.replaceSubrange(0..<min(header.count, bytes.count), with: header)
    }
  }

  /// Gives every record-sized piece a valid magic, schema and checksum, so that the fuzz gets past them.
  private func reseal(_ bytes: inout [UInt8], of shard: ShardDamageTests.Shard) {
    let schema = shard.name.schema
    var place = shard.header
    while place + schema.size <= bytes.count {
      var record = EncodedRecord(
        kind: schema.kind, degree: 0, bytes: Array(bytes[place..<place + schema.size]))
      record.bytes.store(RecordSchema.magic, at: 0)
      record.bytes.store(schema.code, at: RecordView.schemaOffset)
      record.seal(sequence: UInt64((place - shard.header) / schema.size), unsynced: Int(record.bytes[40]))
      bytes.replaceSubrange(place..<place + schema.size, with: record.bytes)
      place += schema.size
    }
  }
}

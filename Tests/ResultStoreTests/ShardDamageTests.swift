import Model
import Foundation
import TestSupport
import Testing

@testable import ResultStore

@Suite("Damaged shards") struct ShardDamageTests {
  static let folder = "/out/shards"

  /// A shard of a few records of one kind, open or sealed, alone in a file system.
  struct Shard {
    var name: ShardName
    var records: [EncodedRecord]
    var bytes: [UInt8]
    var header: Int
    var size: Int { name.schema.size }

    init(_ kind: RecordKind, sealed: Bool, count: Int = 4) throws {
      name = ShardName(kind: kind, degree: 0, segment: 0)
      records = (0..<count).map { number in
        switch kind {
        case .iteration: Sample.iteration(number, degree: 0)
        case .state: Sample.state(iteration: number, degree: 0)
        case .evaluation: Sample.evaluation(number, degree: 0)
        case .result: Sample.result(cell: UInt64(number), iterations: 0, evaluations: 0, degree: 0)
        case .dynamics: Sample.dynamics(number, degree: 0)
        case .alignment: Sample.alignment(number, degree: 0)
        }
      }
      let files = Self.files()
      let writer = ShardWriter(
        kind: kind, shape: RuleShape(degree: 0), directory: folder, files: files, segmentBytes: 1 << 20)
      for record in records { _ = try writer.append(record) }
      if sealed { try writer.seal() }
      bytes = files.contents[files.names["\(folder)/\(name)"]!]!
      header = ShardHeader.length(of: name.schema)
    }

    static func files() -> MemoryFiles {
      let files = MemoryFiles()
      for directory in ["/out", folder] { files.directories.insert(directory) }
      return files
    }

    func disk(_ bytes: [UInt8]) -> MemoryFiles {
      let files = Self.files()
      files.names["\(folder)/\(name)"] = 1
      files.contents[1] = bytes
      return files
    }

    /// Reads a changed shard; what comes out must be the first of the true records.
    func scan(_ bytes: [UInt8], bootUnchanged: Bool = true) throws -> ShardEnding {
      var found: [EncodedRecord] = []
      let reader = try ShardReader(name, in: folder, files: disk(bytes))
      let ending = try reader.scan(bootUnchanged: bootUnchanged) { view, _ in found.append(view.encoded) }
      #expect(found == Array(records.prefix(found.count)))
      #expect(ending.records == found.count)
      return ending
    }
  }

  /// An open shard goes on after any cut; nothing before the cut is lost.
  @Test("Cut at every byte, opened again, appended to, verified", arguments: RecordKind.allCases)
  func cutAnywhere(_ kind: RecordKind) throws {
    let shard = try Shard(kind, sealed: false)
    for length in 0...shard.bytes.count {
      let cut = Array(shard.bytes.prefix(length))
      let whole = max(0, length - shard.header) / shard.size
      let ending = try shard.scan(cut)
      #expect(ending.records == whole)
      #expect(!ending.isDamaged)
      let files = shard.disk(cut)
      let writer = ShardWriter(
        kind: kind, shape: RuleShape(degree: 0), directory: Self.folder, files: files, segmentBytes: 1 << 20)
      let reader = try ShardReader(shard.name, in: Self.folder, files: files)
      try writer.resume(segment: 0, records: whole, header: reader.header, schema: reader.schema)
      for record in shard.records[whole...] { _ = try writer.append(record) }
      try writer.seal()
      let after = try shard.scan(files.contents[1]!)
      #expect(after == ShardEnding(records: shard.records.count, trailing: 0), "cut at \(length)")
    }
    figure("cuts of a \(kind) shard: \(shard.bytes.count + 1), nothing lost")
  }

  @Test("A sealed shard that was cut is damaged", arguments: RecordKind.allCases)
  func cutSealed(_ kind: RecordKind) throws {
    let shard = try Shard(kind, sealed: true)
    for length in shard.header..<shard.bytes.count {
      #expect(try shard.scan(Array(shard.bytes.prefix(length))).isDamaged)
    }
  }

  /// One flip is harmless: between the counts 0 (open) and 2 (sealed) lies one bit, and both headers are
  /// true.
  @Test("Every single flipped bit is seen", arguments: RecordKind.allCases, [true, false])
  func everyBit(_ kind: RecordKind, sealed: Bool) throws {
    let shard = try Shard(kind, sealed: sealed, count: 2)
    let last = shard.header + shard.size
    for byte in shard.bytes.indices {
      for bit in 0..<8 {
        var bytes = shard.bytes
        bytes[byte] ^= 1 << bit
        let ending = try shard.scan(bytes)
        if bytes.starts(with: ShardHeader.bytes(of: shard.name.schema, count: sealed ? 0 : 2)) {
          #expect(ending == ShardEnding(records: 2, trailing: 0))
        } else if sealed || byte < last {
          #expect(ending.isDamaged, "byte \(byte), bit \(bit)")
        } else {
          #expect(ending == ShardEnding(records: 1, trailing: shard.size, trouble: .torn))
        }
      }
    }
    figure(
      "flipped bits of a \(sealed ? "sealed" : "open") \(kind) shard: \(shard.bytes.count * 8), all seen")
  }

  @Test("Bursts of bad bytes are seen") func bursts() throws {
    var random = SeededRandom(1)
    let shards = try [true, false].map { try Shard(.evaluation, sealed: $0) }
    for round in 0..<4000 {
      let shard = shards[round % 2]
      let length = Int.random(in: 2...600, using: &random)
      let start = Int.random(in: 0..<shard.bytes.count - length, using: &random)
      var bytes = shard.bytes
      switch round / 2 % 3 {
      case 0: for place in start..<start + length { bytes[place] = .random(in: 0...255, using: &random) }
      case 1: for place in start..<start + length { bytes[place] = 0 }
      default: bytes.removeSubrange(start..<start + length)
      }
      if bytes == shard.bytes { continue }
      let ending = try shard.scan(bytes)
      #expect(ending.trouble != nil, "round \(round): \(length) bytes at \(start)")
      #expect(ending.records < shard.records.count)
    }
  }

  @Test("Tails of zeros and of garbage are left out and cut off") func tails() throws {
    var random = SeededRandom(2)
    let shard = try Shard(.iteration, sealed: false)
    for length in 1...2 * shard.size + 3 {
      for isZero in [true, false] {
        let tail = (0..<length).map { _ in isZero ? UInt8(0) : .random(in: 0...255, using: &random) }
        let ending = try shard.scan(shard.bytes + tail)
        #expect(ending == ShardEnding(records: 4, trailing: length, trouble: .torn))
      }
    }
    let sealed = try Shard(.iteration, sealed: true)
    #expect(try sealed.scan(sealed.bytes + [0]).isDamaged)
  }

  @Test("A bad record followed by good ones is refused with its place") func middle() throws {
    let shard = try Shard(.iteration, sealed: false)
    for bad in 0..<3 {
      var bytes = shard.bytes
      let offset = shard.header + bad * shard.size
      bytes[offset + 60] ^= 0x10
      let ending = try shard.scan(bytes)
      #expect(
        ending.trouble
          == .damaged(
            "record \(bad) at byte \(offset) is bad (its checksum does not hold), but record \(bad + 1) at byte "
              + "\(offset + shard.size) is good"))
    }
    var shifted = shard.bytes
    shifted.remove(at: shard.header + 10)
    #expect(try shard.scan(shifted).isDamaged, "good records that have moved by a byte are found")
    var swapped = shard.bytes
    swapped.replaceSubrange(
      shard.header..<shard.header + shard.size,
      with: shard.bytes[shard.header + shard.size..<shard.header + 2 * shard.size])
    #expect(try shard.scan(swapped).isDamaged, "a record in another's place")
  }

  @Test("After a restart of the machine only what had reached the disk counts as damage") func attested()
    throws
  {
    let files = Shard.files()
    let writer = ShardWriter(
      kind: .iteration, shape: RuleShape(degree: 0), directory: Self.folder, files: files,
      segmentBytes: 1 << 20)
    let shard = try Shard(.iteration, sealed: false, count: 6)
    for (number, record) in shard.records.enumerated() {
      _ = try writer.append(record)
      if number == 2 { try writer.synchronise() }
    }
    let bytes = files.contents[1]!
    for bad in 0..<6 {
      var changed = bytes
      changed[shard.header + bad * shard.size + 50] ^= 1
      let ending = try shard.scan(changed, bootUnchanged: false)
      #expect(ending.isDamaged == (bad < 3), "record \(bad)")
      #expect(ending.records == bad)
      if bad >= 3 { #expect(ending.stranded == 5 - bad) }
    }
  }

  @Test("A shard of a newer schema is refused by name") func newer() throws {
    let shard = try Shard(.iteration, sealed: false)
    let schema = RecordSchema.of(.iteration, degree: 0)
    var bytes = shard.bytes
    let other = ShardHeader.bytes(of: .of(.state, degree: 0), count: 0)
    bytes = other + bytes[shard.header...]
    bytes[other.count + RecordView.schemaOffset] = RecordSchema.version(of: .iteration) + 1
    let ending = try shard.scan(bytes)
    #expect(
      ending.trouble
        == .damaged(
          "it has record schema 3, written by a newer trifactor; this one reads up to 2. Use the newer program"
        ))
    #expect(schema.code == 0x0102)
  }

  @Test("Death while a shard is sealed leaves a shard that goes on") func tornSeal() throws {
    let open = try Shard(.result, sealed: false)
    let sealed = try Shard(.result, sealed: true)
    for split in 0..<open.header {
      let bytes = Array(sealed.bytes[..<split] + open.bytes[split...])
      let ending = try open.scan(bytes)
      #expect(ending == ShardEnding(records: 4, trailing: 0))
    }
  }
}

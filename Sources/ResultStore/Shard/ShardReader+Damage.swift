/// What a bad record means: the unfinished end of a write, or damage.
extension ShardReader {
  /// A good record found behind a bad one.
  struct Survivor: Equatable {
    var offset: Int
    var sequence: Int
    var unsynced: Int
    /// How many records had reached the disk when this one was written.
    var attested: Int { max(0, sequence - unsynced) }
  }

  /// Decides whether the end of the shard is whole, torn or damaged.
  func judge(_ ending: ShardEnding, bootUnchanged: Bool) throws -> ShardEnding {
    var ending = ending
    let good = ending.records
    if case .sealed(let count) = header {
      if good < count {
        let reason =
          offset(of: good) + schema.size > size
          ? "it ends after \(good) of the \(count) records it was sealed with"
          : "record \(good) at byte \(offset(of: good)) is bad (\(try fault(at: good))); "
            + "the shard was sealed with \(count)"
        ending.trouble = .damaged(reason)
      } else if good > count || ending.trailing > 0 {
        ending.trouble = .damaged(
          "\(size - offset(of: count)) bytes follow the \(count) records it was sealed with, "
            + "from byte \(offset(of: count))")
      }
      return ending
    }
    guard ending.trailing > 0 else { return ending }
    ending.trouble = .torn
    var from = offset(of: good) + 1
    while let survivor = try nextGood(from: from) {
      if bootUnchanged || survivor.attested > good {
        ending.trouble = .damaged(
          "record \(good) at byte \(offset(of: good)) is bad (\(try fault(at: good))), "
            + "but record \(survivor.sequence) at byte \(survivor.offset) is good")
        break
      }
      ending.stranded += 1
      from = survivor.offset + schema.size
    }
    return ending
  }

  /// What is wrong with the bytes where record `index` should be.
  func fault(at index: Int) throws -> String {
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: schema.size, alignment: 8)
    defer { bytes.deallocate() }
    let count = try fill(bytes, at: offset(of: index))
    if count < schema.size { return "only \(count) of its \(schema.size) bytes are there" }
    let view = RecordView(UnsafeRawBufferPointer(bytes), schema: schema)
    if bytes.allSatisfy({ $0 == 0 }) { return "all zeros" }
    if view.isIntact { return "it has sequence \(view.sequence)" }
    return view.word(at: 0) == RecordSchema.magic
      ? "its checksum does not hold" : "it does not begin as a record"
  }

  /// The first good record that starts at or after `offset`, at any byte, with a sequence that could be.
  func nextGood(from offset: Int) throws -> Survivor? {
    let window = max(1 << 20, 2 * schema.size)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: window, alignment: 8)
    defer { buffer.deallocate() }
    let limit = UInt64(max(0, size - headerLength) / RecordSchema.openingSize)
    let first = UInt8(truncatingIfNeeded: RecordSchema.magic)
    var start = offset
    while start + schema.size <= size {
      let count = try fill(buffer, at: start)
      guard count >= schema.size else { return nil }
      for place in 0...(count - schema.size) where buffer[place] == first {
        let bytes = UnsafeRawBufferPointer(rebasing: buffer[place..<place + schema.size])
        let view = RecordView(bytes, schema: schema)
        guard view.word(at: 0) == RecordSchema.magic, view.short(at: RecordView.schemaOffset) == schema.code,
          view.sequence < limit, view.isIntact
        else { continue }
        return Survivor(offset: start + place, sequence: Int(view.sequence), unsynced: view.unsynced)
      }
      start += count - schema.size + 1
    }
    return nil
  }

  /// A better text for a header that is not ours: it tells another version of the program from damage.
  func refine(_ reason: String) throws -> String {
    let start = try file(10)
    guard start.count == 10, start.starts(with: [0x93] + Array("NUMPY".utf8)) else { return reason }
    let length = 10 + Int(start[8]) + 256 * Int(start[9])
    let opening = try file(RecordSchema.openingSize, at: length)
    guard opening.count == RecordSchema.openingSize else { return reason }
    let magic = (0..<4).reduce(UInt32(0)) { $0 | UInt32(opening[$1]) << (8 * UInt32($1)) }
    let version = opening[RecordView.schemaOffset]
    let known = RecordSchema.version(of: name.kind)
    guard magic == RecordSchema.magic else { return reason }
    let (own, found) = (Self.fields(ShardHeader.bytes(of: schema, count: 0)), Self.fields(try file(length)))
    if version == known, own != found, Self.withoutCounts(own) == Self.withoutCounts(found) {
      return
        "its records hold another number of constants, as a trifactor with other mechanisms writes them. Use that "
        + "program, and do not salvage"
    }
    guard version > known else { return reason }
    return "it has record schema \(version), written by a newer trifactor; this one reads up to \(known). "
      + "Use the newer program"
  }

  /// The fields that a header names.
  private static func fields(_ header: [UInt8]) -> String {
    let text = String(decoding: header, as: UTF8.self)
    let end = text.firstRange(of: "'fortran_order'")?.lowerBound ?? text.endIndex
    return String(text[..<end].drop { $0 != "{" })
  }

  /// The same without the counts that depend on the mechanisms of a program.
  private static func withoutCounts(_ fields: String) -> String {
    fields.replacing(/('(?:more|layer)_[a-z]+', '<f8'), \(\d+,\)/) { "\($0.1)" }
  }

  private func file(_ count: Int, at offset: Int = 0) throws -> [UInt8] {
    guard offset + count <= size else { return [] }
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 8)
    defer { bytes.deallocate() }
    return Array(bytes.prefix(try fill(bytes, at: offset)))
  }
}

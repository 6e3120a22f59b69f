/// Reading past damage.
extension ShardReader {
  /// Hands out every intact record, wherever it lies, and returns the stretches of bytes between them.
  func salvage(_ body: (RecordView, Int) throws -> Void) throws -> [Range<Int>] {
    var gaps: [Range<Int>] = []
    var position = headerLength
    if case .unknown = header { position = 0 }
    while position < size {
      let end = try walk(from: position, body)
      if end >= size { break }
      guard let next = try nextGood(from: end) else {
        gaps.append(end..<size)
        break
      }
      if next.offset > end { gaps.append(end..<next.offset) }
      position = next.offset
    }
    return gaps
  }

  /// Hands out intact records one after the other from a byte on, whatever their sequence; returns the byte after the
  /// last.
  private func walk(from start: Int, _ body: (RecordView, Int) throws -> Void) throws -> Int {
    let perBuffer = max(1, (1 << 20) / schema.size)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: perBuffer * schema.size, alignment: 8)
    defer { buffer.deallocate() }
    var position = start
    while position + schema.size <= size {
      let count = try fill(buffer, at: position)
      for slot in 0..<(count / schema.size) {
        let bytes = UnsafeRawBufferPointer(rebasing: buffer[slot * schema.size..<(slot + 1) * schema.size])
        let view = RecordView(bytes, schema: schema)
        guard view.isIntact else { return position }
        try body(view, Int(truncatingIfNeeded: view.sequence))
        position += schema.size
      }
      if count < buffer.count { break }
    }
    return position
  }
}

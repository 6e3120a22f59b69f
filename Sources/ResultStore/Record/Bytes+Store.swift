extension [UInt8] {
  /// Stores an integer little-endian.
  mutating func store<I: FixedWidthInteger>(_ value: I, at offset: Int) {
    Swift.withUnsafeBytes(of: value.littleEndian) { source in
      for (index, byte) in source.enumerated() { self[offset + index] = byte }
    }
  }
}

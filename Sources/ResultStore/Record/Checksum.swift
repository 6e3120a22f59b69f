import CZlib

/// CRC-32 as zlib, zip and Python's `zlib.crc32` have it (reflected polynomial 0xEDB88320).
enum Checksum {
  /// The checksum of `bytes`; 0 for none.
  static func crc32(_ bytes: UnsafeRawBufferPointer, startingAt start: UInt32 = 0) -> UInt32 {
    guard let base = bytes.baseAddress else { return start }
    return UInt32(
      truncatingIfNeeded: crc32_z(UInt(start), base.assumingMemoryBound(to: UInt8.self), bytes.count))
  }

  static func crc32(_ bytes: [UInt8]) -> UInt32 { bytes.withUnsafeBytes { crc32($0) } }
}

import CZlib
import Foundation
import ResultStore

/// Named arrays on their way to a folder of .npy files or to one .npz file.
struct NPYBundle {
  private let members: [(name: String, bytes: [UInt8])]

  init(_ arrays: [(name: String, array: NPYArray)]) {
    members = arrays.map { ($0.name + ".npy", $0.array.bytes) }
  }

  /// Writes one .npz file where `path` ends in `.npz`, else a folder, which is made where it does not exist.
  /// - Throws: `StoreError` of category io.
  func write(to path: String) throws {
    let place = URL(fileURLWithPath: path)
    do {
      if path.hasSuffix(".npz") {
        try Data(zip).write(to: place)
      } else {
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        for member in members { try Data(member.bytes).write(to: place.appendingPathComponent(member.name)) }
      }
    } catch {
      throw UsageError.unwritable(path, error)
    }
  }

  /// A zip archive of stored members, dated 1980-01-01, so that equal arrays give equal bytes (APPNOTE 6.3.3).
  ///
  /// - Precondition: the archive stays below 4 GiB, the limit of this form.
  var zip: [UInt8] {
    var bytes: [UInt8] = []
    var directory: [UInt8] = []
    for member in members {
      let crc = member.bytes.withUnsafeBytes { buffer in
        UInt32(crc32_z(0, buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), buffer.count))
      }
      let size = UInt32(member.bytes.count)
      let name = Array(member.name.utf8)
      // Version 2.0, no flags, stored, time 0, 1 January 1980; CRC; packed and plain size; lengths of name and extra.
      let common =
        Self.little([20, 0, 0, 0, 0x21], 2) + Self.little([crc, size, size], 4)
        + Self.little([UInt32(name.count), 0], 2)
      directory += Self.little([0x0201_4b50], 4) + Self.little([20], 2) + common
      // No comment, disk 0, no attributes; where the member begins.
      directory += Self.little([0, 0, 0], 2) + Self.little([0, UInt32(bytes.count)], 4) + name
      bytes += Self.little([0x0403_4b50], 4) + common + name + member.bytes
    }
    precondition(
      bytes.count + directory.count < 0xffff_ffff, "\(bytes.count) bytes are too many for one .npz")
    let count = UInt32(members.count)
    let end =
      Self.little([0x0605_4b50], 4) + Self.little([0, 0, count, count], 2)
      + Self.little([UInt32(directory.count), UInt32(bytes.count)], 4) + Self.little([0], 2)
    return bytes + directory + end
  }

  private static func little(_ values: [UInt32], _ width: Int) -> [UInt8] {
    values.flatMap { value in (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) } }
  }
}

import CZlib

/// The arrays of an NPZ archive by name, as `numpy.savez` and `numpy.savez_compressed` write it; the file may hold
/// anything.
///
/// Sizes are those of the directory at the end. Each is checked against the bytes before any memory is taken: an archive
/// that would unpack to more than `limit` bytes is refused, however small it is.
public struct NPZContent: Sendable {
  /// The bytes of each array's NPY file, by its name without `.npy`.
  public private(set) var files: [String: [UInt8]] = [:]

  public static let limit = 1 << 30
  private static let mostFiles = 1000

  /// - Throws: `NPYError`.
  public init(_ bytes: [UInt8]) throws {
    guard bytes.starts(with: [0x50, 0x4B]) else {
      if bytes.starts(with: [0x93] + Array("NUMPY".utf8)) {
        throw NPYError("it is a single array (.npy); write all arrays into one file with numpy.savez")
      }
      if bytes.first == 0x80 {
        throw NPYError("it is a pickle, which is never read; write it with numpy.savez")
      }
      throw NPYError("it is no NPZ archive; write it with numpy.savez")
    }
    let archive = try ZipDirectory(bytes)
    guard archive.entries.count <= Self.mostFiles else {
      throw NPYError("it holds \(archive.entries.count) files; at most \(Self.mostFiles) are read")
    }
    var total = 0
    for entry in archive.entries {
      total += entry.size
      guard total <= Self.limit else {
        throw NPYError(
          "its arrays would take \(total) bytes or more; at most \(Self.limit) are read")
      }
    }
    for entry in archive.entries where entry.name.hasSuffix(".npy") {
      let name = String(entry.name.dropLast(4))
      guard files[name] == nil else { throw NPYError("it holds '\(name)' twice") }
      files[name] = try archive.contents(of: entry, in: bytes)
    }
  }

  /// The array of a name; nil where there is none.
  /// - Throws: `NPYError` that names the array.
  public func array(_ name: String) throws -> NPYContent? {
    guard let bytes = files[name] else { return nil }
    do { return try NPYContent(bytes) } catch let error as NPYError {
      throw NPYError("the array '\(name)': \(error)")
    }
  }
}

/// The directory of a zip archive.
struct ZipDirectory {
  struct Entry {
    var name: String
    var method: Int
    var crc: UInt32
    var packed: Int
    var size: Int
    var offset: Int
    var isEncrypted: Bool
  }
  private(set) var entries: [Entry] = []

  init(_ bytes: [UInt8]) throws {
    let cut = NPYError(
      "the archive is cut off or damaged: it has no readable directory; write or copy it again")
    // The end record: 22 bytes and a comment.
    var place = bytes.count - 22
    while place >= 0, Self.number(bytes, place, 4) != 0x0605_4B50 {
      place -= 1
      if place < bytes.count - 22 - 65_535 { throw cut }
    }
    guard place >= 0 else { throw cut }
    let count = Self.number(bytes, place + 10, 2)
    var offset = Self.number(bytes, place + 16, 4)
    guard count != 0xFFFF, offset != 0xFFFF_FFFF else {
      throw NPYError("the archive is larger than 4 GiB; at most \(NPZContent.limit) bytes are read")
    }
    for _ in 0..<count {
      guard offset + 46 <= bytes.count, Self.number(bytes, offset, 4) == 0x0201_4B50 else { throw cut }
      let (name, extra, comment) = (
        Self.number(bytes, offset + 28, 2), Self.number(bytes, offset + 30, 2),
        Self.number(bytes, offset + 32, 2)
      )
      guard offset + 46 + name + extra + comment <= bytes.count else { throw cut }
      let text = String(decoding: bytes[(offset + 46)..<(offset + 46 + name)], as: UTF8.self)
      let (packed, size) = (Self.number(bytes, offset + 20, 4), Self.number(bytes, offset + 24, 4))
      guard packed != 0xFFFF_FFFF, size != 0xFFFF_FFFF else {
        throw NPYError("'\(text)' in it takes more than 4 GiB; at most \(NPZContent.limit) bytes are read")
      }
      entries.append(
        Entry(
          name: text, method: Self.number(bytes, offset + 10, 2),
          crc: UInt32(Self.number(bytes, offset + 16, 4)), packed: packed, size: size,
          offset: Self.number(bytes, offset + 42, 4),
          isEncrypted: Self.number(bytes, offset + 8, 2) & 1 == 1))
      offset += 46 + name + extra + comment
    }
  }

  /// - Throws: `NPYError` for an entry that is not what the directory says.
  func contents(of entry: Entry, in bytes: [UInt8]) throws -> [UInt8] {
    func damaged(_ what: String) -> NPYError {
      NPYError("'\(entry.name)' in the archive \(what); write or copy it again")
    }
    guard !entry.isEncrypted else { throw NPYError("'\(entry.name)' in the archive is encrypted") }
    guard entry.offset + 30 <= bytes.count, Self.number(bytes, entry.offset, 4) == 0x0403_4B50 else {
      throw damaged("is not where its directory says")
    }
    let start =
      entry.offset + 30 + Self.number(bytes, entry.offset + 26, 2) + Self.number(bytes, entry.offset + 28, 2)
    guard start + entry.packed <= bytes.count else { throw damaged("is cut off") }
    let packed = bytes[start..<start + entry.packed]
    let data: [UInt8]
    switch entry.method {
    case 0:
      guard entry.packed == entry.size else { throw damaged("is damaged") }
      data = Array(packed)
    case 8:
      // Deflate packs at most 1032 to one.
      guard entry.size <= 1040 * entry.packed + 64 else {
        throw damaged("claims a size that it cannot unpack to")
      }
      var output = [UInt8](repeating: 0, count: entry.size)
      let code = packed.withUnsafeBufferPointer { input in
        output.withUnsafeMutableBufferPointer { output in
          shim_inflate_raw(input.baseAddress, UInt32(input.count), output.baseAddress, UInt32(output.count))
        }
      }
      guard code == 0 else { throw damaged("does not unpack") }
      data = output
    default:
      throw NPYError(
        "'\(entry.name)' in the archive is packed by method \(entry.method); write it with numpy.savez")
    }
    guard Checksum.crc32(data) == entry.crc else { throw damaged("fails its checksum") }
    return data
  }

  /// A number of `size` bytes, the least significant first; 0 beyond the end.
  private static func number(_ bytes: [UInt8], _ place: Int, _ size: Int) -> Int {
    guard place >= 0, place + size <= bytes.count else { return 0 }
    return bytes[place..<place + size].reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}

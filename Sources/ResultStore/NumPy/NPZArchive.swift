/// Named arrays in one file as `numpy.load` reads it: a zip archive of NPY files, stored without compression.
///
/// Every date is 1 January 1980 and nothing tells of the machine, so the same arrays give the same bytes.
public struct NPZArchive {
  public private(set) var bytes: [UInt8] = []
  private var directory: [UInt8] = []
  private var count = 0

  /// Bytes an archive may have: beyond 4 GiB the format would need another header.
  static let limit = Int(UInt32.max)
  /// 1 January 1980, 0:00, as MS-DOS writes it.
  private static let date: UInt16 = 0x0021

  public init() {}

  /// Adds an array under a name that no other has.
  /// - Throws: `StoreError` (usage) where the archive would pass 4 GiB.
  public mutating func add(_ name: String, _ array: NPYArray) throws {
    let file = Array((name + ".npy").utf8)
    let data = array.bytes
    guard bytes.count + directory.count + data.count + 4 * file.count + 200 < Self.limit else {
      throw StoreError(
        .usage,
        "the archive would pass 4 GiB with '\(name)' (\(data.count) bytes): export to a .csv file or fewer "
          + "folders at once")
    }
    let offset = UInt32(bytes.count)
    let crc = Checksum.crc32(data)
    bytes.append(little: 0x0403_4B50 as UInt32)
    Self.describe(&bytes, crc: crc, size: UInt32(data.count), name: file.count)
    bytes += file
    bytes += data
    directory.append(little: 0x0201_4B50 as UInt32)
    directory.append(little: 20 as UInt16)  // Made by version 2.0 on MS-DOS.
    Self.describe(&directory, crc: crc, size: UInt32(data.count), name: file.count)
    directory += [UInt8](repeating: 0, count: 10)  // No comment, first disk, no attributes.
    directory.append(little: offset)
    directory += file
    count += 1
  }

  /// The archive with its directory, which ends it.
  public func finished() -> [UInt8] {
    var end: [UInt8] = []
    end.append(little: 0x0605_4B50 as UInt32)
    end.append(little: 0 as UInt32)  // This disk and the directory's.
    end.append(little: UInt16(count))
    end.append(little: UInt16(count))
    end.append(little: UInt32(directory.count))
    end.append(little: UInt32(bytes.count))
    end.append(little: 0 as UInt16)
    return bytes + directory + end
  }

  /// The fields that a member and its entry in the directory share.
  private static func describe(_ bytes: inout [UInt8], crc: UInt32, size: UInt32, name: Int) {
    bytes.append(little: 20 as UInt16)  // Version 2.0 reads it.
    bytes.append(little: 0 as UInt16)  // No flags.
    bytes.append(little: 0 as UInt16)  // Stored.
    bytes.append(little: 0 as UInt16)
    bytes.append(little: date)
    bytes.append(little: crc)
    bytes.append(little: size)
    bytes.append(little: size)
    bytes.append(little: UInt16(name))
    bytes.append(little: 0 as UInt16)  // No extra field.
  }
}

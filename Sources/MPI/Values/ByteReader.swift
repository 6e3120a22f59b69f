/// Reads the bytes of a value, field by field; never past their end, and never more than they can hold.
public struct ByteReader {
  private let bytes: [UInt8]
  private var place = 0

  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  public var left: Int { bytes.count - place }
  public var isAtEnd: Bool { left == 0 }

  public mutating func byte() throws -> UInt8 {
    guard left >= 1 else { throw short(1) }
    defer { place += 1 }
    return bytes[place]
  }
  public mutating func int() throws -> Int {
    guard left >= 8 else { throw short(8) }
    defer { place += 8 }
    let at = place
    return Int(
      Int64(littleEndian: bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: at, as: Int64.self) }))
  }
  public mutating func double() throws -> Double {
    Double(bitPattern: UInt64(bitPattern: Int64(try int())))
  }
  public mutating func text() throws -> String { String(decoding: try raw(), as: UTF8.self) }
  /// A count of things of at least `size` bytes each: never more than what is left can hold.
  public mutating func count(of size: Int) throws -> Int {
    let n = try int()
    guard n >= 0, n <= left / size else {
      throw MessageError(description: "a count of \(n) things of \(size) bytes where \(left) bytes are left")
    }
    return n
  }
  public mutating func raw() throws -> [UInt8] {
    let n = try count(of: 1)
    defer { place += n }
    return Array(bytes[place..<place + n])
  }
  private func short(_ wanted: Int) -> MessageError {
    MessageError(description: "\(wanted) bytes wanted where \(left) are left")
  }
}

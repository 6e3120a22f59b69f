/// A value that ranks send each other: it is written as bytes and read back from them bit for bit.
public protocol Transferable {
  func write(to bytes: inout ByteWriter)
  /// - Throws: `MessageError` where the bytes are not such a value.
  init(from bytes: inout ByteReader) throws
}

extension Transferable {
  /// The value alone.
  public var bytes: [UInt8] {
    var writer = ByteWriter()
    write(to: &writer)
    return writer.bytes
  }

  /// - Throws: `MessageError` where the bytes are not such a value, or more than it.
  public init(bytes: [UInt8]) throws {
    var reader = ByteReader(bytes)
    self = try Self(from: &reader)
    guard reader.isAtEnd else {
      throw MessageError(description: "\(reader.left) bytes too many behind a \(Self.self)")
    }
  }
}

extension Int: Transferable {
  public func write(to bytes: inout ByteWriter) { bytes.int(self) }
  public init(from bytes: inout ByteReader) throws { self = try bytes.int() }
}

extension UInt64: Transferable {
  public func write(to bytes: inout ByteWriter) { bytes.int(Int(Int64(bitPattern: self))) }
  public init(from bytes: inout ByteReader) throws { self = UInt64(bitPattern: Int64(try bytes.int())) }
}

extension Double: Transferable {
  public func write(to bytes: inout ByteWriter) { bytes.double(self) }
  public init(from bytes: inout ByteReader) throws { self = try bytes.double() }
}

extension String: Transferable {
  public func write(to bytes: inout ByteWriter) { bytes.text(self) }
  public init(from bytes: inout ByteReader) throws { self = try bytes.text() }
}

extension Array: Transferable where Element: Transferable {
  public func write(to bytes: inout ByteWriter) {
    bytes.int(count)
    for element in self { element.write(to: &bytes) }
  }

  public init(from bytes: inout ByteReader) throws {
    self = try (0..<bytes.count(of: 1)).map { _ in try Element(from: &bytes) }
  }
}

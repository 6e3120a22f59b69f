/// Builds the bytes of a value, field by field: integers are eight bytes little-endian, doubles their bit pattern,
/// lists and texts their count first.
public struct ByteWriter {
  public private(set) var bytes: [UInt8] = []

  public init() {}

  public mutating func byte(_ value: UInt8) { bytes.append(value) }
  public mutating func int(_ value: Int) {
    withUnsafeBytes(of: Int64(value).littleEndian) { bytes.append(contentsOf: $0) }
  }
  public mutating func double(_ value: Double) { int(Int(Int64(bitPattern: value.bitPattern))) }
  public mutating func text(_ value: String) { raw(Array(value.utf8)) }
  public mutating func raw(_ value: [UInt8]) {
    int(value.count)
    bytes.append(contentsOf: value)
  }
}

import ResultStore

/// Builds the bytes of a message, field by field.
struct MessageWriter {
  private(set) var bytes: [UInt8] = []

  mutating func byte(_ value: UInt8) { bytes.append(value) }
  mutating func int(_ value: Int) {
    withUnsafeBytes(of: Int64(value).littleEndian) { bytes.append(contentsOf: $0) }
  }
  mutating func double(_ value: Double) { int(Int(Int64(bitPattern: value.bitPattern))) }
  mutating func text(_ value: String) { raw(Array(value.utf8)) }
  mutating func ints(_ values: [Int]) {
    int(values.count)
    for value in values { int(value) }
  }
  mutating func doubles(_ values: [Double]) {
    int(values.count)
    for value in values { double(value) }
  }
  mutating func record(_ value: EncodedRecord) {
    byte(value.kind.rawValue)
    int(value.degree)
    raw(value.bytes)
  }
  mutating func optional(_ value: EncodedRecord?) {
    byte(value == nil ? 0 : 1)
    if let value { record(value) }
  }
  private mutating func raw(_ value: [UInt8]) {
    int(value.count)
    bytes.append(contentsOf: value)
  }
}

/// Reads the bytes of a message, field by field; never past their end, and never more than they can hold.
struct MessageReader {
  private let bytes: [UInt8]
  private var place = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var left: Int { bytes.count - place }
  var isAtEnd: Bool { left == 0 }

  mutating func byte() throws -> UInt8 {
    guard left >= 1 else { throw short(1) }
    defer { place += 1 }
    return bytes[place]
  }
  mutating func int() throws -> Int {
    guard left >= 8 else { throw short(8) }
    defer { place += 8 }
    let at = place
    return Int(
      Int64(littleEndian: bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: at, as: Int64.self) }))
  }
  mutating func double() throws -> Double { Double(bitPattern: UInt64(bitPattern: Int64(try int()))) }
  mutating func text() throws -> String { String(decoding: try raw(), as: UTF8.self) }
  /// A count of things of at least `size` bytes each: never more than what is left can hold.
  mutating func count(of size: Int) throws -> Int {
    let n = try int()
    guard n >= 0, n <= left / size else {
      throw MessageError(description: "a count of \(n) things of \(size) bytes where \(left) bytes are left")
    }
    return n
  }
  mutating func ints() throws -> [Int] { try (0..<count(of: 8)).map { _ in try int() } }
  mutating func doubles() throws -> [Double] { try (0..<count(of: 8)).map { _ in try double() } }
  mutating func records() throws -> [EncodedRecord] { try (0..<count(of: 17)).map { _ in try record() } }
  mutating func record() throws -> EncodedRecord {
    let raw = try byte()
    guard let kind = RecordKind(rawValue: raw) else {
      throw MessageError(description: "no record kind has number \(raw)")
    }
    return EncodedRecord(kind: kind, degree: try int(), bytes: try self.raw())
  }
  mutating func optional() throws -> EncodedRecord? { try byte() == 0 ? nil : try record() }

  private mutating func raw() throws -> [UInt8] {
    let n = try count(of: 1)
    defer { place += n }
    return Array(bytes[place..<place + n])
  }
  private func short(_ wanted: Int) -> MessageError {
    MessageError(description: "\(wanted) bytes wanted where \(left) are left")
  }
}

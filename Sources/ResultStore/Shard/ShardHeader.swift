/// The NPY 1.0 header of a shard: the schema as a numpy dtype and the number of records, 0 while it is open.
///
/// Its length depends on the schema alone: room for a count of 21 digits is left, and the whole is a multiple
/// of 64, so sealing rewrites it in place.
enum ShardHeader {
  /// What the first bytes of a shard say.
  enum State: Equatable {
    /// Shape (0,): records may follow.
    case open
    /// Shape (n,).
    case sealed(Int)
    /// The file ends within its header: nothing had been stored in it yet.
    case missing
    /// A header between two counts, left by a crash during sealing; the records are whole.
    case tornSeal
    /// Something else; the text says what.
    case unknown(String)
  }

  static let countDigits = 21

  /// The header of a shard with `count` records.
  static func bytes(of schema: RecordSchema, count: Int) -> [UInt8] {
    let text = dictionary(schema, count: "\(count)")
    let longest = dictionary(schema, count: String(repeating: "9", count: countDigits))
    let total = (10 + longest.utf8.count + 1 + 63) / 64 * 64
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    bytes += [UInt8((total - 10) & 0xFF), UInt8((total - 10) >> 8)]
    bytes += Array(text.utf8)
    bytes += Array(repeating: 0x20, count: total - 1 - bytes.count)
    bytes.append(0x0A)
    return bytes
  }

  /// Bytes before the first record.
  static func length(of schema: RecordSchema) -> Int { bytes(of: schema, count: 0).count }

  /// Reads `bytes`, the start of a file of `size` bytes.
  static func state(_ bytes: [UInt8], of schema: RecordSchema, fileSize size: Int) -> State {
    let open = Self.bytes(of: schema, count: 0)
    // The header is on the disk before the first record is written: in a file that is no longer than a header, a loss of
    // power can only have damaged the header.
    if size <= open.count, bytes != open, zip(bytes, open).allSatisfy({ $0 == 0 || $0 == $1 }) {
      return .missing
    }
    guard bytes.count >= open.count else { return .unknown("it ends inside its header") }
    let header = Array(bytes[..<open.count])
    if header == open { return .open }
    if let count = count(in: header), Self.bytes(of: schema, count: count) == header { return .sealed(count) }
    let whole = (size - open.count) / schema.size
    let sealed = Self.bytes(of: schema, count: whole)
    if header.indices.allSatisfy({ header[$0] == open[$0] || header[$0] == sealed[$0] }) { return .tornSeal }
    if header.starts(with: [0x93] + Array("NUMPY".utf8)) {
      return .unknown("its header is not that of a \(schema.kind) shard of \(schema.shape)")
    }
    return .unknown("it does not begin as an NPY file")
  }

  private static func dictionary(_ schema: RecordSchema, count: String) -> String {
    "{'descr': \(schema.description), 'fortran_order': False, 'shape': (\(count),), }"
  }

  private static func count(in header: [UInt8]) -> Int? {
    let text = String(decoding: header[10...], as: UTF8.self)
    guard let start = text.firstRange(of: "'shape': (")?.upperBound else { return nil }
    let digits = text[start...].prefix { $0.isASCII && $0.isNumber }
    guard !digits.isEmpty, digits.count <= 18 else { return nil }
    return Int(digits)
  }
}

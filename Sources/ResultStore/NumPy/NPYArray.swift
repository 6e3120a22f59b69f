import Model

/// An array in NumPy's NPY 1.0 format: C order, little-endian, float64, int64 or text.
public struct NPYArray: Sendable {
  /// The whole file.
  public let bytes: [UInt8]

  /// - Precondition: the number of values is the product of the shape.
  public init(_ values: [Double], shape: [Int]) {
    self.init(
      type: "<f8", shape: shape, count: values.count,
      data: Self.data(values.lazy.map(\.bitPattern), values.count))
  }

  /// - Precondition: the number of values is the product of the shape.
  public init(_ values: [Int], shape: [Int]) {
    self.init(
      type: "<i8", shape: shape, count: values.count,
      data: Self.data(values.lazy.map { UInt64(bitPattern: Int64($0)) }, values.count))
  }

  /// Texts of any length, one-dimensional; all are stored as wide as the longest (UTF-32).
  public init(_ values: [String]) {
    let width = max(1, values.lazy.map(\.unicodeScalars.count).max() ?? 1)
    var data: [UInt8] = []
    data.reserveCapacity(4 * width * values.count)
    for value in values {
      var left = width
      for scalar in value.unicodeScalars {
        data.append(little: scalar.value)
        left -= 1
      }
      data.append(contentsOf: repeatElement(0, count: 4 * left))
    }
    self.init(type: "<U\(width)", shape: [values.count], count: values.count, data: data)
  }

  private init(type: String, shape: [Int], count: Int, data: [UInt8]) {
    invariant(shape.reduce(1, *) == count, "\(count) values do not fill an array of shape \(shape)")
    let extents = shape.map { "\($0)" }.joined(separator: ", ") + (shape.count == 1 ? "," : "")
    let dictionary = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(extents)), }"
    // Magic, version and length take 10 bytes; the header ends in a newline on a multiple of 64.
    let padding = (64 - (10 + dictionary.utf8.count + 1) % 64) % 64
    let header = dictionary + String(repeating: " ", count: padding) + "\n"
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    bytes.append(little: UInt16(header.utf8.count))
    bytes += header.utf8
    self.bytes = bytes + data
  }

  private static func data(_ words: some Sequence<UInt64>, _ count: Int) -> [UInt8] {
    var data: [UInt8] = []
    data.reserveCapacity(8 * count)
    for word in words { data.append(little: word) }
    return data
  }
}

extension [UInt8] {
  /// Appends an integer, least significant byte first.
  mutating func append<I: FixedWidthInteger>(little value: I) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }
}

/// An array in NumPy's NPY 1.0 format: C order, little-endian, float64 or int64.
struct NPYArray {
  let bytes: [UInt8]

  /// - Precondition: the number of values is the product of the shape.
  init(_ values: [Double], shape: [Int]) {
    self.init(type: "<f8", shape: shape, count: values.count, words: values.lazy.map(\.bitPattern))
  }

  /// - Precondition: the number of values is the product of the shape.
  init(_ values: [Int], shape: [Int]) {
    self.init(
      type: "<i8", shape: shape, count: values.count, words: values.lazy.map { UInt64(bitPattern: Int64($0)) }
    )
  }

  private init(type: String, shape: [Int], count: Int, words: some Sequence<UInt64>) {
    precondition(
      shape.reduce(1, *) == count, "\(count) values do not fill an array of shape \(shape)")
    let extents = shape.map { "\($0)" }.joined(separator: ", ") + (shape.count == 1 ? "," : "")
    let dictionary = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(extents)), }"
    // Magic, version and length take 10 bytes; the header ends in a newline on a multiple of 64.
    let padding = (64 - (10 + dictionary.utf8.count + 1) % 64) % 64
    let header = dictionary + String(repeating: " ", count: padding) + "\n"
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    bytes += [UInt8(header.utf8.count & 255), UInt8(header.utf8.count >> 8)]
    bytes += header.utf8
    bytes.reserveCapacity(bytes.count + 8 * count)
    for word in words {
      for byte in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: word >> (8 * UInt64(byte)))) }
    }
    self.bytes = bytes
  }
}

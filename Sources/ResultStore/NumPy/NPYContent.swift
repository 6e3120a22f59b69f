/// The array in an NPY file that may hold anything: every claim of its header is checked against the bytes.
///
/// Versions 1 to 3; C or Fortran order, either byte order; whole numbers, floats, truth values and text. Objects, which
/// NumPy stores as pickles, records and complex numbers are refused. Values come in C order.
public struct NPYContent: Sendable, Equatable {
  public enum Values: Sendable, Equatable {
    case numbers([Double])
    case texts([String])
  }
  public var shape: [Int]
  public var values: Values
  /// As NumPy writes it: `<f8`, `|b1`, ...
  public var type: String

  public var count: Int { shape.reduce(1, *) }

  /// - Throws: `NPYError` that says what is wrong with the bytes.
  public init(_ bytes: [UInt8]) throws {
    let header = try NPYHeader(bytes)
    shape = header.shape
    type = header.type
    var count = 1
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow else {
        throw NPYError("its header claims the shape \(header.shapeText), beyond any memory")
      }
      count = product
    }
    let (size, overflow) = count.multipliedReportingOverflow(by: header.itemSize)
    let found = bytes.count - header.dataStart
    guard !overflow, size == found else {
      throw NPYError(
        "its header claims the shape \(header.shapeText) of \(type), "
          + (overflow ? "beyond any memory" : "\(size) bytes") + ", and \(found) bytes follow")
    }
    let order = header.isFortran && shape.count > 1 ? Self.fortranOrder(shape) : nil
    let data = bytes[header.dataStart...]
    if header.kind == "U" || header.kind == "S" {
      let texts = try (0..<count).map { try Self.text(data, at: (order?[$0] ?? $0), header) }
      values = .texts(texts)
    } else {
      values = .numbers(
        data.withUnsafeBytes { raw in
          (0..<count).map { Self.number(raw, at: (order?[$0] ?? $0) * header.itemSize, header) }
        })
    }
  }

  /// The numbers; nil for text.
  public var numbers: [Double]? { if case .numbers(let values) = values { values } else { nil } }

  /// For each place in C order the place in Fortran order.
  private static func fortranOrder(_ shape: [Int]) -> [Int] {
    let count = shape.reduce(1, *)
    var strides = [1]
    for extent in shape.dropLast() { strides.append(strides.last! * extent) }
    var index = [Int](repeating: 0, count: shape.count)
    return (0..<count).map { _ in
      let place = zip(index, strides).reduce(0) { $0 + $1.0 * $1.1 }
      for axis in shape.indices.reversed() {
        index[axis] += 1
        if index[axis] < shape[axis] { break }
        index[axis] = 0
      }
      return place
    }
  }

  private static func number(_ raw: UnsafeRawBufferPointer, at offset: Int, _ header: NPYHeader) -> Double {
    func whole<I: FixedWidthInteger>(_: I.Type) -> I {
      let value = raw.loadUnaligned(fromByteOffset: offset, as: I.self)
      return header.isBig ? I(bigEndian: value) : I(littleEndian: value)
    }
    switch (header.kind, header.itemSize) {
    case ("b", _): return raw[offset] == 0 ? 0 : 1
    case ("i", 1): return Double(whole(Int8.self))
    case ("i", 2): return Double(whole(Int16.self))
    case ("i", 4): return Double(whole(Int32.self))
    case ("i", _): return Double(whole(Int64.self))
    case ("u", 1): return Double(whole(UInt8.self))
    case ("u", 2): return Double(whole(UInt16.self))
    case ("u", 4): return Double(whole(UInt32.self))
    case ("u", _): return Double(whole(UInt64.self))
    case ("f", 4): return Double(Float(bitPattern: whole(UInt32.self)))
    default: return Double(bitPattern: whole(UInt64.self))
    }
  }

  private static func text(_ data: ArraySlice<UInt8>, at index: Int, _ header: NPYHeader) throws -> String {
    let start = data.startIndex + index * header.itemSize
    let bytes = data[start..<start + header.itemSize]
    if header.kind == "S" { return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
    var text = ""
    for place in stride(from: bytes.startIndex, to: bytes.endIndex, by: 4) {
      let four = bytes[place..<place + 4]
      let code = (header.isBig ? Array(four) : four.reversed()).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      if code == 0 { break }
      guard let scalar = Unicode.Scalar(code) else {
        throw NPYError("its text holds \(code), which is no character")
      }
      text.unicodeScalars.append(scalar)
    }
    return text
  }
}

/// What is wrong with an array file; the caller adds the name of the file.
public struct NPYError: Error, CustomStringConvertible, Equatable, Sendable {
  public var description: String
  public init(_ description: String) { self.description = description }
}

/// The header of an NPY file: `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }`.
struct NPYHeader {
  var type: String
  var kind: Character
  var itemSize: Int
  var isBig: Bool
  var isFortran: Bool
  var shape: [Int]
  var dataStart: Int

  var shapeText: String {
    "(" + shape.map { "\($0)" }.joined(separator: ", ") + (shape.count == 1 ? ",)" : ")")
  }

  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  private static let longest = 65_536

  init(_ bytes: [UInt8]) throws {
    guard bytes.starts(with: Self.magic), bytes.count >= 12 else {
      if bytes.first == 0x80 { throw NPYError("it is a pickle, not an array; write it with numpy.save") }
      throw NPYError("it does not begin as an NPY file does; write it with numpy.save")
    }
    let version = bytes[6]
    guard (1...3).contains(version) else {
      throw NPYError("it has NPY version \(version); 1 to 3 can be read")
    }
    let lengthSize = version == 1 ? 2 : 4
    let length = bytes[8..<8 + lengthSize].reversed().reduce(0) { $0 << 8 | Int($1) }
    dataStart = 8 + lengthSize + length
    guard length <= Self.longest, dataStart <= bytes.count else {
      throw NPYError("its header of \(length) bytes is cut off or too long")
    }
    let text = String(decoding: bytes[(8 + lengthSize)..<dataStart], as: UTF8.self)
    func damaged(_ what: String) -> NPYError {
      NPYError("its header does not say \(what): \(text.prefix(80))")
    }
    guard let descr = text.firstMatch(of: /'descr'\s*:\s*'([^']*)'/) else {
      if text.contains("'descr'") { throw NPYError("it holds records; plain numbers are wanted") }
      throw damaged("what type it has")
    }
    type = String(descr.1)
    guard let order = text.firstMatch(of: /'fortran_order'\s*:\s*(True|False)/) else {
      throw damaged("in which order it is")
    }
    isFortran = order.1 == "True"
    guard let extents = text.firstMatch(of: /'shape'\s*:\s*\(([0-9, L]*)\)/) else {
      throw damaged("its shape")
    }
    let words = extents.1.split(whereSeparator: { ", L".contains($0) })
    shape = words.compactMap { Int($0) }
    guard shape.count == words.count, shape.count <= 8 else { throw damaged("a possible shape") }
    guard let parts = type.wholeMatch(of: /([<>|=]?)([a-zA-Z])([0-9]*)/) else {
      throw damaged("a known type")
    }
    isBig = parts.1 == ">"
    kind = parts.2.first!
    let number = Int(parts.3) ?? 0
    itemSize = kind == "U" ? 4 * number : number
    switch (kind, number) {
    case ("b", 1), ("i", 1), ("i", 2), ("i", 4), ("i", 8), ("u", 1), ("u", 2), ("u", 4), ("u", 8), ("f", 4),
      ("f", 8):
      break
    case ("U", 0...4096), ("S", 0...16_384): break
    case ("O", _):
      throw NPYError(
        "it holds Python objects (pickles), which are never read; make it an array of numbers with numpy.asarray"
      )
    default:
      throw NPYError("its type is '\(type)'; wanted: float64, float32, whole numbers, bool or text")
    }
  }
}

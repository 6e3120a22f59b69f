import MPI
import Model
import ResultStore

/// What the fields of messages add to the bytes of plain values; an absent record is one 0 byte.
extension ByteWriter {
  mutating func cell(_ value: CellNumber) { int(value.value) }
  mutating func record(_ value: EncodedRecord) {
    byte(value.kind.rawValue)
    int(value.shape.degree)
    int(value.shape.weightDegree)
    byte(UInt8(value.shape.layers.reduce(0) { $0 | 1 << Layer.allCases.firstIndex(of: $1)! }))
    raw(value.bytes)
  }
  mutating func optional(_ value: EncodedRecord?) {
    byte(value == nil ? 0 : 1)
    if let value { record(value) }
  }
}

extension ByteReader {
  mutating func cell() throws -> CellNumber { CellNumber(try int()) }
  mutating func ints() throws -> [Int] { try (0..<count(of: 8)).map { _ in try int() } }
  mutating func doubles() throws -> [Double] { try (0..<count(of: 8)).map { _ in try double() } }
  mutating func records() throws -> [EncodedRecord] { try (0..<count(of: 26)).map { _ in try record() } }
  mutating func record() throws -> EncodedRecord {
    let number = try byte()
    guard let kind = RecordKind(rawValue: number) else {
      throw MessageError(description: "no record kind has number \(number)")
    }
    let (degree, weightDegree, layers) = (try int(), try int(), try byte())
    let shape = RuleShape(
      degree: degree, weightDegree: weightDegree,
      layers: Layer.allCases.enumerated().filter { layers & 1 << $0.offset != 0 }.map(\.element))
    return EncodedRecord(kind: kind, shape: shape, bytes: try raw())
  }
  mutating func optional() throws -> EncodedRecord? { try byte() == 0 ? nil : try record() }
}

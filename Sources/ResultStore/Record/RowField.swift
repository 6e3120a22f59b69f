import Model

/// One field of a kind of record, said once: its name and type in the file, and its place in the Swift value. The
/// layout of shards, encoding, decoding and the columns of `export` all come from the list of these.
public struct RowField<Row>: Sendable {
  typealias Path<Value> = WritableKeyPath<Row, Value> & Sendable

  let name: String
  let type: FieldType
  /// The first version of the record that has it; later versions add fields at the end.
  let since: UInt8
  let highestCode: UInt8?
  /// Elements of a list, bytes of a text, by the number of coefficients P; nil for a scalar.
  let count: @Sendable (_ coefficients: Int) -> Int?
  let put: @Sendable (Row, inout [UInt8], RecordField) -> Void
  let get: @Sendable (inout Row, RecordView, RecordField) throws -> Void
  /// Fills the field of a row whose record is of an earlier version.
  let complete: @Sendable (inout Row) -> Void
  let column: @Sendable ([Row]) -> ColumnTable.Column

  var isList: Bool { type == .real && count(1) != nil }
}

extension RowField {
  /// A number or a code.
  init<Value: FieldValue>(_ name: String, _ path: Path<Value>, since: UInt8 = 1) {
    self.init(name, path, since: since, size: nil)
  }

  /// A count from 0 on that may be missing, which is -1 in the file.
  init(_ name: String, count path: Path<Int?>) {
    self.init(
      name: name, type: .signed, since: 1, highestCode: nil, count: { _ in nil },
      put: { row, bytes, place in Int32(row[keyPath: path] ?? -1).store(&bytes, at: place) },
      get: { row, view, place in
        let count = Int(Int32.load(view, at: place))
        row[keyPath: path] = count < 0 ? nil : count
      },
      complete: { _ in }, column: { rows in .integers(rows.map { $0[keyPath: path] ?? -1 }) })
  }

  /// A text of at most `size` bytes.
  init(_ name: String, _ path: Path<String>, size: Int) { self.init(name, path, since: 1, size: size) }

  private init<Value: FieldValue>(_ name: String, _ path: Path<Value>, since: UInt8, size: Int?) {
    self.init(
      name: name, type: Value.fieldType, since: since, highestCode: Value.highestCode, count: { _ in size },
      put: { row, bytes, place in row[keyPath: path].store(&bytes, at: place) },
      get: { row, view, place in row[keyPath: path] = try Value.load(view, at: place) },
      complete: { _ in }, column: { rows in Value.column(rows.map { $0[keyPath: path] }) })
  }

  /// A list, or the part of a list that one version of the record added; parts come in the order of the list.
  init(_ name: String, _ path: Path<[Double]>, _ part: ListPart, since: UInt8 = 1) {
    self.init(
      name: name, type: .real, since: since, highestCode: nil, count: { part.range($0).count },
      put: { row, bytes, place in
        let list = row[keyPath: path]
        let range = part.range(max(0, list.count - part.others))
        invariant(
          range.count == place.count && range.upperBound <= list.count,
          "a list of \(list.count) numbers does not fit the field \(place.description)")
        for (index, value) in list[range].enumerated() {
          bytes.store(value.bitPattern, at: place.offset + 8 * index)
        }
      },
      get: { row, view, place in row[keyPath: path] += view.reals(of: place) },
      complete: { row in row[keyPath: path] += part.standard },
      column: { rows in .curves(rows.flatMap { $0[keyPath: path] }, width: part.range(0).count) })
  }

  /// The part of several lists, one after the other, that one version of the record added: of the coordinates of
  /// constants.
  init(_ name: String, ends paths: [Path<[Double]>], _ part: ListPart, since: UInt8) {
    let length = part.standard.count
    self.init(
      name: name, type: .real, since: since, highestCode: nil, count: { _ in paths.count * length },
      put: { row, bytes, place in
        let values = paths.flatMap { path in
          let list = row[keyPath: path]
          let start = part.range(0).lowerBound + max(0, list.count - part.others)
          return list[start..<start + length]
        }
        for (index, value) in values.enumerated() {
          bytes.store(value.bitPattern, at: place.offset + 8 * index)
        }
      },
      get: { row, view, place in
        let values = view.reals(of: place)
        for (number, path) in paths.enumerated() {
          row[keyPath: path] += values[number * length..<(number + 1) * length]
        }
      },
      complete: { row in
        // The coordinate of a mechanism that is off.
        for path in paths { row[keyPath: path] += Array(repeating: 0, count: length) }
      }, column: { _ in .curves([], width: 0) })
  }
}

/// Which part of a list a field holds.
struct ListPart: Sendable {
  /// Places in the list, by the number of coefficients P.
  let range: @Sendable (_ coefficients: Int) -> Range<Int>
  /// How many numbers of the whole list are no coefficients: its count less P.
  let others: Int
  /// The values of the part for records of a version that lacks it.
  let standard: [Double]

  /// All of a list with an entry for every coefficient.
  static let coefficients = ListPart(range: { 0..<$0 }, others: 0, standard: [])
  /// All of a list of so many numbers, whatever the degree.
  static func fixed(_ count: Int) -> ListPart {
    ListPart(range: { _ in 0..<count }, others: count, standard: [])
  }
  /// The constants that version 1 knew.
  static let firstConstants = ListPart(
    range: { _ in 0..<RecordSchema.firstConstants }, others: LocalConstant.allCases.count, standard: [])
  /// Those that a later version added.
  static func constants(since version: UInt8) -> ListPart {
    let range =
      RecordSchema.constants(through: version - 1)..<RecordSchema.constants(through: version)
    return ListPart(
      range: { _ in range }, others: LocalConstant.allCases.count,
      standard: LocalConstant.allCases[range].map(\.declaration.standard))
  }
  /// Of the parameters, theta and then the constants, those that version 1 knew.
  static let firstParameters = ListPart(
    range: { 0..<$0 + RecordSchema.firstConstants }, others: LocalConstant.allCases.count, standard: [])
}

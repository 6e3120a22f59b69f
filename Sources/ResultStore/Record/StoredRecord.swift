import Model

/// A kind of record as a Swift value, made of the fields in its list. Encoding is exact: decoding gives every bit back,
/// NaN payloads included.
public protocol StoredRecord: Sendable {
  static var kind: RecordKind { get }
  /// In the order of the bytes: 4-byte numbers first, so that little padding is needed. Later versions add fields at
  /// the end, so that the fields of an earlier one stay where they were.
  static var fields: [RowField<Self>] { get }
  var cell: UInt64 { get }
  /// A record in which counts are 0, lists empty and other numbers NaN.
  init(cell: UInt64)
}

extension StoredRecord {
  /// A record of `cell` with the fields that `fill` gives a value; the others are as in a new record.
  public init(cell: UInt64, _ fill: (inout Self) throws -> Void) rethrows {
    self.init(cell: cell)
    try fill(&self)
  }

  /// - Parameter shape: of the cell's rule; lists by coefficient hold P numbers. Texts are cut to their room.
  public func encoded(shape: RuleShape) -> EncodedRecord {
    let schema = RecordSchema.of(Self.kind, shape: shape)
    var bytes = schema.blank(cell: cell)
    for (field, place) in zip(Self.fields, schema.payload) { field.put(self, &bytes, place) }
    return EncodedRecord(kind: Self.kind, shape: shape, bytes: bytes)
  }

  /// The record in `view`, which must be of this kind, of any version this program knows.
  ///
  /// - Parameter lists: false to leave lists empty, which saves their allocation.
  /// - Throws: `StoreError` (damaged) for a code this program does not know.
  public init(_ view: RecordView, lists: Bool = true) throws {
    invariant(view.schema.kind == Self.kind, "a \(view.schema.kind) record was read as a \(Self.kind) record")
    self.init(cell: view.cell)
    var next = 0
    for field in Self.fields {
      if field.since > view.schema.version {
        field.complete(&self)
      } else {
        if lists || !field.isList { try field.get(&self, view, view.schema.payload[next]) }
        next += 1
      }
    }
  }

  public init(_ record: EncodedRecord) throws { self = try record.withView { try Self($0) } }

  /// The columns of these names, in this order.
  static func columns(_ names: [String], of rows: [Self]) -> [(name: String, column: ColumnTable.Column)] {
    names.map { name in
      guard let field = fields.first(where: { $0.name == name }) else {
        brokenInvariant("\(kind) records have no field \(name)")
      }
      return (name, field.column(rows))
    }
  }
}

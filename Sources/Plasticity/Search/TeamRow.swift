/// A value that members of a team send each other, written and read by one list of its fields.
public protocol TeamRow: Sendable {
  /// A row without content, for `fields` to fill.
  init()
  static var fields: [TeamField<Self>] { get }
}

/// One field of a row, as numbers. Lists and values that may be missing are sent with their length, so rows need no common
/// width.
public struct TeamField<Row> {
  let write: (Row, inout [Double]) -> Void
  let read: (inout Row, inout ArraySlice<Double>) -> Void

  public static func number(_ path: WritableKeyPath<Row, Double>) -> Self {
    Self(write: { $1.append($0[keyPath: path]) }, read: { $0[keyPath: path] = $1.removeFirst() })
  }

  public static func flag(_ path: WritableKeyPath<Row, Bool>) -> Self {
    Self(
      write: { $1.append($0[keyPath: path] ? 1 : 0) }, read: { $0[keyPath: path] = $1.removeFirst() != 0 })
  }

  public static func numbers(_ path: WritableKeyPath<Row, [Double]>) -> Self {
    Self(
      write: { row, numbers in
        numbers.append(Double(row[keyPath: path].count))
        numbers += row[keyPath: path]
      },
      read: { row, numbers in
        let count = Int(numbers.removeFirst())
        row[keyPath: path] = Array(numbers.prefix(count))
        numbers.removeFirst(count)
      })
  }

  public static func optionalNumbers(_ path: WritableKeyPath<Row, [Double]?>) -> Self {
    Self(
      write: { row, numbers in
        numbers.append(Double(row[keyPath: path]?.count ?? -1))
        numbers += row[keyPath: path] ?? []
      },
      read: { row, numbers in
        let count = Int(numbers.removeFirst())
        row[keyPath: path] = count < 0 ? nil : Array(numbers.prefix(count))
        numbers.removeFirst(max(0, count))
      })
  }

  public static func optionalNumber(_ path: WritableKeyPath<Row, Double?>) -> Self {
    Self(
      write: { row, numbers in numbers += row[keyPath: path].map { [1, $0] } ?? [0] },
      read: { row, numbers in row[keyPath: path] = numbers.removeFirst() == 0 ? nil : numbers.removeFirst() })
  }

  /// - Precondition: the count is exact in Double, below 2^53.
  public static func optionalCount(_ path: WritableKeyPath<Row, Int?>) -> Self {
    Self(
      write: { row, numbers in numbers += row[keyPath: path].map { [1, Double($0)] } ?? [0] },
      read: { row, numbers in
        row[keyPath: path] = numbers.removeFirst() == 0 ? nil : Int(numbers.removeFirst())
      })
  }
}

extension TeamRow {
  func write(to numbers: inout [Double]) { for field in Self.fields { field.write(self, &numbers) } }

  /// Takes the next row off the front of `numbers`.
  init(from numbers: inout ArraySlice<Double>) {
    self.init()
    for field in Self.fields { field.read(&self, &numbers) }
  }
}

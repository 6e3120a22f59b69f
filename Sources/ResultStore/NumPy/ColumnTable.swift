/// Named columns of equal length, on their way to an NPZ or CSV file.
struct ColumnTable {
  enum Column {
    case text([String])
    case integers([Int])
    case reals([Double])
    /// Rows of `width` numbers.
    case curves([Double], width: Int)
  }

  /// In order.
  var columns: [(name: String, column: Column)]
  var rows: Int

  /// Settings as numbers if all of them are, else as text.
  static func column(_ values: [ManifestValue]) -> Column {
    let integers = values.compactMap(\.integer)
    if integers.count == values.count, !values.isEmpty { return .integers(integers) }
    let numbers = values.compactMap(\.number)
    if numbers.count == values.count, !values.isEmpty { return .reals(numbers) }
    return .text(values.map(\.description))
  }

  /// An archive with one array a column, rows first; curves have shape (rows, 20).
  /// - Throws: `StoreError` (usage) beyond 4 GiB.
  func npz() throws -> [UInt8] {
    var archive = NPZArchive()
    for (name, column) in columns {
      switch column {
      case .text(let values): try archive.add(name, NPYArray(values))
      case .integers(let values): try archive.add(name, NPYArray(values, shape: [values.count]))
      case .reals(let values): try archive.add(name, NPYArray(values, shape: [values.count]))
      case .curves(let values, let width):
        try archive.add(name, NPYArray(values, shape: [rows, width]))
      }
    }
    return archive.finished()
  }

  /// One line a row after a line of names; numbers in the shortest form that reads back to the same bits,
  /// `nan` for none. Curves are left out.
  func csv() -> String {
    var names: [String] = []
    var cells: [[String]] = []
    for (name, column) in columns {
      switch column {
      case .text(let values): cells.append(values.map(Self.quoted))
      case .integers(let values): cells.append(values.map { "\($0)" })
      case .reals(let values): cells.append(values.map { "\($0)" })
      case .curves: continue
      }
      names.append(Self.quoted(name))
    }
    var text = names.joined(separator: ",") + "\n"
    for row in 0..<rows { text += cells.map { $0[row] }.joined(separator: ",") + "\n" }
    return text
  }

  /// Writes the table, NPZ or CSV by the end of the name, whole or not at all.
  func write(to path: String, files: any FileLayer = SystemFiles()) throws {
    try OutputFile.write(path.hasSuffix(".npz") ? try npz() : Array(csv().utf8), to: path, files: files)
  }

  /// A field as RFC 4180 has it.
  private static func quoted(_ field: String) -> String {
    guard field.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return field }
    return "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }
}

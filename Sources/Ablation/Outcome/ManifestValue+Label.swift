import ResultStore

/// How tables name, choose and order the values of settings.
extension ManifestValue {
  /// As in a sweep file, except that a list of tasks is `a+b`, and the task of a file goes by its name.
  package var label: String {
    guard case .list(let values) = self, !values.isEmpty else { return TaskIdentity.shown(description) }
    let names = values.compactMap(\.string)
    return TaskIdentity.shown(names.count == values.count ? names.joined(separator: "+") : description)
  }

  /// True where a user who writes `text` means this value: numbers compare as numbers (`3` is `3.0`).
  func matches(_ text: String) -> Bool {
    if case .number(let number) = self { return Double(text) == number }
    return label == text || description == text
  }

  /// The distinct values in the order of rows and columns: all numbers ascending; otherwise as they first
  /// appear, which is the order of the sweep file.
  static func ordered(_ values: some Sequence<ManifestValue>) -> [ManifestValue] {
    var seen: Set<ManifestValue> = []
    let distinct = values.filter { seen.insert($0).inserted }
    return distinct.allSatisfy { $0.number != nil } ? distinct.sorted() : distinct
  }
}

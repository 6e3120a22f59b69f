import ResultStore

extension OutcomeSelection {
  /// The names of the folders, in their order; empty where folders are merged.
  var folders: [ManifestValue] {
    ManifestValue.ordered(cells.lazy.map { $0[ResultFolder.setting] }).filter { $0 != .null }
  }

  /// - Parameters:
  ///   - shown: the settings that the table sets out.
  ///   - hidden: settings besides, over which its entries may pool.
  /// - Throws: `AblationError` where an entry would mix folders, and where entries of two folders would pool different
  ///   values of a setting, so that they could not be compared.
  func requireComparableFolders(shown: [String], hidden: [String]) throws {
    let folders = folders
    guard folders.count > 1 else { return }
    let names = folders.map(\.label)
    guard shown.contains(ResultFolder.setting) else {
      throw AblationError(
        "entries would mix the folders \(names.joined(separator: ", ")): name folder as one of the settings that are set "
          + "out, or keep one of them: --where folder=\(names[0])")
    }
    // Entries that differ in the folder alone are read side by side.
    let others = shown.filter { $0 != ResultFolder.setting }
    let groups = Dictionary(grouping: cells) { cell in others.map { cell[$0] } }
    var seen: Set<[ManifestValue]> = []
    let order = cells.map { cell in others.map { cell[$0] } }.filter { seen.insert($0).inserted }
    let inOrder = order.map { groups[$0]! }
    for path in hidden where path != ResultFolder.setting {
      let differing = inOrder.lazy.compactMap { group -> [[ManifestValue]]? in
        let values = folders.map { folder in
          ManifestValue.ordered(group.lazy.filter { $0[ResultFolder.setting] == folder }.map { $0[path] })
        }
        let there = values.filter { !$0.isEmpty }
        let isPooled = there.contains { $0.count > 1 }
        return isPooled && there.contains { Set($0) != Set(there[0]) } ? values : nil
      }
      guard let values = differing.first, let first = values.firstIndex(where: { !$0.isEmpty }),
        let other = values.indices.first(where: {
          !values[$0].isEmpty && Set(values[$0]) != Set(values[first])
        })
      else { continue }
      func text(_ place: Int) -> String { values[place].prefix(5).map(\.label).joined(separator: ", ") }
      let both = values[first].first { Set(values[other]).contains($0) } ?? values[first][0]
      throw AblationError(
        "\(path) is \(text(first)) in \(names[first]) and \(text(other)) in \(names[other]), so entries that pool it could not be "
          + "compared: set \(path) out too, or keep the same values of it, such as --where \(path)=\(both.label)"
      )
    }
  }
}

extension CatalogueTask {
  /// The best of `shortcuts`, the first of equals.
  public var bestShortcut: Shortcut {
    shortcuts.reduce(shortcuts[0]) { $1.accuracy > $0.accuracy ? $1 : $0 }
  }
  public var shortcutPolicy: Policy { bestShortcut.policy }
  public var shortcut: Double { bestShortcut.accuracy }

  /// The accuracy of the likelier answer given what is seen, over equally likely cases.
  static func bestGuess<Seen: Hashable>(_ cases: [(seen: Seen, isUp: Bool)]) -> Double {
    let right = Dictionary(grouping: cases, by: \.seen).values.map { group in
      let up = group.count { $0.isUp }
      return max(up, group.count - up)
    }
    return Double(right.reduce(0, +)) / Double(cases.count)
  }
}

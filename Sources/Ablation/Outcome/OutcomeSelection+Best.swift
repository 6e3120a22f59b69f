import ResultStore

extension OutcomeSelection {
  /// Keeps, of the cells that differ only in the setting at `path` (several starts of one search), the one that did best
  /// on its validation networks, with the lifetimes of all of them.
  ///
  /// The value at `path` becomes `best of n`. While one of the cells has not ended, the best one counts as unfinished.
  /// Failed cells are never the best, but their lifetimes count.
  /// - Throws: `AblationError` for a path that no cell has, and for cells without validation.
  public func best(of path: String) throws -> OutcomeSelection {
    try requirePath(path)
    let identifying = varyingPaths().filter { $0 != path }
    var order: [[ManifestValue]] = []
    var groups: [[ManifestValue]: [CellOutcome]] = [:]
    for cell in cells {
      let identity = identifying.map { cell[$0] }
      if groups[identity] == nil { order.append(identity) }
      groups[identity, default: []].append(cell)
    }
    var result = self
    result.cells = try order.map { try Self.best(groups[$0]!, path: path) }
    return result
  }

  private static func best(_ group: [CellOutcome], path: String) throws -> CellOutcome {
    if let mute = group.first(where: { $0.counts && $0.validationReward == nil }) {
      throw AblationError(
        "cell \(CellOutcome.print(key: mute.key)) has no validation reward, by which the best of \(path) is chosen: "
          + "leave --best-of out")
    }
    var chosen =
      group.first { $0.status == .unfinished }
      ?? group.filter(\.counts).max { $0.validationReward! < $1.validationReward! } ?? group[0]
    chosen.searchLifetimes = group.reduce(0) { $0 + $1.searchLifetimes }
    chosen.lifetimes = group.reduce(0) { $0 + $1.lifetimes }
    chosen.gigaflop = group.reduce(0) { $0 + $1.gigaflop }
    var settings = chosen.settings.all
    settings[path] = .string("best of \(group.count)")
    chosen.settings = CellSettings(settings)
    return chosen
  }
}

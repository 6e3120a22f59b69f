import ResultStore

/// A filter on a setting: the cells whose value at `path` is one of `values`.
public struct SettingFilter: Sendable, Equatable {
  public var path: String
  public var values: [String]

  /// Reads `path=value` or `path=value|value`.
  public init(parsing text: String) throws {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
      throw AblationError(
        "--where \(text): a filter is PATH=VALUE or PATH=VALUE|VALUE, "
          + "for example --where task=cue-association"
      )
    }
    path = String(parts[0])
    values = parts[1].split(separator: "|").map(String.init)
  }
}

/// The cells of one or several result folders, with their settings.
public struct OutcomeSelection: Sendable {
  public var cells: [CellOutcome]

  /// - Parameter cells: of all folders, in order. The same key twice counts once, unless `folder` tells the two apart: the
  ///   same configuration gives the same result, so the copy that got furthest (done, diverged, failed, unfinished) is
  ///   kept.
  public init(merging cells: [CellOutcome]) {
    var place: [CellOutcome.Identity: Int] = [:]
    place.reserveCapacity(cells.count)
    var kept: [CellOutcome] = []
    kept.reserveCapacity(cells.count)
    func progress(_ status: CellOutcome.Status) -> Int {
      switch status {
      case .done: 3
      case .diverged: 2
      case .failed: 1
      case .unfinished: 0
      }
    }
    for cell in cells {
      if let index = place[cell.identity] {
        if progress(cell.status) > progress(kept[index].status) { kept[index] = cell }
      } else {
        place[cell.identity] = kept.count
        kept.append(cell)
      }
    }
    self.cells = kept
  }

  /// The paths that take more than one value, sorted.
  public func varyingPaths() -> [String] {
    guard let first = cells.first?.settings else { return [] }
    // What the cells of a folder share is stored once, so only their own settings and what differs between
    // folders need a look at every cell.
    var candidates: Set<String> = []
    var shared = [first.common]
    for cell in cells {
      candidates.formUnion(cell.settings.own.keys)
      if !shared.contains(cell.settings.common) { shared.append(cell.settings.common) }
    }
    for common in shared.dropFirst() {
      for path in Set(common.keys).union(shared[0].keys) where common[path] != shared[0][path] {
        candidates.insert(path)
      }
    }
    return candidates.filter { path in
      let value = first[path]
      return cells.contains { $0.settings[path] != value }
    }.sorted()
  }

  /// The cells that pass every filter.
  /// - Throws: `AblationError` for an unknown path or a filter that no cell passes; it lists the values that cells
  ///   have.
  public func filtered(_ filters: [SettingFilter]) throws -> OutcomeSelection {
    var rest = self
    for filter in filters {
      try rest.requirePath(filter.path)
      let passing = rest.cells.filter { cell in filter.values.contains { cell[filter.path].matches($0) } }
      guard !passing.isEmpty else {
        let seen = ManifestValue.ordered(rest.cells.map { $0[filter.path] }).map(\.label)
        throw AblationError(
          "--where \(filter.path)=\(filter.values.joined(separator: "|")): no cell has it; "
            + "\(filter.path) is \(seen.prefix(20).joined(separator: ", "))")
      }
      rest.cells = passing
    }
    return rest
  }

  /// - Throws: `AblationError` if no cell has a setting at this path; it lists the paths that vary.
  public func requirePath(_ path: String) throws {
    guard !cells.isEmpty else { throw AblationError("there are no cells in these folders") }
    if cells.contains(where: { $0.settings[path] != nil }) { return }
    let varying = varyingPaths()
    throw AblationError(
      "\(path) is no setting of these cells; settings that vary here: "
        + (varying.isEmpty ? "none" : varying.joined(separator: ", ")))
  }
}

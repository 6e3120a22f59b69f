/// What a result folder must hold by its own word: the one check of every command that reads one, and of `verify`.
///
/// - A cell with a result has every iteration and evaluation record that the result counts.
/// - Every record is of a cell that the plan has or had.
/// - No result is gone that the end of a launch counted.
///
/// A cell without a result may hold anything: it is being computed, or the next run goes on with it.
struct StoreCheck {
  /// A line for every cell that lacks records.
  private(set) var incomplete: [String] = []
  /// Lines about results that are gone, and about records of unknown cells.
  private(set) var others: [String] = []

  /// - Parameter plan: nil where there is none to check against.
  init(_ histories: [UInt64: CellHistory], against plan: SweepManifest?) {
    var cells: [UInt64: ManifestCell] = [:]
    for cell in plan?.cells ?? [] { cells[cell.key] = cell }
    for (key, history) in histories.sorted(by: { $0.key < $1.key })
    where history.status != nil && !history.isComplete {
      incomplete.append("cell \(hex(key)): " + history.shortfall(of: cells[key]))
    }
    guard let plan else { return }
    let known = Set(plan.retired).union(cells.keys)
    let strangers = histories.keys.filter { !known.contains($0) }.sorted()
    if !strangers.isEmpty {
      others.append(
        "records of \(Self.count(strangers.count, "cell")) that sweep.json does not have (\(Self.names(strangers))): "
          + "it is not the plan they were stored under; the next `trifactor run` takes note of them")
    }
    let counted = plan.launches.compactMap(\.results).max() ?? 0
    let stored = histories.values.count { $0.status != nil }
    if stored < counted {
      let without = plan.cells.map(\.key).filter { histories[$0]?.status == nil }
      others.append(
        "\(Self.count(counted, "result")) had been stored when a launch ended, and there are \(stored): result records "
          + "are missing" + (without.isEmpty ? "" : " (cells without one: \(Self.names(without)))")
          + "; the same `trifactor run` again computes them from what is left")
    }
  }

  /// The error of a command that only reads; nil where nothing is missing.
  func error(_ folder: StoreFolder) -> StoreError? {
    incompleteError(folder) ?? others.first.map { StoreError(.damaged, "\(folder.path): \($0)") }
  }

  /// The same for cells that lack records alone.
  func incompleteError(_ folder: StoreFolder) -> StoreError? {
    guard !incomplete.isEmpty else { return nil }
    let shown = incomplete.prefix(Self.shown).joined(separator: "; ")
    let rest = incomplete.count > Self.shown ? "; and \(incomplete.count - Self.shown) cells more" : ""
    return StoreIndex.damage(folder.shards, shown + rest, folder)
  }

  private static let shown = 3

  private static func names(_ keys: [UInt64]) -> String {
    keys.prefix(shown).map(hex).joined(separator: ", ") + (keys.count > shown ? ", ..." : "")
  }

  private static func count(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }
}

extension CellHistory {
  /// What is missing of what the result counts: `its result counts ...; missing: ...`.
  func shortfall(of cell: ManifestCell?) -> String {
    var missing: [String] = []
    if iterations < claimedIterations {
      missing.append(
        "iteration \(iterations)" + (iterations + 1 < claimedIterations ? " and later ones" : ""))
    }
    if evaluations < claimedEvaluations {
      // A pair of `evaluate` has one rule, a cell of a sweep three.
      let roles = cell?.settings["evaluate.contender"] == nil ? RuleRole.allCases : [.learned]
      let networks = claimedEvaluations / roles.count
      let gaps = roles.compactMap { role in tally.missing(role, of: networks).map { "\(role) \($0)" } }
      if !gaps.isEmpty { missing.append("networks " + gaps.joined(separator: ", ")) }
    }
    return shortfall + (missing.isEmpty ? "" : "; missing: " + missing.joined(separator: "; "))
  }
}

extension StoreIndex {
  /// What a run needs of a folder it goes on in: whatever is done is whole. Cells that diverged or failed are computed
  /// again where they are not.
  /// - Throws: `StoreError` (damaged).
  func requireWholeCells(_ plan: SweepManifest?) throws {
    let done = cells.filter { $0.value.isSettled }
    if let error = StoreCheck(done, against: plan).incompleteError(folder) { throw error }
  }
}

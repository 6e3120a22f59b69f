import ResultStore

/// What the shards of a result folder say of each cell, as far as tables need it.
struct StoredScores {
  private var results: [UInt64: ResultRecord] = [:]
  private var networks: [UInt64: Networks] = [:]
  /// The metric whose curves are kept; nil for none.
  private let curves: Metric?

  init(curves: Metric? = nil) { self.curves = curves }

  /// Takes note of a record; results come before the evaluations they count.
  mutating func take(_ view: RecordView) throws {
    switch view.schema.kind {
    case .result: results[view.cell] = try ResultRecord(view, lists: false)
    case .evaluation where results[view.cell] != nil:
      let record = try EvaluationRecord(view, lists: curves != nil)
      networks[view.cell, default: Networks()].add(record, curve: curve(of: record))
    case .evaluation, .iteration, .state, .dynamics, .alignment: break
    }
  }

  private func curve(of record: EvaluationRecord) -> NetworkCurve? {
    curves.map { metric in
      NetworkCurve(
        values: metric == .reward ? record.evaluation.rewardCurve : record.evaluation.accuracyCurve,
        divergedAt: record.evaluation.divergedAt)
    }
  }

  /// A planned cell with what became of it.
  func outcome(of cell: ManifestCell) -> CellOutcome {
    let result = results[cell.key]
    let found = networks[cell.key] ?? Networks()
    let status: CellOutcome.Status =
      switch result?.status {
      case .done: .done
      case .diverged: .diverged
      case .failed: .failed
      case nil: .unfinished
      }
    return CellOutcome(
      key: cell.key, settings: cell.settings, status: status, learned: Self.once(found.learned),
      start: Self.once(found.start), none: Self.once(found.none), chance: cell.chance.finite,
      shortcut: cell.shortcut.finite, ceiling: cell.ceiling.finite, lifetimes: result?.lifetimes ?? 0,
      searchLifetimes: result.map { $0.lifetimes - min($0.lifetimes, UInt64($0.evaluations)) } ?? 0,
      validationReward: result?.validationReward.finite, gigaflop: result?.gigaflop ?? 0,
      message: result?.message ?? "")
  }

  /// The evaluations of one cell by role.
  private struct Networks {
    var learned: [NetworkScores] = []
    var start: [NetworkScores] = []
    var none: [NetworkScores] = []

    mutating func add(_ record: EvaluationRecord, curve: NetworkCurve?) {
      var network = NetworkScores(
        network: Int(record.network), trials: Int(record.trials), evaluation: record.evaluation)
      network.curve = curve
      switch record.role {
      case .learned: learned.append(network)
      case .start: start.append(network)
      case .none: none.append(network)
      }
    }
  }

  /// By index, each network once.
  private static func once(_ networks: [NetworkScores]) -> [NetworkScores] {
    // The order in which they are computed, unless a run was interrupted.
    if zip(networks, networks.dropFirst()).allSatisfy({ $0.network < $1.network }) { return networks }
    var kept: [NetworkScores] = []
    kept.reserveCapacity(networks.count)
    for network in networks.sorted(by: { $0.network < $1.network })
    where network.network != kept.last?.network {
      kept.append(network)
    }
    return kept
  }
}

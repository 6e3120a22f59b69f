import ResultStore

/// What tables and comparisons read from result folders.
public struct LoadedOutcomes: Sendable {
  public var selection: OutcomeSelection
  /// Names of the sweeps, in the order of the folders, each once.
  public var sweeps: [String]
  /// Lines for the user: unfinished ends of shards that were left out.
  public var notes: [String]
}

extension LoadedOutcomes {
  /// Reads the cells of one or several result folders, a running sweep's too.
  ///
  /// A cell's networks are taken from its evaluation records, each (role, network) once; they count only when
  /// the cell's result is stored, so a cell that is half evaluated is `unfinished`.
  ///
  /// - Throws: `StoreError` for a folder that is none or is damaged.
  public init(folders: [String]) throws {
    var cells: [CellOutcome] = []
    var names: [String] = []
    var lines: [String] = []
    for folder in folders {
      let reader = try StoreReader(folder) { lines.append($0) }
      if !names.contains(reader.manifest.name) { names.append(reader.manifest.name) }
      cells += try Self.cells(of: reader)
    }
    selection = OutcomeSelection(merging: cells)
    sweeps = names
    notes = lines
  }

  private static func cells(of reader: StoreReader) throws -> [CellOutcome] {
    let results = try reader.results()
    var networks: [UInt64: Networks] = [:]
    networks.reserveCapacity(results.count)
    try reader.forEachEvaluation { record in
      guard results[record.cell] != nil else { return }
      networks[record.cell, default: Networks()].add(record)
    }
    return reader.manifest.cells.map { cell in
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
        key: cell.key, settings: cell.settings, status: status, learned: found.sorted(.learned),
        start: found.sorted(.start), none: found.sorted(.none), chance: cell.chance.finite,
        shortcut: cell.shortcut.finite, ceiling: cell.ceiling.finite, lifetimes: result?.lifetimes ?? 0,
        gigaflop: result?.gigaflop ?? 0, message: result?.message ?? "")
    }
  }

  /// The evaluations of one cell by role.
  private struct Networks {
    private var learned: [NetworkEvaluation] = []
    private var start: [NetworkEvaluation] = []
    private var none: [NetworkEvaluation] = []

    mutating func add(_ record: EvaluationRecord) {
      let network = NetworkEvaluation(
        network: Int(record.network), diverged: record.divergedAt >= 0, trials: Int(record.trials),
        trialsToCriterion: record.trialsToCriterion < 0 ? nil : Int(record.trialsToCriterion),
        reward: record.reward, accuracy: record.accuracy, lateReward: record.lateReward,
        lateAccuracy: record.lateAccuracy, lateIncongruentAccuracy: record.lateIncongruentAccuracy)
      switch record.role {
      case .learned: learned.append(network)
      case .start: start.append(network)
      case .none: none.append(network)
      }
    }

    /// By index, each network once.
    func sorted(_ role: RuleRole) -> [NetworkEvaluation] {
      let all =
        switch role {
        case .learned: learned
        case .start: start
        case .none: none
        }
      var kept: [NetworkEvaluation] = []
      kept.reserveCapacity(all.count)
      for network in all.sorted(by: { $0.network < $1.network }) where network.network != kept.last?.network {
        kept.append(network)
      }
      return kept
    }
  }
}

import ResultStore

/// Two cells that differ in the compared setting alone: same seed, so the same fresh networks, trials and
/// noise.
struct CellPair {
  var value: CellOutcome
  var baseline: CellOutcome
}

/// The pairs between two values of an axis.
struct Pairing {
  var pairs: [CellPair]
  /// Pairs of which a side is missing, failed or has not ended.
  var unpaired: Int
  /// Settings that change together with the axis (zipped in the sweep file), so that the difference may
  /// come from them.
  var entangled: [String]

  /// Pairs cells on every setting that varies, except the axis and what changes with it.
  ///
  /// - Parameters:
  ///   - varying: the paths to pair on; the axis may be among them.
  /// - Throws: `AblationError` if several cells of one side would have the same partner.
  init(
    value: [CellOutcome], baseline: [CellOutcome], axis: String, varying: [String]
  ) throws {
    var matched: [String] = []
    var together: [String] = []
    for path in varying where path != axis && !Self.belongs(path, to: axis) {
      let left = Set(value.map { $0[path] })
      let right = Set(baseline.map { $0[path] })
      if left.isDisjoint(with: right) {
        together.append(path)
      } else {
        matched.append(path)
      }
    }
    let identifying = matched
    let changing = ([axis] + together).joined(separator: ", ")
    func identity(_ cell: CellOutcome) -> [ManifestValue] { identifying.map { cell[$0] } }
    func table(_ cells: [CellOutcome]) throws -> [[ManifestValue]: CellOutcome] {
      var result: [[ManifestValue]: CellOutcome] = [:]
      for cell in cells {
        if let other = result.updateValue(cell, forKey: identity(cell)) {
          throw AblationError(
            "cells \(CellOutcome.print(key: other.key)) and \(CellOutcome.print(key: cell.key)) differ "
              + "only in \(changing), so a pair is not unique: "
              + "choose one of them with --where")
        }
      }
      return result
    }
    let partners = try table(baseline)
    _ = try table(value)
    let found = value.compactMap { cell -> CellPair? in
      guard let partner = partners[identity(cell)], Self.usable(cell), Self.usable(partner) else {
        return nil
      }
      return CellPair(value: cell, baseline: partner)
    }
    pairs = found
    entangled = together
    unpaired = max(value.count, baseline.count) - found.count
  }

  /// Pairs that the caller has made; a pair with a side that does not count is unpaired.
  init(_ given: [CellPair]) {
    pairs = given.filter { Self.usable($0.value) && Self.usable($0.baseline) }
    unpaired = given.count - pairs.count
    entangled = []
  }

  private static func usable(_ cell: CellOutcome) -> Bool {
    cell.counts && (!cell.learned.isEmpty || cell.status == .diverged)
  }

  /// The start rule has one entry per coefficient, so it always changes with the degree.
  private static func belongs(_ path: String, to axis: String) -> Bool {
    axis == "rule.degree" && (path == "rule.theta" || path.hasPrefix("rule.theta."))
  }
}

extension CellPair {
  /// Differences, value minus baseline, on the networks that both cells evaluated, by the network's index. A cell that
  /// diverged before its evaluation has the diverged score on all networks of the other; where both did, the one
  /// difference has no network (-1).
  func networkDifferences(_ metric: Metric) -> [(network: Int, score: Double)] {
    switch (value.learned.isEmpty, baseline.learned.isEmpty) {
    case (true, true):
      return [(-1, metric.divergedScore(of: value) - metric.divergedScore(of: baseline))]
    case (true, false):
      return baseline.learned.map {
        ($0.network, metric.divergedScore(of: value) - metric.score($0, of: baseline))
      }
    case (false, true):
      return value.learned.map {
        ($0.network, metric.score($0, of: value) - metric.divergedScore(of: baseline))
      }
    case (false, false):
      return bothSides.map { ($0.network, metric.score($0, of: value) - metric.score($1, of: baseline)) }
    }
  }

  /// When each side met the criterion, on the networks that both cells evaluated. A side that diverged before its
  /// evaluation never met it on any network of the other.
  var survivals: [(network: Int, value: SurvivalTime, baseline: SurvivalTime)] {
    func never(_ network: NetworkScores) -> SurvivalTime {
      SurvivalTime(Double(network.trials), reached: false)
    }
    switch (value.learned.isEmpty, baseline.learned.isEmpty) {
    case (true, true): return []
    case (true, false): return baseline.learned.map { ($0.network, never($0), Metric.survival($0)) }
    case (false, true): return value.learned.map { ($0.network, Metric.survival($0), never($0)) }
    case (false, false): return bothSides.map { ($0.network, Metric.survival($0), Metric.survival($1)) }
    }
  }

  /// The networks that both cells evaluated, by index.
  private var bothSides: [(NetworkScores, NetworkScores)] {
    let partners = Dictionary(baseline.learned.map { ($0.network, $0) }) { first, _ in first }
    return value.learned.sorted { $0.network < $1.network }.compactMap { network in
      partners[network.network].map { (network, $0) }
    }
  }
}

/// Which fresh networks of a cell are stored, by role: each counts once, however often its record comes.
///
/// Networks are stored nearly in order, since ranks finish some out of turn: those of a role are a stretch from 0 and a
/// few beyond it.
struct EvaluationTally: Sendable, Equatable {
  private var stretches = [Stretch](repeating: Stretch(), count: RuleRole.allCases.count)

  private struct Stretch: Sendable, Equatable {
    /// Networks 0 ..< whole are there.
    var whole: UInt32 = 0
    var beyond: Set<UInt32> = []
  }

  /// - Parameter identity: role and network, as `RecordView.identity` has them.
  /// - Returns: false where this network was there already.
  mutating func insert(_ identity: UInt64) -> Bool {
    let (role, network) = (Int(identity >> 32), UInt32(truncatingIfNeeded: identity))
    // A role this program does not know is refused where the record is decoded.
    guard role < stretches.count else { return true }
    if network == stretches[role].whole {
      stretches[role].whole += 1
      while stretches[role].beyond.remove(stretches[role].whole) != nil { stretches[role].whole += 1 }
      return true
    }
    return network > stretches[role].whole && stretches[role].beyond.insert(network).inserted
  }

  /// Networks `0 ..< networks` of a role that are not there, as `20-59` or `3, 7-9`; nil where all are.
  func missing(_ role: RuleRole, of networks: Int) -> String? {
    let stretch = stretches[Int(role.rawValue)]
    var gaps: [ClosedRange<Int>] = []
    var next = Int(stretch.whole)
    for network in stretch.beyond.sorted() where network < networks {
      if next < network { gaps.append(next...Int(network) - 1) }
      next = Int(network) + 1
    }
    if next < networks { gaps.append(next...networks - 1) }
    return gaps.isEmpty
      ? nil : gaps.prefix(4).map(Self.text).joined(separator: ", ") + (gaps.count > 4 ? ", ..." : "")
  }

  private static func text(_ gap: ClosedRange<Int>) -> String {
    gap.count == 1 ? "\(gap.lowerBound)" : "\(gap.lowerBound)-\(gap.upperBound)"
  }
}

import Dynamics

/// How rules differ dynamically: the summaries of many networks by group (what the sweep compares) and stage.
public struct DynamicsComparison: Sendable {
  public struct Row: Sendable {
    public var group: String
    public var stage: CellDynamics.Stage
    /// Networks that did not diverge, and those that did.
    public var networks: Int
    public var diverged: Int
    public var lateAccuracy: Double
    /// Means over the networks that have the number, NaN where none has; in the order of
    /// `DynamicsSummary.entries`.
    public var values: [Double]
  }

  public let names: [String]
  public private(set) var rows: [Row] = []

  /// - Parameter members: networks with the group they belong to; groups keep the order in which they first appear.
  /// - Precondition: at least one.
  public init(_ members: [(group: String, dynamics: CellDynamics)]) {
    precondition(!members.isEmpty, "there is nothing to compare")
    names = members[0].dynamics.snapshots[0].report!.summary.entries.map(\.name)
    var groups: [String] = []
    for member in members where !groups.contains(member.group) { groups.append(member.group) }
    for group in groups {
      for stage in CellDynamics.Stage.allCases {
        let found = members.filter { $0.group == group }.flatMap(\.dynamics.snapshots).filter {
          $0.stage == stage
        }
        let summaries = found.compactMap { $0.report?.summary.entries.map(\.value) }
        rows.append(
          Row(
            group: group, stage: stage, networks: summaries.count, diverged: found.count - summaries.count,
            lateAccuracy: mean(found.map(\.lateAccuracy)),
            values: names.indices.map { place in mean(summaries.map { $0[place] }) }))
      }
    }
  }
}

/// Mean of the values that are not NaN.
private func mean(_ values: [Double]) -> Double {
  let known = values.filter { !$0.isNaN }
  return known.isEmpty ? .nan : known.reduce(0, +) / Double(known.count)
}

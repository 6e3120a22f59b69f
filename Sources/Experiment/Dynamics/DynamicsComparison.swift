import Dynamics
import Model
import ResultStore

/// How rules differ dynamically: the stored records of many networks by group (what the sweep compares) and stage.
public struct DynamicsComparison: Sendable {
  public struct Row: Sendable {
    public var group: String
    public var stage: DynamicsStage
    /// Networks that did not diverge, and those that did.
    public var networks: Int
    public var diverged: Int
    public var lateAccuracy: Double
    /// Means over the networks that have the number, NaN if none has; in the order of `DynamicsSummary.names`.
    public var values: [Double]
  }

  public private(set) var rows: [Row] = []

  /// - Parameter members: the records of one network each, with the group it belongs to; groups keep the order in which
  ///   they first appear.
  public init(_ members: [(group: String, records: [DynamicsRecord])]) {
    var groups: [String] = []
    for member in members where !groups.contains(member.group) { groups.append(member.group) }
    for group in groups {
      let own = members.filter { $0.group == group }.map(\.records)
      for stage in DynamicsStage.allCases {
        // A network counts with the mean over its conditions, without the stage of no input.
        let networks = own.map { $0.filter { $0.stage == stage && $0.condition >= 0 } }.filter { !$0.isEmpty }
        let whole = networks.filter { $0[0].divergedAt < 0 }
        rows.append(
          Row(
            group: group, stage: stage, networks: whole.count, diverged: networks.count - whole.count,
            lateAccuracy: networks.map { $0[0].lateAccuracy }.filter { !$0.isNaN }.mean(),
            values: DynamicsSummary(meanOf: whole.map { DynamicsSummary(meanOf: $0.map(\.summary)) }).values))
      }
    }
  }
}

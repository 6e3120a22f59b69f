import Ablation
import Dynamics
import Experiment
import Model
import ResultStore

/// What learning does to the fixed points of fresh networks, by two settings: means over networks with 95 % bootstrap
/// intervals, from what `trifactor dynamics` has stored. A network counts by the mean over its conditions and their
/// analysed points; no input is left out.
public struct DynamicsTable: Sendable {
  package let layout: TableLayout
  public let resamples: Int
  /// Row by row; entries of which nothing is stored are left out.
  public let entries: [Entry]

  public struct Entry: Sendable, Equatable, Encodable {
    public var row: ManifestValue
    public var column: ManifestValue
    public var stages: [Stage]
  }

  public struct Stage: Sendable, Equatable, Encodable {
    public var stage: String
    /// Networks that did not diverge, and those that did.
    public var networks: Int
    public var diverged: Int
    /// By the names of `DynamicsSummary`; what no network has is left out.
    public var numbers: [String: NetworkMean]
  }

  /// - Parameter folders: a network that several hold is taken from the first.
  /// - Throws: `AblationError` as `AblationTable` and where nothing is stored; `StoreError` for a folder that is none or
  ///   is damaged.
  public init(_ request: TableRequest, folders: [ResultFolder], of all: OutcomeSelection) throws {
    layout = try TableLayout(request, of: all)
    resamples = request.resamples
    var stored: [CellOutcome.Identity: [UInt32: [DynamicsRecord]]] = [:]
    for folder in folders {
      for (key, records) in try StoreReader(folder.path).dynamics() {
        stored[CellOutcome.Identity(key: key, folder: folder.name), default: [:]].merge(
          Dictionary(grouping: records, by: \.network)
        ) { first, _ in first }
      }
    }
    entries = layout.entries.compactMap { entry in
      let networks = entry.cells.sorted { $0.key < $1.key }.map(\.identity).flatMap { key in
        (stored[key] ?? [:]).sorted { $0.key < $1.key }.map(\.value)
      }
      guard !networks.isEmpty else { return nil }
      return Entry(
        row: entry.row, column: entry.column,
        stages: DynamicsStage.allCases.map { Stage($0, of: networks, resamples: request.resamples) })
    }
    guard !entries.isEmpty else { throw AblationError(DynamicsRecord.missing(in: folders.map(\.path))) }
  }
}

extension DynamicsTable.Stage {
  fileprivate init(_ stage: DynamicsStage, of networks: [[DynamicsRecord]], resamples: Int) {
    let own = networks.map { $0.filter { $0.stage == stage && $0.condition >= 0 } }.filter { !$0.isEmpty }
    let whole = own.filter { $0[0].divergedAt < 0 }
    let summaries = whole.map { DynamicsSummary(meanOf: $0.map(\.summary)).values }
    self.stage = "\(stage)"
    self.networks = whole.count
    diverged = own.count - whole.count
    numbers = [:]
    for (place, name) in DynamicsSummary.names.enumerated() {
      numbers[name] = NetworkMean(summaries.map { $0[place] }, resamples: resamples)
    }
  }
}

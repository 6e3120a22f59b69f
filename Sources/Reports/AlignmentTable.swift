import Ablation
import Experiment
import Model
import ResultStore

/// Whether learners move W uphill, beside how well they end, by two settings: means over networks with 95 % bootstrap
/// intervals, from what `evaluate --alignment` has stored.
public struct AlignmentTable: Sendable {
  package let layout: TableLayout
  public let resamples: Int
  /// Row by row; entries of which nothing is stored are left out.
  public let entries: [Entry]

  public struct Entry: Sendable, Equatable, Encodable {
    public var row: ManifestValue
    public var column: ManifestValue
    /// All networks, and those of them whose lifetime diverged.
    public var networks: Int
    public var diverged: Int
    /// By the names of `AlignmentSummary`; what no network has is left out.
    public var numbers: [String: NetworkMean]
    /// Along the lifetime.
    public var points: [Point]
  }

  /// One of the points that networks share.
  public struct Point: Sendable, Equatable, Encodable {
    /// Trials before it.
    public var trial: Int
    /// By the names of `AlignmentTable.pointNumbers`.
    public var numbers: [String: NetworkMean]
  }

  /// What a point has a mean of.
  public static let pointNumbers = ["cosine", "reward"]

  /// - Parameter folders: a network that several hold is taken from the first.
  /// - Throws: `AblationError` as `AblationTable` and where nothing is stored; `StoreError` for a folder that is none or
  ///   is damaged.
  public init(_ request: TableRequest, folders: [ResultFolder], of all: OutcomeSelection) throws {
    layout = try TableLayout(request, of: all)
    resamples = request.resamples
    var stored: [CellOutcome.Identity: [UInt32: [AlignmentRecord]]] = [:]
    for folder in folders {
      for (key, records) in try StoreReader(folder.path).kept(AlignmentRecord.self) {
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
      return Entry(entry.row, entry.column, of: networks, resamples: request.resamples)
    }
    guard !entries.isEmpty else { throw AblationError(AlignmentRecord.missing(in: folders.map(\.path))) }
  }
}

extension AlignmentTable.Entry {
  /// - Parameter networks: the records of each.
  init(_ row: ManifestValue, _ column: ManifestValue, of networks: [[AlignmentRecord]], resamples: Int) {
    self.row = row
    self.column = column
    self.networks = networks.count
    diverged = networks.count { $0[0].divergedAt >= 0 }
    let summaries = networks.map { AlignmentSummary($0).values }
    numbers = [:]
    for (place, name) in AlignmentSummary.names.enumerated() {
      numbers[name] = NetworkMean(summaries.map { $0[place] }, resamples: resamples)
    }
    let trials = Set(networks.flatMap { $0.map(\.trial) }).sorted()
    points = trials.map { trial in
      let own = networks.compactMap { $0.first { $0.trial == trial && $0.draws >= 2 } }
      return AlignmentTable.Point(
        trial: Int(trial),
        numbers: [
          "cosine": NetworkMean(own.map(\.cosine), resamples: resamples),
          "reward": NetworkMean(own.map(\.reward), resamples: resamples),
        ].compactMapValues { $0 })
    }
  }
}

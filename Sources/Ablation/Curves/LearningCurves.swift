import Model
import ResultStore

/// What fresh networks do over a lifetime, by two settings: the curves that figures draw.
///
/// A curve is over the equal parts of a lifetime that the store keeps (20; as many as trials where those are fewer). In
/// every part it has the interquartile mean over runs and its 95 % bootstrap interval, as an entry of `AblationTable`
/// has them. From the part on in which a network diverges it counts as a diverged one.
public struct LearningCurves: Sendable {
  public let metric: Metric
  package let layout: TableLayout
  public let resamples: Int
  /// Row by row; entries without an evaluated network are left out.
  public let curves: [LearningCurve]
  /// The same networks without plasticity, by column and length of a lifetime: means over the runs of all rows.
  public let unlearned: [Unlearned]

  public struct Unlearned: Sendable, Equatable, Encodable {
    public var column: ManifestValue
    public var trials: [Double]
    public var mean: [Double]
  }

  /// - Parameter all: outcomes that were loaded with the curves of the request's metric.
  /// - Throws: `AblationError` as `AblationTable`; for a metric that has no curve; for entries that mix lifetimes of
  ///   different lengths, or kinds of reward.
  public init(_ request: TableRequest, of all: OutcomeSelection) throws {
    guard request.metric.hasCurve else {
      throw AblationError(
        "--curves draws accuracy or reward over a lifetime; --metric \(request.metric.rawValue) has no such curve"
      )
    }
    metric = request.metric
    resamples = request.resamples
    let layout = try TableLayout(request, of: all)
    try layout.refusePooling("learning curves", over: "trials")
    if metric == .reward { try layout.refusePooling("rewards", over: "reward") }
    self.layout = layout
    curves = layout.entries.compactMap { entry in
      LearningCurve(
        row: entry.row, column: entry.column, of: entry.cells, metric: request.metric,
        resamples: request.resamples)
    }
    unlearned = layout.columnValues.flatMap { column in
      let runs = layout.entries.filter { $0.column == column }.flatMap { entry in
        RunCurves.all(of: entry.cells, role: \.none, metric: request.metric)
      }
      return Dictionary(grouping: runs, by: \.trials)
        .sorted { $0.key.lexicographicallyPrecedes($1.key) }
        .map { Unlearned(column: column, trials: $0.key, mean: RunCurves.mean($0.value.map(\.mean))) }
    }
  }
}

/// The curve of one entry.
public struct LearningCurve: Sendable, Equatable, Encodable {
  public var row: ManifestValue
  public var column: ManifestValue
  /// Seeds with evaluated networks, and those networks.
  public var runs: Int
  public var networks: Int
  /// What was resampled for `low` and `high`.
  public var resampled: TableCell.Unit
  /// Middles of the parts, in trials.
  public var trials: [Double]
  public var iqm: [Double]
  /// nil where there is one network.
  public var low: [Double?]
  public var high: [Double?]

  init?(
    row: ManifestValue, column: ManifestValue, of cells: [CellOutcome], metric: Metric, resamples: Int
  ) {
    let evaluated = cells.filter { $0.counts && $0.learned.contains { $0.curve != nil } }
    // A unit is a seed within a task, as in a table.
    let strata = TableCell.byTask(evaluated).map { RunCurves.all(of: $0, role: \.learned, metric: metric) }
    guard let trials = strata.flatMap({ $0 }).map(\.trials).min(by: { $0.count < $1.count }) else {
      return nil
    }
    let runs = Set(evaluated.map(Run.init)).count
    self.row = row
    self.column = column
    self.trials = trials
    self.runs = runs
    networks = evaluated.reduce(0) { $0 + $1.learned.count }
    resampled = runs == 1 ? .networks : .runs
    let units = strata.map { runs == 1 ? $0.flatMap(\.networks) : $0.map(\.mean) }
    iqm = []
    low = []
    high = []
    for part in trials.indices {
      let scores = units.map { $0.map { $0[part] } }
      iqm.append(Statistics.interquartileMean(scores.flatMap { $0 }))
      let interval = Statistics.stratifiedBootstrap(scores, of: .interquartileMean, resamples: resamples)
      low.append(interval.low.finite)
      high.append(interval.high.finite)
    }
  }
}

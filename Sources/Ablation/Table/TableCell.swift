import ResultStore

/// One entry of an ablation table: the cells of a sweep that share a row's and a column's value.
///
/// A *run* is one seed (`Run`); its score is the mean over its fresh networks, and over the entry's cells of that seed
/// where the entry pools other settings. Numbers are nil where they do not exist: no run has ended, the metric has
/// no such policy, or a median is not reached.
public struct TableCell: Sendable, Equatable {
  public var row: ManifestValue
  public var column: ManifestValue
  /// Seeds with a cell that counts (ended, not failed), and the fresh networks evaluated in those cells.
  public var runs: Int
  public var networks: Int
  /// Over the runs' scores, or over the networks of a single run.
  public var mean: Double?
  public var iqm: Double?
  /// 95 % interval of `iqm` (of `median` for trials to criterion).
  public var low: Double?
  public var high: Double?
  public var resampled: Unit
  /// The interval over networks: these runs, other networks.
  public var networkLow: Double?
  public var networkHigh: Double?
  /// Accuracy of the reference policies; theta = 0 and the start rule on the same networks.
  public var chance: Double?
  public var shortcut: Double?
  public var ceiling: Double?
  public var none: Double?
  public var start: Double?
  /// Cells that diverged, that failed, and that have not ended; networks on which the learned rule diverged.
  public var diverged: Int
  public var failed: Int
  public var unfinished: Int
  public var divergedNetworks: Int
  /// Trials to criterion only.
  public var median: Double?
  public var q25: Double?
  public var q75: Double?
  public var quantiles: Quantiles?
  public var censored: Int?
  /// Lifetimes of training and validation that found a run's rule, median over the runs; nil without a run.
  public var searchLifetimes: Double?
  /// Cost of the runs that count, tests on fresh networks included.
  public var lifetimes: UInt64
  public var gigaflop: Double

  /// What was resampled for `low` and `high`.
  public enum Unit: String, Sendable, Codable { case runs, networks }

  /// How `median`, `q25` and `q75` were found.
  public enum Quantiles: String, Sendable, Codable {
    /// Nothing censored: numpy's linear quantiles.
    case sample
    case kaplanMeier = "kaplan-meier"
  }
}

extension TableCell: Encodable {
  private enum CodingKeys: String, CodingKey {
    case row, column, runs, networks, mean, iqm, low, high, resampled, chance, shortcut, ceiling, none, start
    case diverged, failed, unfinished, median, q25, q75, quantiles, censored, lifetimes
    case networkLow = "network_low"
    case networkHigh = "network_high"
    case divergedNetworks = "diverged_networks"
    case searchLifetimes = "search_lifetimes"
    case gigaflop = "gflop"
  }

  /// Every key is written; no number is `null`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(row, forKey: .row)
    try container.encode(column, forKey: .column)
    try container.encode(runs, forKey: .runs)
    try container.encode(networks, forKey: .networks)
    for (key, value) in numbers { try container.encode(value, forKey: key) }
    try container.encode(resampled, forKey: .resampled)
    try container.encode(diverged, forKey: .diverged)
    try container.encode(failed, forKey: .failed)
    try container.encode(unfinished, forKey: .unfinished)
    try container.encode(divergedNetworks, forKey: .divergedNetworks)
    try container.encode(quantiles, forKey: .quantiles)
    try container.encode(censored, forKey: .censored)
    try container.encode(lifetimes, forKey: .lifetimes)
    try container.encode(gigaflop, forKey: .gigaflop)
  }

  private var numbers: [(CodingKeys, Double?)] {
    [
      (.mean, mean), (.iqm, iqm), (.low, low), (.high, high), (.networkLow, networkLow),
      (.networkHigh, networkHigh), (.chance, chance), (.shortcut, shortcut), (.ceiling, ceiling),
      (.none, none),
      (.start, start), (.median, median), (.q25, q25), (.q75, q75),
      (.searchLifetimes, searchLifetimes),
    ]
  }

  /// Names and values in one order, for CSV.
  var fields: [(name: String, value: String)] {
    func text(_ value: Double?) -> String { value.map { String($0) } ?? "" }
    return [
      ("row", row.label), ("column", column.label), ("runs", String(runs)),
      ("networks", String(networks)), ("mean", text(mean)), ("iqm", text(iqm)), ("low", text(low)),
      ("high", text(high)), ("resampled", resampled.rawValue), ("network_low", text(networkLow)),
      ("network_high", text(networkHigh)), ("chance", text(chance)), ("shortcut", text(shortcut)),
      ("ceiling", text(ceiling)), ("none", text(none)), ("start", text(start)),
      ("diverged", String(diverged)),
      ("failed", String(failed)), ("unfinished", String(unfinished)),
      ("diverged_networks", String(divergedNetworks)), ("median", text(median)), ("q25", text(q25)),
      ("q75", text(q75)), ("quantiles", quantiles?.rawValue ?? ""),
      ("censored", censored.map(String.init) ?? ""),
      ("lifetimes", String(lifetimes)), ("gflop", String(gigaflop)),
      ("search_lifetimes", text(searchLifetimes)),
    ]
  }
}

extension Double {
  /// Nil for NaN and the infinities, which JSON cannot hold and a table does not print.
  var finite: Double? { isFinite ? self : nil }
}

import ResultStore

/// One value of the axis against the baseline, in one group.
public struct ComparisonRow: Sendable, Equatable {
  /// Value of the setting that rows are grouped by (the task).
  public var group: ManifestValue
  public var value: ManifestValue
  /// Runs (seeds) that have a pair, and pairs of fresh networks in them.
  public var seeds: Int
  public var networks: Int
  /// Mean score (median for trials to criterion) of either side over the pairs.
  public var score: Double?
  public var baselineScore: Double?
  /// Mean paired difference, value minus baseline (difference of medians for trials to criterion), and its
  /// 95 % paired-bootstrap intervals: other seeds, and the same rules on other networks.
  public var difference: Double?
  public var low: Double?
  public var high: Double?
  public var networkLow: Double?
  public var networkHigh: Double?
  /// Pairs that the test is over: runs, or networks where there is one run.
  public var pairs: Int
  /// What `low`, `high`, `p`, `improvement` and the power hint are over.
  public var unit: TableCell.Unit
  public var test: Test
  public var p: Double?
  /// p adjusted by Holm over all rows of the comparison.
  public var adjusted: Double?
  /// P(a run of the value is better than a run of the baseline), ties half; for trials to criterion by the runs'
  /// medians.
  public var improvement: Double?
  public var power: PowerHint?
  /// Pairs of cells with a side that is missing, has failed or has not ended.
  public var unpaired: Int
  public var divergedNetworks: Int
  public var baselineDivergedNetworks: Int
  public var censored: Int?
  public var baselineCensored: Int?
  public var entangled: [String]
  /// Lifetimes of training and validation that found a run's rule, median over the runs of either side.
  public var lifetimes: Double?
  public var baselineLifetimes: Double?

  /// The smallest p that so many pairs can have, however large the effect; nil where the test has no such bound.
  var smallestP: Double? {
    switch test {
    case .exactSignedRank: 1 / Double(1 << min(62, max(0, pairs - 1)))
    case .permutedLogRank: Statistics.smallestSwapP(units: pairs)
    case .normalSignedRank, .none: nil
    }
  }

  public enum Test: String, Sendable, Codable {
    case exactSignedRank = "wilcoxon-exact"
    case normalSignedRank = "wilcoxon-normal"
    /// The log-rank statistic with the p of swapping whole units.
    case permutedLogRank = "log-rank-permutation"
    /// No pair, or no difference at all.
    case none
  }
}

extension ComparisonRow: Encodable {
  /// Names and values in one order, for JSON and CSV.
  var fields: [(name: String, value: Field)] {
    [
      ("group", .setting(group)), ("value", .setting(value)), ("seeds", .whole(seeds)),
      ("networks", .whole(networks)), ("score", .number(score)), ("baseline_score", .number(baselineScore)),
      ("difference", .number(difference)), ("low", .number(low)), ("high", .number(high)),
      ("network_low", .number(networkLow)), ("network_high", .number(networkHigh)),
      ("pairs", .whole(pairs)), ("unit", .text(unit.rawValue)), ("test", .text(test.rawValue)),
      ("p", .number(p)),
      ("p_holm", .number(adjusted)), ("improvement", .number(improvement)),
      ("detectable", .number(power?.detectable)), ("pairs_needed", .whole(power?.pairsNeeded)),
      ("smallest_p", .number(smallestP)), ("unpaired", .whole(unpaired)),
      ("diverged_networks", .whole(divergedNetworks)),
      ("baseline_diverged_networks", .whole(baselineDivergedNetworks)), ("censored", .whole(censored)),
      ("baseline_censored", .whole(baselineCensored)), ("entangled", .text(entangled.joined(separator: " "))),
      ("search_lifetimes", .number(lifetimes)), ("baseline_search_lifetimes", .number(baselineLifetimes)),
    ]
  }

  enum Field {
    case setting(ManifestValue)
    case whole(Int?)
    case number(Double?)
    case text(String)

    /// Empty where there is no number.
    var printed: String {
      switch self {
      case .setting(let value): value.label
      case .whole(let value): value.map(String.init) ?? ""
      case .number(let value): value.map { String($0) } ?? ""
      case .text(let text): text
      }
    }
  }

  /// Every key is written; no number is `null`.
  public func encode(to encoder: any Encoder) throws {
    try encoder.encode(fields)
  }
}

extension Encoder {
  /// One object of named fields, every key of which is written.
  func encode(_ fields: [(name: String, value: ComparisonRow.Field)]) throws {
    var container = container(keyedBy: FieldName.self)
    for (name, field) in fields {
      let key = FieldName(stringValue: name)
      switch field {
      case .setting(let value): try container.encode(value, forKey: key)
      case .whole(let value): try container.encode(value, forKey: key)
      case .number(let value): try container.encode(value, forKey: key)
      case .text(let text): try container.encode(text, forKey: key)
      }
    }
  }
}

private struct FieldName: CodingKey {
  var stringValue: String
  var intValue: Int? { nil }
  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

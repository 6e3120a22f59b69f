import ResultStore

/// Learned rules that differ only in their seed, each paired with its rival at one budget on the same networks.
public struct FairGroup: Sendable {
  /// What the learned rules are.
  public var label: String
  /// `equal` or `doubled`.
  public var budget: String
  /// By seed; `searchLifetimes` of a rival counts all of its starts.
  public var pairs: [(learned: CellOutcome, rival: CellOutcome)]
  /// How often each start of the rival did best, such as `0.333: 2, 1: 1`.
  public var starts: String

  public init(
    label: String, budget: String, pairs: [(learned: CellOutcome, rival: CellOutcome)], starts: String
  ) {
    self.label = label
    self.budget = budget
    self.pairs = pairs
    self.starts = starts
  }
}

/// Learned rules against a rival that was tuned with as many lifetimes, and with twice as many: does the gap survive?
public struct FairComparison: Sendable {
  /// What the intervals say of a gap between learned rule and rival.
  public enum Verdict: String, Sendable, CaseIterable, Codable {
    /// Both intervals, over meta-seeds and over networks, lie above 0.
    case survives = "gap survives"
    /// At least one of them holds 0, or they disagree.
    case closes = "gap closes"
    /// Both lie below 0.
    case rivalAhead = "rival ahead"
    /// Too few networks for an interval.
    case undecided
  }

  public struct Row: Sendable {
    public var label: String
    public var budget: String
    public var starts: String
    /// `score` is the learned rule's, `baselineScore` the rival's, `difference` learned minus rival.
    public var numbers: ComparisonRow
    public var verdict: Verdict
  }

  public var rival: String
  public var metric: Metric
  public var resamples: Int
  public var rows: [Row]

  /// - Throws: `AblationError` for trials to criterion, which are no scores and have no mean difference.
  public init(
    of groups: [FairGroup], rival: String, metric: Metric, resamples: Int = Statistics.standardResamples
  ) throws {
    guard metric != .trialsToCriterion else {
      throw AblationError(
        "--metric trials-to-criterion: --against compares mean scores; use accuracy, reward, normalised-accuracy, "
          + "accuracy-area or reward-area")
    }
    self.rival = rival
    self.metric = metric
    self.resamples = resamples
    rows = groups.map { group in
      let pairing = Pairing(group.pairs.map { CellPair(value: $0.learned, baseline: $0.rival) })
      let numbers = ComparisonRow(
        group: .string(group.label), value: .string(group.budget), of: pairing, metric: metric,
        resamples: resamples)
      return Row(
        label: group.label, budget: group.budget, starts: group.starts, numbers: numbers,
        verdict: Verdict(numbers))
    }
    let adjusted = Statistics.holm(rows.map { $0.numbers.p ?? .nan })
    for index in rows.indices { rows[index].numbers.adjusted = adjusted[index].finite }
  }
}

extension FairComparison.Verdict {
  init(_ row: ComparisonRow) {
    guard let low = row.low, let high = row.high, let networkLow = row.networkLow,
      let networkHigh = row.networkHigh
    else {
      self = .undecided
      return
    }
    self =
      min(low, networkLow) > 0 ? .survives : max(high, networkHigh) < 0 ? .rivalAhead : .closes
  }
}

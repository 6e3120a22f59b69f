import ResultStore

/// For every value of a setting the cell whose rule did best on its validation networks.
///
/// Fresh networks have no part in the choice, so what they did is what the rule is worth; the validation reward of the best
/// of many is not.
public struct BestCells: Sendable, Encodable {
  public struct Entry: Sendable, Encodable, Equatable {
    /// The value of the setting `by`.
    public var group: String
    public var cell: String
    /// The settings that vary among the cells, besides `by`.
    public var settings: [String: String]
    public var validationReward: Double
    /// Late accuracy and late reward, means over the fresh networks.
    public var accuracy: Double
    public var reward: Double
    public var networks: Int
    /// Cells that it was chosen from.
    public var among: Int
  }

  public var by: String
  public var entries: [Entry]

  /// - Parameter path: the setting whose values have a best cell each: rewards of different tasks are not compared.
  /// - Throws: `AblationError` where no cell has that setting or none has ended with a rule.
  public init(of selection: OutcomeSelection, by path: String) throws {
    try selection.requirePath(path)
    let cells = selection.cells.filter {
      $0.counts && !$0.learned.isEmpty && $0.validationReward?.isFinite == true
    }
    guard !cells.isEmpty else {
      throw AblationError(
        "none of these \(selection.cells.count) cells has ended with a rule that was tried on validation networks"
      )
    }
    let varying = selection.varyingPaths().filter { $0 != path }
    by = path
    entries = ManifestValue.ordered(cells.map { $0[path] }).map { value in
      let group = cells.filter { $0[path] == value }
      // Of equal ones the first in the plan.
      let best = group.dropFirst().reduce(group[0]) { $0.validationReward! >= $1.validationReward! ? $0 : $1 }
      func mean(_ metric: Metric) -> Double {
        best.learned.reduce(0) { $0 + metric.score($1, of: best) } / Double(best.learned.count)
      }
      return Entry(
        group: value.label, cell: hex(best.key),
        settings: Dictionary(uniqueKeysWithValues: varying.map { ($0, best[$0].label) }),
        validationReward: best.validationReward!, accuracy: mean(.accuracy), reward: mean(.reward),
        networks: best.learned.count, among: group.count)
    }
  }
}

/// A record of an analysis that a folder keeps beside its results: several of them a network, none of which a run needs.
public protocol KeptRecord: StoredRecord {
  /// What tells the records of a cell apart; of several records with the same place the last counts.
  associatedtype Place: Hashable & Comparable & Sendable
  var place: Place { get }
  /// Index among the evaluation networks of the cell.
  var network: UInt32 { get }
  /// Records of this network once all are there.
  var expected: Int { get }
  /// False for what an earlier measurement of the network has left where `first`, at its first place, is of a later one.
  func isOfOneMeasurement(with first: Self) -> Bool

  /// What the records are called, what a network may lack, and the command that makes them in a folder.
  static var name: String { get }
  static var parts: String { get }
  static func command(_ folder: String) -> String
  /// Columns of an exported table before the settings, and behind them.
  static var leading: [String] { get }
  static var exported: [String] { get }
}

extension KeptRecord {
  public func isOfOneMeasurement(with first: Self) -> Bool { true }
}

extension DynamicsRecord: KeptRecord {
  public var expected: Int { DynamicsStage.allCases.count * (Int(conditions) + 1) }

  public static let name = "dynamics"
  public static let parts = "stages and inputs"
  public static func command(_ folder: String) -> String { "trifactor dynamics \(folder)" }
  public static let leading = ["network", "stage", "condition"]
  public static let exported = [
    "diverged_at", "starts", "limit", "fixed_points", "analysed", "converged", "stalled", "singular",
    "exhausted",
    "overflowed", "first_hits", "first_stability", "late_accuracy", "slowest", "stable", "abscissa",
    "unstable_directions", "henrici", "non_normality", "slow_overlap", "sensitivity", "output_gain",
    "first_residual", "first_real", "first_imaginary", "first_henrici", "program",
  ]
}

extension AlignmentRecord: KeptRecord {
  public var expected: Int { Int(points) }

  /// Fewer points than before leave the records of the others behind.
  public func isOfOneMeasurement(with first: AlignmentRecord) -> Bool {
    points == first.points && wanted == first.wanted
  }

  public static let name = "alignment"
  public static let parts = "points"
  public static func command(_ folder: String) -> String {
    "trifactor evaluate SOURCE --alignment --out \(folder)"
  }
  public static let leading = ["network", "point", "trial"]
  public static let exported = [
    "wanted", "draws", "diverged_at", "reward", "late_reward", "late_accuracy", "cosine", "product",
    "update_square", "update_variance", "gradient_square", "gradient_variance",
  ]
}

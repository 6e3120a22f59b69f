import Foundation

/// What so many pairs can and cannot tell apart.
public struct PowerHint: Sendable, Equatable {
  public var pairs: Int
  /// The smallest mean difference that a two-sided paired t test at 5 % finds with 80 % power.
  public var detectable: Double
  /// Pairs needed to find the difference seen with the same power; nil where it is zero or more than a
  /// million would be needed.
  public var pairsNeeded: Int?
}

extension Statistics {
  /// The usual sample-size approximation, (t_0.975 + t_0.8) s / sqrt(n) with n - 1 degrees of freedom (Cohen
  /// 1988; within a few per cent of the non-central t for n >= 5).
  ///
  /// - Parameter differences: paired differences.
  /// - Returns: nil for fewer than two differences or a NaN: no spread, no hint.
  public static func powerHint(_ differences: [Double]) -> PowerHint? {
    let spread = standardDeviation(differences)
    guard !spread.isNaN else { return nil }
    func reach(_ n: Int) -> Double {
      let freedom = Double(n - 1)
      let factor = studentQuantile(0.975, freedom: freedom) + studentQuantile(0.8, freedom: freedom)
      return factor * spread / Double(n).squareRoot()
    }
    let seen = abs(mean(differences))
    var needed: Int?
    if seen > 0, reach(1_000_000) <= seen {
      var (low, high) = (1, 2)
      while reach(high) > seen { (low, high) = (high, high * 2) }
      while high - low > 1 {
        let middle = (low + high) / 2
        if reach(middle) > seen { low = middle } else { high = middle }
      }
      needed = high
    }
    return PowerHint(pairs: differences.count, detectable: reach(differences.count), pairsNeeded: needed)
  }
}

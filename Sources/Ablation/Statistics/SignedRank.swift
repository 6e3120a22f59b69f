import Foundation

extension Statistics {
  /// How a signed-rank p was computed.
  public enum SignedRankMethod: String, Sendable, Codable {
    /// All 2^n sign patterns, by their exact count.
    case exact
    /// The normal approximation with correction for ties, without continuity correction.
    case normal
    /// Every difference is zero, or there is none: p = 1.
    case degenerate
  }

  /// Wilcoxon's signed-rank test of paired differences (Biometrics Bulletin 1945), two-sided.
  ///
  /// Zeros are dropped (Wilcoxon's own treatment) and tied sizes share their mean rank. The p is exact for up
  /// to 50 differences without ties or zeros and for up to 13 with them, else from the normal approximation:
  /// the rules of `scipy.stats.wilcoxon` 1.17 with its defaults.
  ///
  /// - Returns: W+, the sum of the ranks of positive differences, and p; NaN for both if a difference is NaN.
  public static func signedRank(
    _ differences: [Double]
  ) -> (positive: Double, p: Double, method: SignedRankMethod) {
    guard !differences.contains(where: \.isNaN) else { return (.nan, .nan, .degenerate) }
    let kept = differences.filter { $0 != 0 }.sorted { abs($0) < abs($1) }
    guard !kept.isEmpty else { return (0, 1, .degenerate) }

    // Twice the mean ranks, which are whole numbers, and the tie correction sum(t^3 - t).
    var doubled = [Int](repeating: 0, count: kept.count)
    var ties = 0.0
    var start = 0
    while start < kept.count {
      var end = start
      while end < kept.count, abs(kept[end]) == abs(kept[start]) { end += 1 }
      for index in start..<end { doubled[index] = start + end + 1 }
      let t = Double(end - start)
      ties += t * t * t - t
      start = end
    }
    let positive = zip(kept, doubled).reduce(0) { $0 + ($1.0 > 0 ? $1.1 : 0) }
    let irregular = ties > 0 || kept.count < differences.count
    if differences.count <= (irregular ? 13 : 50) {
      return (Double(positive) / 2, exactSignedRank(doubled, positive: positive), .exact)
    }
    let n = Double(kept.count)
    let centre = n * (n + 1) / 4
    let spread = ((n * (n + 1) * (2 * n + 1) - ties / 2) / 24).squareRoot()
    let z = (Double(positive) / 2 - centre) / spread
    return (Double(positive) / 2, erfc(abs(z) / 2.0.squareRoot()), .normal)
  }

  /// Share of the sign patterns at least as extreme as `positive` (all in doubled ranks), two-sided.
  static func exactSignedRank(_ doubled: [Int], positive: Int) -> Double {
    let total = doubled.reduce(0, +)
    var share = [Double](repeating: 0, count: total + 1)
    share[0] = 1
    for rank in doubled {
      for sum in stride(from: total, through: rank, by: -1) {
        share[sum] = (share[sum] + share[sum - rank]) / 2
      }
      for sum in 0..<min(rank, total + 1) { share[sum] /= 2 }
    }
    let less = share[...positive].reduce(0, +)
    let greater = share[positive...].reduce(0, +)
    return min(1, 2 * min(less, greater))
  }
}

/// g_p = (1/H) sum_h ( sum_{h'>h} (R^{h'} - b^{h'}) ) <xi^h, S_p^h> / sigma, with S = dmu/dtheta at fixed W, R, Rbar.
///
/// Every noise is credited by its score, so binary reward is allowed and no U is needed. Unbiased if b does not depend
/// on the lifetime's own noise; Rbar does.
public enum ScoreEstimate {
  /// The estimate of one lifetime.
  /// - Parameters:
  ///   - rewards: R^h, H.
  ///   - baselines: b^h, H.
  ///   - products: <xi^h, S_p^h> / sigma, H x P.
  public static func gradient(rewards: [Double], baselines: [Double], products: [Double]) -> [Double] {
    let trials = rewards.count
    guard trials > 0, !products.isEmpty else { return [] }
    let directions = products.count / trials
    var sum = Array(repeating: 0.0, count: directions)
    var later = 0.0
    for h in stride(from: trials - 1, through: 0, by: -1) {
      for p in 0..<directions { sum[p] += later * products[h * directions + p] }
      later += rewards[h] - baselines[h]
    }
    return sum.map { $0 / Double(trials) }
  }

  /// b^h for each lifetime: the mean of R^h over the others that did not diverge; 0 where there is none.
  /// - Parameter rewards: one row a lifetime, nil where it diverged.
  public static func leaveOneOut(_ rewards: [[Double]?]) -> [[Double]] {
    guard let trials = rewards.compactMap({ $0?.count }).first else { return rewards.map { _ in [] } }
    return rewards.indices.map { own in
      var baseline = Array(repeating: 0.0, count: trials)
      var count = 0
      for (other, row) in rewards.enumerated() where other != own {
        guard let row else { continue }
        count += 1
        for h in 0..<trials { baseline[h] += row[h] }
      }
      return count == 0 ? baseline : baseline.map { $0 / Double(count) }
    }
  }
}

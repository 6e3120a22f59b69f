/// The paper's estimator: g_p = (1/H) sum_{h=0..H-2} (R^{h+1} - b^{h+1}) <xi^h, U_p^{h+1}> / sigma.
///
/// The last weight noise is credited by its score, earlier noise through U. Unbiased where R is continuous and there is
/// no horizon, if b does not depend on xi^h: b is Rbar_c before its update, and the reward of a silent read-out at a
/// first visit, where Rbar_c is R itself.
struct TangentEstimate {
  private(set) var sum: [Double]
  init(directions: Int) { sum = Array(repeating: 0, count: directions) }

  /// - Parameter products: <xi^{h-1}, U^h> of the trial before.
  mutating func add(reward: Double, baseline: Double, products: [Double]) {
    for q in sum.indices { sum[q] += (reward - baseline) * products[q] }
  }

  func mean(trials: Int, sigma: Double) -> [Double] { sum.map { $0 / (Double(trials) * sigma) } }
}

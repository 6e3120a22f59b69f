/// As `TangentEstimate`, with R - b replaced by (R+ - R-)/2: the same trial run a second time from
/// W^{h+1} - 2 sigma xi^h, with the same x_0, inputs and kicks. No baseline is needed and the variance is far smaller,
/// for one more primal trial.
struct AntitheticEstimate {
  private(set) var sum: [Double]
  init(directions: Int) { sum = Array(repeating: 0, count: directions) }

  mutating func add(reward: Double, twin: Double, products: [Double]) {
    for q in sum.indices { sum[q] += (reward - twin) / 2 * products[q] }
  }

  func mean(trials: Int, sigma: Double) -> [Double] { sum.map { $0 / (Double(trials) * sigma) } }
}

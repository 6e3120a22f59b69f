/// g_p = (1/H) sum_h Rdot_p^h: the derivative of the reward itself, for rewards that have one.
struct PathwiseEstimate {
  private(set) var sum: [Double]
  init(directions: Int) { sum = Array(repeating: 0, count: directions) }

  mutating func add(rewardTangents: [Double]) {
    for q in sum.indices { sum[q] += rewardTangents[q] }
  }

  func mean(trials: Int) -> [Double] { sum.map { $0 / Double(trials) } }
}

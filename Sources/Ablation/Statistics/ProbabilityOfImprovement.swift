extension Statistics {
  /// P(X > Y) for one score of each side drawn at random, ties counted half: the Mann-Whitney statistic over
  /// its maximum (rliable's `probability_of_improvement`, Agarwal et al., NeurIPS 2021, for one task).
  ///
  /// - Returns: NaN where a side is empty or holds a NaN.
  public static func probabilityOfImprovement(_ x: [Double], over y: [Double]) -> Double {
    guard !x.isEmpty, !y.isEmpty, !x.contains(where: \.isNaN), !y.contains(where: \.isNaN) else {
      return .nan
    }
    let sorted = y.sorted()
    var wins = 0.0
    var below = 0  // scores of y below the present one
    var upTo = 0  // scores of y not above the present one
    for value in x.sorted() {
      while below < sorted.count, sorted[below] < value { below += 1 }
      while upTo < sorted.count, sorted[upTo] <= value { upTo += 1 }
      wins += Double(below) + Double(upTo - below) / 2
    }
    return wins / (Double(x.count) * Double(y.count))
  }
}

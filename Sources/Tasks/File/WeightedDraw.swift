import Kernels

/// Draws one of several things by their weights: `integer(below:)` where all are equal, else one uniform number.
struct WeightedDraw: Sendable {
  let count: Int
  /// Running sums of the weights over their total; empty where all are equal.
  private let cumulative: [Double]

  init(_ weights: [Double]) {
    count = weights.count
    guard Set(weights).count > 1 else {
      cumulative = []
      return
    }
    let total = weights.reduce(0, +)
    var sum = 0.0
    cumulative = weights.map { weight in
      sum += weight
      return sum / total
    }
  }

  /// True where all are equally likely.
  var isEven: Bool { cumulative.isEmpty }

  func draw(_ stream: inout RandomStream) -> Int {
    if cumulative.isEmpty { return stream.integer(below: count) }
    let u = stream.uniform()
    var index = 0
    while index < count - 1, u >= cumulative[index] { index += 1 }
    return index
  }
}

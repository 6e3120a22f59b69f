import Foundation
import Kernels

/// Places that are each taken with the same probability, found by their geometric gaps.
struct GeometricGaps {
  private let inverseLog: Double
  private let count: Int
  private var start = 0

  /// - Parameter count: places 0 ..< count; probability 0 takes none of them.
  init(probability: Double, count: Int) {
    inverseLog = probability < 1 ? 1 / log1p(-probability) : 0
    self.count = probability > 0 ? count : 0
  }

  /// The next place; nil when there is none left. Draws one uniform.
  mutating func next(_ stream: inout RandomStream) -> Int? {
    guard start < count else { return nil }
    let gap = (log(stream.uniform()) * inverseLog).rounded(.down)
    guard gap < Double(count - start) else {
      start = count
      return nil
    }
    let place = start + Int(gap)
    start = place + 1
    return place
  }
}

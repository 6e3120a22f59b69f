import Model

extension Team {
  /// Runs `work` for every index below `count`, spread over the team, and returns all results by index. Every result
  /// holds `width` numbers.
  public func spread(_ count: Int, width: Int, _ work: (Int) throws -> [Double]) throws -> [[Double]] {
    var own: [Double] = []
    for index in stride(from: member, to: count, by: size) {
      let result = try work(index)
      invariant(result.count == width, "a result holds \(result.count) numbers, not \(width)")
      own += result
      try pulse()
    }
    let all = try gather(own)
    return (0..<count).map { index in
      let place = index / size * width
      return Array(all[index % size][place..<place + width])
    }
  }
}

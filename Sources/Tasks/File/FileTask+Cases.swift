import Kernels

/// Enumerates what may happen in a trial, for yardsticks; never used in the trial loop.
extension FileTask {
  /// The most lifetimes that are enumerated; if there are more, so many are drawn.
  private static let mostLifetimes = 5040
  private static let drawnLifetimes = 1000

  /// All lifetimes that can be drawn, equally likely; a sample of them if there are too many.
  func lifetimes() -> (lifetimes: [LifetimeDraw], isExact: Bool) {
    var stream = RandomStream(seed: 0, purpose: 1, lifetime: 0)
    var all = [drawLifetime(&stream)]
    for draw in lifetimeDraws {
      var places: [(first: Int, values: [Float])] = []
      switch draw {
      case .shuffle(let group):
        guard conditions <= 7 else { return (drawn(Self.drawnLifetimes), false) }
        places = Self.permutations(conditions).map { order in
          (layout.groups + group * conditions, order.map { Float($0) })
        }
      case .column(let column, .choice(_, let count)):
        places = (0..<count).map { (layout.draws + column - spec.rowColumns, [Float($0)]) }
      case .column, .curve, .duration: continue
      }
      guard all.count * places.count <= Self.mostLifetimes else { return (drawn(Self.drawnLifetimes), false) }
      all = all.flatMap { lifetime in
        places.map { place in
          var copy = lifetime
          copy.values.replaceSubrange(place.first..<place.first + place.values.count, with: place.values)
          return copy
        }
      }
    }
    for index in all.indices { settle(&all[index]) }
    return (all, true)
  }

  private func drawn(_ count: Int) -> [LifetimeDraw] {
    (0..<count).map { number in
      var stream = RandomStream(seed: 0, purpose: 1, lifetime: UInt32(number))
      return drawLifetime(&stream)
    }
  }

  private static func permutations(_ count: Int) -> [[Int]] {
    guard count > 1 else { return [[0]] }
    return permutations(count - 1).flatMap { shorter in
      (0..<count).map { place in
        var order = shorter
        order.insert(count - 1, at: place)
        return order
      }
    }
  }

  /// Every combination of what these columns may draw in a trial, as places of alternatives by column; at most 4096,
  /// else the first of each.
  func variants(of columns: some Sequence<Int>) -> [[Int: Int]] {
    let wanted = Set(columns)
    var all: [[Int: Int]] = [[:]]
    for case .column(let column, .choice(let first, let count)) in trialDraws where wanted.contains(column) {
      guard all.count * count <= 4096 else { return [[:]] }
      all = all.flatMap { one in
        (first..<first + count).map { place in
          var copy = one
          copy[column] = place
          return copy
        }
      }
    }
    return all
  }

  /// The columns of a condition; a number that is drawn from an interval is its middle.
  func columns(_ condition: Int, _ lifetime: LifetimeDraw, _ variant: [Int: Int]) -> [Double] {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: spec.columns.count + 1) { values in
      values.initialize(repeating: 0)
      fill(values, condition, lifetime)
      for case .column(let column, let how) in trialDraws {
        switch how {
        case .uniform(let low, let high): values[column] = (low + high) / 2
        case .choice(let first, _):
          let alternative = alternatives[variant[column] ?? first]
          values[column] = alternative.column < 0 ? alternative.value : values[alternative.column]
        }
      }
      return Array(values)
    }
  }

  /// What is shown by period and channel, noise left out.
  func shownSums(_ values: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: spec.periods.count * inputs)
    for shown in still + noisy {
      let channel = shown.channel >= 0 ? shown.channel : Int(values[shown.column])
      guard channel >= 0 else { continue }
      for period in shown.first..<shown.last {
        sums[period * inputs + channel] += shown.valueColumn >= 0 ? values[shown.valueColumn] : shown.value
      }
    }
    return sums
  }
}

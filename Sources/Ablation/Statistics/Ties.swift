extension Statistics {
  /// Values with those made equal that differ by rounding alone, so that exact ties are ranked as ties.
  ///
  /// Means of floating-point scores that are equal in exact arithmetic come out some 1e-17 apart (and a difference that
  /// is 0 comes out as 1e-17), depending on the order of the sum. Here neighbours no further apart than `resolution`
  /// become one value. Unlike rounding to a grid this has no edges at which equal values part.
  ///
  /// - Parameter resolution: 1e-12 of the largest score (`tieResolution`): far above rounding, far below what scores can
  ///   tell apart. 0 changes nothing.
  /// - Returns: in the order given; of values that became one, the lowest. NaN stays.
  public static func merged(_ values: [Double], resolution: Double) -> [Double] {
    guard resolution > 0 else { return values }
    var result = values
    var last = -Double.infinity
    var shared = 0.0
    for index in values.indices.filter({ values[$0].isFinite }).sorted(by: { values[$0] < values[$1] }) {
      if values[index] - last > resolution { shared = values[index] }
      last = values[index]
      result[index] = shared
    }
    return result
  }

  /// Differences with exact zeros as zeros and equal sizes as equal sizes, whatever their signs.
  public static func mergedDifferences(_ differences: [Double], resolution: Double) -> [Double] {
    // 0 in front: what is as close to it as rounding leaves it is 0.
    let sizes = merged([0] + differences.map(abs), resolution: resolution).dropFirst()
    return zip(differences, sizes).map { $1 == 0 ? 0 : $0 < 0 ? -$1 : $1 }
  }

  /// How close two means of such scores must be to be one.
  public static func tieResolution(of scores: some Sequence<Double>) -> Double {
    1e-12 * scores.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
  }
}

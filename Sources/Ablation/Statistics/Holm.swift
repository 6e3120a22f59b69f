extension Statistics {
  /// p values adjusted for a family of tests by Holm's step-down method (Scandinavian Journal of Statistics
  /// 1979), in the order given.
  ///
  /// - Parameter values: p values; a NaN stays NaN and does not count as a member of the family.
  public static func holm(_ values: [Double]) -> [Double] {
    let order = values.indices.filter { !values[$0].isNaN }.sorted { values[$0] < values[$1] }
    var adjusted = values
    var floor = 0.0
    for (rank, index) in order.enumerated() {
      floor = max(floor, min(1, Double(order.count - rank) * values[index]))
      adjusted[index] = floor
    }
    return adjusted
  }
}

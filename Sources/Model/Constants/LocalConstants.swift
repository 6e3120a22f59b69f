/// A value for every local constant: `constants[.eta]`.
///
/// A constant without a bound (`clip: none`) is infinite.
public struct LocalConstants: Sendable, Equatable, Codable {
  /// By raw value: the order of records.
  public private(set) var values: [Double]

  /// The defaults, with these in their places.
  public init(_ changes: KeyValuePairs<LocalConstant, Double> = [:]) {
    values = LocalConstant.allCases.map(\.declaration.standard)
    for (constant, value) in changes { self[constant] = value }
  }

  /// - Precondition: a number for every constant, in the order of records.
  public init(values: [Double]) {
    invariant(
      values.count == LocalConstant.allCases.count,
      "\(values.count) local constants where \(LocalConstant.allCases.count) are wanted")
    self.values = values
  }

  public subscript(constant: LocalConstant) -> Double {
    get { values[constant.rawValue] }
    set { values[constant.rawValue] = newValue }
  }

  /// The same with some of them replaced.
  public func replacing(_ changes: [LocalConstant: Double]) -> LocalConstants {
    var result = self
    for (constant, value) in changes { result[constant] = value }
    return result
  }
}

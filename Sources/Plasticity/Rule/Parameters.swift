import Foundation
import Model

/// The coordinates in which a rule is learned: theta, then the local constants in the order of records, each by its
/// logarithm or as it is (`LocalConstant.Coordinate`).
///
/// A constant that is not learned keeps its exact value whatever its coordinate says.
public struct Parameters: Sendable, Equatable {
  public var values: [Double]

  public init(values: [Double]) { self.values = values }

  /// The coordinates of `rule`. A constant that is infinite or 0 (off) has coordinate 0 and cannot be learned.
  public init(_ rule: Rule) {
    values = rule.theta + LocalConstant.allCases.map { $0.coordinate(of: rule.constants[$0]) }
  }

  /// `rule` with its learned parts taken from these coordinates; constants stay within their bounds.
  func applied(to rule: Rule, learned: LearnedSet) -> Rule {
    var result = rule
    let count = rule.theta.count
    if learned.theta { result.theta = Array(values[0..<count]) }
    for constant in learned.constants {
      result.constants[constant] = constant.value(at: values[count + constant.rawValue])
    }
    return result
  }

  /// The same with the coordinates of learned constants moved to the bounds that they have passed, so that the rule that
  /// is stored, and from which a search continues, is the rule that ran.
  func bounded(count: Int, learned: LearnedSet) -> Parameters {
    var result = self
    for constant in learned.constants {
      let place = count + constant.rawValue
      let value = constant.unboundedValue(at: values[place])
      let nearest = constant.bounds.nearest(to: value)
      // A coordinate within the bounds keeps its bits.
      if nearest < value || nearest > value { result.values[place] = constant.coordinate(of: nearest) }
    }
    return result
  }
}

extension LocalConstant {
  /// The coordinate of `value` in a search.
  fileprivate func coordinate(of value: Double) -> Double {
    switch declaration.coordinate {
    case .plain: value
    case .logarithm: value > 0 && value.isFinite ? log(value) : 0
    }
  }

  fileprivate func unboundedValue(at coordinate: Double) -> Double {
    declaration.coordinate == .logarithm ? exp(coordinate) : coordinate
  }

  /// The value of a coordinate: a search may pass a bound, a rule may not.
  fileprivate func value(at coordinate: Double) -> Double {
    bounds.nearest(to: unboundedValue(at: coordinate))
  }
}

/// Which parts of a rule an optimiser may change.
public struct LearnedSet: Sendable, Equatable {
  public var theta: Bool
  /// Flat indices of the coefficients that exist, ascending; nil: all.
  public let terms: [Int]?
  /// Ascending, each once.
  public let constants: [LocalConstant]

  public init(theta: Bool = true, terms: [Int]? = nil, constants: [LocalConstant] = []) {
    self.theta = theta
    self.terms = terms?.sorted()
    self.constants = Set(constants).sorted()
  }

  /// Names as `meta.learn` gives them: `theta`, and those of settings that hold constants.
  /// - Returns: nil where a name is not known.
  public init?(names: [String], terms: [Int]? = nil) {
    let settings = names.filter { $0 != "theta" }.map { ConstantSetting.named($0) }
    guard settings.allSatisfy({ $0 != nil }) else { return nil }
    self.init(
      theta: names.contains("theta"), terms: terms, constants: settings.flatMap { $0!.constants })
  }

  public func contains(_ constant: LocalConstant) -> Bool { constants.contains(constant) }

  /// True at the coordinates that may change, of `count` coefficients and the constants.
  func mask(count: Int) -> [Bool] {
    (0..<count).map { theta && terms?.contains($0) ?? true } + LocalConstant.allCases.map(contains)
  }
}

import Foundation

/// The coordinates in which a rule is learned: theta, then the eleven local constants, positive ones by their logarithm.
///
/// A constant that is not learned keeps its exact value whatever its coordinate says.
public struct Parameters: Sendable, Equatable {
  public var values: [Double]

  public init(values: [Double]) { self.values = values }

  /// The coordinates of `rule`. A constant that is infinite or 0 (an option that is off) has coordinate 0 and cannot be
  /// learned.
  public init(_ rule: Rule) {
    let constants = rule.constants.values.enumerated().map { index, value in
      !Self.isLogarithmic(index) ? value : value > 0 && value.isFinite ? log(value) : 0
    }
    values = rule.theta + constants
  }

  /// True for the constants that are learned as logarithms: all but `gate` and `growth`.
  static func isLogarithmic(_ index: Int) -> Bool { index < 7 || index == 10 }

  /// `rule` with its learned parts taken from these coordinates.
  func applied(to rule: Rule, learned: LearnedSet) -> Rule {
    var result = rule
    let count = rule.theta.count
    if learned.theta { result.theta = Array(values[0..<count]) }
    guard !learned.constants.isEmpty else { return result }
    var constants = rule.constants.values
    for index in learned.constants {
      let value = values[count + index]
      constants[index] = Self.isLogarithmic(index) ? exp(value) : value
    }
    // A probability above 1 has no meaning, and a mean that moves by more than the difference overshoots.
    for index in [5, 10] { constants[index] = min(constants[index], 1) }
    result.constants = LocalConstants(values: constants)
    return result
  }
}

/// Which parts of a rule an optimiser may change.
public struct LearnedSet: Sendable, Equatable {
  public var theta: Bool
  /// Indices into `LocalConstants.values`, ascending.
  public var constants: [Int]

  public init(theta: Bool = true, constants: [Int] = []) {
    self.theta = theta
    self.constants = constants.sorted()
  }

  /// Names as sweep files give them: `theta`, the names of `LocalConstants`, `growth` for both of its parts.
  /// - Returns: nil where a name is not known.
  public init?(names: [String]) {
    var indices: [Int] = []
    theta = names.contains("theta")
    for name in names where name != "theta" {
      if name == "growth" {
        indices += [8, 9]
      } else if name == "trace-mean" {
        indices.append(10)
      } else if let index = Self.constantNames.firstIndex(of: name) {
        indices.append(index)
      } else {
        return nil
      }
    }
    constants = Array(Set(indices)).sorted()
  }

  static let constantNames = [
    "eta", "clip", "tau-e", "tau-bar", "baseline-rate", "probability", "amplitude", "gate",
  ]

  /// True at the coordinates that may change, of `count` coefficients and the constants.
  func mask(count: Int) -> [Bool] {
    Array(repeating: theta, count: count) + (0..<LocalConstants.count).map { constants.contains($0) }
  }
}

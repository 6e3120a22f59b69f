import Model

/// What a rule may be differentiated by: one of its coefficients, or a local constant in the coordinate that a search
/// moves it by (`LocalConstant.Coordinate`).
public enum RuleCoordinate: Sendable, Hashable {
  /// theta at this flat index.
  case theta(Int)
  case constant(LocalConstant)

  /// nil for a coefficient.
  public var constant: LocalConstant? {
    if case .constant(let constant) = self { constant } else { nil }
  }

  /// True for a constant of the exploration, which R depends on at fixed W.
  var movesKicks: Bool { constant?.path.hasPrefix("exploration.") ?? false }
}

extension Rule {
  /// All coefficients, in order.
  public var thetaCoordinates: [RuleCoordinate] { theta.indices.map { .theta($0) } }

  /// The coefficients and constants of `learned` that have derivatives, in the order of `Parameters`.
  public func coordinates(_ learned: LearnedSet) -> [RuleCoordinate] {
    let terms = learned.theta ? learned.terms ?? Array(theta.indices) : []
    return terms.map { .theta($0) }
      + learned.constants.filter { $0.declaration.isDifferentiable }.map { .constant($0) }
  }

  /// The place of `coordinate` in `Parameters`.
  func place(of coordinate: RuleCoordinate) -> Int {
    switch coordinate {
    case .theta(let index): index
    case .constant(let constant): theta.count + constant.rawValue
    }
  }

  /// d constant / d its coordinate here.
  func chain(_ constant: LocalConstant) -> Double { constant.chain(at: constants[constant]) }
}

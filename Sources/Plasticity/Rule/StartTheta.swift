import Model

/// A start drawn from the seed: independent normal coefficients, scaled to norm 2.
/// - Parameter terms: flat indices of those that exist, the others are 0; nil: all.
public func randomTheta(seed: UInt64, shape: RuleShape, terms: [Int]? = nil) -> [Double] {
  var stream = LifetimeAddress(seed: seed, domain: .training, index: 0).stream(.startTheta)
  let draws = (0..<shape.coefficients).map { p in
    let draw = Double(stream.normal())
    return terms?.contains(p) ?? true ? draw : 0
  }
  let norm = draws.reduce(0) { $0 + $1 * $1 }.squareRoot()
  return norm == 0 ? draws : draws.map { 2 * $0 / norm }
}

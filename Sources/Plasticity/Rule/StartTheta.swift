/// A start drawn from the seed: independent normal coefficients, scaled to norm 2.
public func randomTheta(seed: UInt64, degree: Int) -> [Double] {
  var stream = LifetimeAddress(seed: seed, domain: .training, index: 0).stream(.startTheta)
  let draws = (0..<Rule.count(degree: degree)).map { _ in Double(stream.normal()) }
  let norm = draws.reduce(0) { $0 + $1 * $1 }.squareRoot()
  return norm == 0 ? draws : draws.map { 2 * $0 / norm }
}

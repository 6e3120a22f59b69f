/// Which coefficients a rule has: every power of the rate and of the fluctuation up to the degree, for every power of
/// the weight.
public struct RuleShape: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// d.
  public var degree: Int
  /// M.
  public var weightDegree: Int

  public init(degree: Int, weightDegree: Int = 0) {
    self.degree = degree
    self.weightDegree = weightDegree
  }

  /// That of a rule of so many coefficients.
  /// - Precondition: as many as some power of the weight makes of the degree.
  public init(degree: Int, coefficients: Int) {
    let each = (degree + 1) * (degree + 1)
    invariant(
      coefficients > 0 && coefficients.isMultiple(of: each),
      "theta holds \(coefficients) numbers, degree \(degree) needs \(each) for every power of the weight")
    self.init(degree: degree, weightDegree: coefficients / each - 1)
  }

  /// P.
  public var coefficients: Int { (weightDegree + 1) * (degree + 1) * (degree + 1) }

  /// `d3`, or `d3m1` where the rule sees the weight: part of the names of shards.
  public var description: String { "d\(degree)" + (weightDegree == 0 ? "" : "m\(weightDegree)") }

  /// Reads what `description` writes; nil for anything else.
  public init?(_ text: some StringProtocol) {
    guard let match = try? #/d(\d{1,2})(?:m(\d))?/#.wholeMatch(in: String(text)),
      let degree = Int(match.1), let weightDegree = Int(match.2 ?? "0")
    else { return nil }
    self.init(degree: degree, weightDegree: weightDegree)
    guard description == text else { return nil }
  }

  public static func < (a: RuleShape, b: RuleShape) -> Bool {
    (a.degree, a.weightDegree) < (b.degree, b.weightDegree)
  }
}

/// Which coefficients a rule has: every power of the rate and of the fluctuation up to the degree, for every power of
/// the weight, for every layer of synapses that has its own.
public struct RuleShape: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// d.
  public var degree: Int
  /// M.
  public var weightDegree: Int
  /// The layers with coefficients of their own, ascending, two at least; empty where all that learn share them.
  public var layers: [Layer]

  /// - Parameter layers: those that learn, where each has its own coefficients; one alone is the same as none.
  public init(degree: Int, weightDegree: Int = 0, layers: [Layer] = []) {
    self.degree = degree
    self.weightDegree = weightDegree
    self.layers = layers.count > 1 ? layers.sorted() : []
  }

  /// That of a rule of so many coefficients.
  /// - Precondition: as many as some power of the weight makes of the degree.
  public init(degree: Int, coefficients: Int, layers: [Layer] = []) {
    self.init(degree: degree, layers: layers)
    let each = blocks * (degree + 1) * (degree + 1)
    invariant(
      coefficients > 0 && coefficients.isMultiple(of: each),
      "theta holds \(coefficients) numbers, degree \(degree) needs \(each) for every power of the weight")
    weightDegree = coefficients / each - 1
  }

  private var blocks: Int { max(1, layers.count) }

  /// Coefficients of one layer.
  public var block: Int { (weightDegree + 1) * (degree + 1) * (degree + 1) }

  /// P.
  public var coefficients: Int { blocks * block }

  /// Places of the coefficients that the synapses of `layer` use.
  public func range(of layer: Layer) -> Range<Int> {
    let place = layers.firstIndex(of: layer) ?? 0
    return place * block..<(place + 1) * block
  }

  /// The monomial at a place.
  public func term(_ index: Int) -> Term {
    let width = degree + 1
    return Term(
      k: index / width % width, l: index % width, m: index % block / (width * width),
      layer: layers.isEmpty ? nil : layers[index / block])
  }

  /// Places of a term: one, or one in every layer for a term that names none where layers have their own.
  public func places(of term: Term) -> [Int] {
    let place = (term.m * (degree + 1) + term.k) * (degree + 1) + term.l
    let starts =
      layers.isEmpty || term.layer != nil
      ? [term.layer.map { range(of: $0).lowerBound } ?? 0] : layers.map { range(of: $0).lowerBound }
    return starts.map { $0 + place }
  }

  /// True for a term that such a rule has.
  public func has(_ term: Term) -> Bool {
    max(term.k, term.l) <= degree && term.m <= weightDegree && (term.layer.map(layers.contains) ?? true)
  }

  /// The last of its terms: what their names go up to.
  public var lastTerm: Term { term(coefficients - 1) }

  /// `d3`, or `d3m1` where the rule sees the weight, or `d3-io` where inputs and outputs have coefficients of their own:
  /// part of the names of shards.
  public var description: String {
    "d\(degree)" + (weightDegree == 0 ? "" : "m\(weightDegree)")
      + layers.map { String($0 == .readout ? "o" : $0.rawValue.prefix(1)) }.joined()
  }

  /// Reads what `description` writes; nil for anything else.
  public init?(_ text: some StringProtocol) {
    guard let match = try? #/d(\d{1,2})(?:m(\d))?(r?)(i?)(o?)/#.wholeMatch(in: String(text)),
      let degree = Int(match.1), let weightDegree = Int(match.2 ?? "0")
    else { return nil }
    let layers = zip(Layer.allCases, [match.3, match.4, match.5]).filter { !$1.isEmpty }.map(\.0)
    self.init(degree: degree, weightDegree: weightDegree, layers: layers)
    guard description == text else { return nil }
  }

  public static func < (a: RuleShape, b: RuleShape) -> Bool {
    (a.degree, a.weightDegree, a.layers.count, a.description)
      < (b.degree, b.weightDegree, b.layers.count, b.description)
  }
}

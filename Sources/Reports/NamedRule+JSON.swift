import Ablation
import Launch
import Model
import Plasticity

/// A rule or a tuned rival as JSON: what `lines` tell, with all terms and every number whole.
extension NamedRule: Encodable {
  private enum CodingKeys: String, CodingKey {
    case title, rival, degree, formula, norm, terms, constants, critic, exploration, plastic, normalise,
      missing
    case weightDegree = "weight_degree"
    case traceMeanBy = "trace_mean_by"
    case thetaByLayer = "theta_by_layer"
  }

  private struct Part: Encodable {
    var term: String
    var monomial: String
    var theta: Double
    /// nil where the rule does not have its scale.
    var scale: Double?
    /// theta s, which a synapse computes.
    var effective: Double?
    var share: Double
  }

  /// A constant that is off or infinite is null. A rival has no terms.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(title, forKey: .title)
    try container.encode(rival?.rawValue, forKey: .rival)
    let own = file.constants.filter { constant, _ in
      rival.map { LearnerKind.rival($0).has(constant.declaration) } ?? true
    }
    try container.encode(
      Dictionary(uniqueKeysWithValues: own.map { ($0.key.name, $0.value.isFinite ? $0.value : nil) }),
      forKey: .constants)
    try container.encode(file.exploration?.rawValue, forKey: .exploration)
    try container.encode(file.critic?.rawValue, forKey: .critic)
    guard rival == nil else { return }
    let formula = RuleFormula(file.shape, theta: file.theta, scale: file.scale)
    try container.encode(file.degree, forKey: .degree)
    try container.encode(file.weightDegree, forKey: .weightDegree)
    try container.encode(formula.text(share: 1), forKey: .formula)
    try container.encode(formula.norm, forKey: .norm)
    try container.encode(
      formula.terms.map { part in
        let place = file.shape.places(of: part.term)[0]
        let scale = file.scale.map { $0[place] }
        return Part(
          term: part.term.name, monomial: part.monomial, theta: part.theta, scale: scale,
          effective: scale.map { $0 * part.theta }, share: part.share)
      }, forKey: .terms)
    try container.encode(file.plastic?.map(\.rawValue), forKey: .plastic)
    try container.encode(file.hasThetaByLayer, forKey: .thetaByLayer)
    try container.encode(file.traceMeanBy?.rawValue, forKey: .traceMeanBy)
    try container.encode(file.normalise, forKey: .normalise)
    try container.encode(file.missing, forKey: .missing)
  }
}

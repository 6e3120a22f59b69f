import Model

/// A plasticity rule in a YAML (or JSON) file: where a sweep may start, or what `trifactor evaluate` tests.
///
/// ```yaml
/// degree: 3
/// theta: {k1l1: -1, k3l3: 0.5}         # k1l1m1 has the weight in it; or (d + 1) rows of (d + 1) numbers: theta[k][l]
/// scale: [[...], ...]                  # the s it was learned with, same shape
/// constants: {eta: 0.02, clip: none}   # the local constants
/// calibration: {amplitude: 2.5}        # constants s was measured with, where learning has moved them since
/// critic: baseline                     # what m is: R - Rbar, the running baseline of the condition; or shared, learned
/// plastic: [recurrent, readout]        # synapses that learn; and theta-by: layer where each layer has its own theta
/// weight-degree: 1                     # where terms see the weight; rows of theta for W^0 come first, then for W^1
/// exploration: sparse                  # kind of the kicks
/// mechanisms: {trace-mean-by: condition}   # what mechanisms that are on have beside numbers
/// normalise: true                      # whether s scales each monomial's trace to rms 1
/// provenance: anything                 # read by nobody
/// ```
/// Degree and theta are required. Whatever else a file gives takes precedence over the configuration it is used in: a
/// sweep's defaults, or the target of an evaluation. A file written by `trifactor rule --to` gives everything (`missing`
/// is empty). s itself is measured anew for every task and network, with the constants that it was measured with.
public struct RuleFile: Sendable, Equatable {
  public var degree: Int
  /// theta[k,l,m] in the order of `RuleShape`.
  public var theta: [Double]
  /// s in the same order; nil where the file has none.
  public var scale: [Double]?
  /// The constants that the file gives; infinite for `none`.
  public var constants: [LocalConstant: Double] = [:]
  /// The constants that s was measured with, where they differ from `constants`.
  public var calibration: [LocalConstant: Double] = [:]
  public var exploration: KickKind?
  /// What the running mean of e is kept for; nil where the file does not say.
  public var traceMeanBy: TraceMeanGroup?
  /// What R is measured against.
  public var critic: CriticKind?
  public var normalise: Bool?
  /// The synapses that learn, ascending; nil where the file does not say.
  public var plastic: [Layer]?
  /// True where each of them has coefficients of its own.
  public var hasThetaByLayer = false
  /// Lines that say where the rule comes from; they are written and never read.
  public var provenance: [String] = []

  /// - Precondition: `theta`, and `scale` where given, hold (degree + 1)^2 numbers for every power of the weight.
  public init(
    degree: Int, theta: [Double], scale: [Double]? = nil, constants: [LocalConstant: Double] = [:],
    plastic: [Layer]? = nil, hasThetaByLayer: Bool = false, provenance: [String] = []
  ) {
    invariant(
      scale.map { $0.count == theta.count } ?? true, "scale does not hold \(theta.count) numbers")
    self.degree = degree
    self.theta = theta
    self.scale = scale
    self.constants = constants
    self.plastic = plastic
    self.hasThetaByLayer = hasThetaByLayer
    self.provenance = provenance
    _ = shape
  }

  /// The layers with coefficients of their own; see `RuleShape`.
  public var layers: [Layer] { hasThetaByLayer ? plastic ?? [] : [] }

  public var shape: RuleShape { RuleShape(degree: degree, coefficients: theta.count, layers: layers) }

  /// M, the largest power of the weight.
  public var weightDegree: Int { shape.weightDegree }

  /// False for a constant of a layer of synapses that the file does not say to learn.
  public func uses(_ constant: LocalConstant) -> Bool {
    var rule = RuleSettings()
    rule.plastic = plastic ?? rule.plastic
    return rule.uses(constant)
  }

  /// The coefficients that are not zero.
  public var entries: [ThetaEntry] {
    ThetaEntry.all(of: theta, shape)
  }

  /// What the file says of the setting at `path`; nil where it says nothing. Infinity is `none`.
  func value(of path: String) -> SettingValue? {
    switch path {
    case "exploration.kind": return exploration.map { .word($0.rawValue) }
    case "rule.trace-mean-by": return traceMeanBy.map { .word($0.rawValue) }
    case "rule.baseline": return critic.map { .word($0.rawValue) }
    case "rule.weight-degree": return weightDegree > 0 ? .integer(weightDegree) : nil
    case "rule.plastic": return plastic.map { .words($0.map(\.rawValue)) }
    case "rule.theta-by": return hasThetaByLayer ? .word(ThetaGroup.layer.rawValue) : nil
    case "rule.normalise": return normalise.map { .flag($0) }
    default: break
    }
    guard let setting = ConstantSetting.all.first(where: { $0.path == path }),
      setting.constants.contains(where: { constants[$0] != nil })
    else { return nil }
    // What a list lacks is at its default.
    return setting.value(of: LocalConstants().replacing(constants))
  }

  /// Why reading this rule would fail: a constant that is out of bounds; nil where nothing is wrong.
  public var refusal: String? {
    LocalConstant.allCases.lazy.compactMap { constant in
      constants[constant].flatMap(constant.refusal)
        ?? calibration[constant].flatMap(constant.refusal)
    }.first
  }

  /// The keys of what belongs to a rule and is not in the file.
  public var missing: [String] {
    let wanted = LocalConstant.allCases.filter(uses)
    var missing = wanted.filter { constants[$0] == nil }.map(\.name)
    if missing.count == wanted.count { missing = ["constants"] }
    if exploration == nil { missing.append("exploration") }
    if traceMeanBy == nil, constants[.traceMean].map({ $0 > 0 }) == true {
      missing.append("trace-mean-by")
    }
    if critic == nil { missing.append("critic") }
    if normalise == nil { missing.append("normalise") }
    return missing
  }

  /// A sentence about what the file leaves open; nil where it gives everything.
  ///
  /// - Parameters:
  ///   - file: its name.
  ///   - source: where the rest comes from: `the sweep file and the defaults`.
  public func assumption(file: String, source: String) -> String? {
    guard !missing.isEmpty else { return nil }
    return
      "the rule file `\(file)` says nothing of \(missing.joined(separator: ", ")); taken from \(source)"
  }
}

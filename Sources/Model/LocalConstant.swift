/// A constant of a rule beside theta, local to a synapse or a neuron (METHOD's "local constants").
///
/// All that the program knows of a constant is declared here, once: its name, its setting, its bounds, how it is
/// learned, who has it. The raw value is its place in records, in the coordinates of a search and in cell keys, so the
/// order never changes and a new constant comes last.
public enum LocalConstant: Int, Sendable, CaseIterable, Codable {
  case eta, clip, tauE, tauBar, baselineRate, probability, amplitude, gate, growth0, growth2, traceMean

  /// What is known of it.
  public var declaration: Declaration { Self.declarations[rawValue] }

  private static let declarations = allCases.map(\.declared)

  private var declared: Declaration {
    switch self {
    case .eta:
      Declaration(
        "eta", in: "rule", standard: 0.02, .notNegative, "learning rate of the plasticity rule")
    case .clip:
      Declaration(
        "clip", in: "rule", standard: 0.015, .positive, canBeInfinite: true, "largest |mu_ij| of one update")
    case .tauE:
      Declaration(
        "tau-e", in: "rule", standard: 400, .positive, canBeInfinite: true, isTime: true,
        learners: .threeFactor, "ms, time constant of the eligibility trace; none = infinite")
    case .tauBar:
      Declaration(
        "tau-bar", in: "rule", standard: 15, .positive, isTime: true, learners: .threeFactor,
        "ms, time constant of xbar")
    case .baselineRate:
      Declaration(
        "baseline-rate", in: "rule", standard: 0.5, .share, "a_R, rate of the running reward baseline")
    case .probability:
      Declaration(
        "probability", in: "exploration", standard: 0.01, .share, kicks: [.sparse],
        "p of a sparse kick, a unit and step")
    case .amplitude:
      Declaration(
        "amplitude", in: "exploration", standard: 2.5, .notNegative, kicks: [.sparse, .gaussian],
        "A, size of a kick")
    case .gate:
      Declaration(
        "gate", in: "exploration", standard: 0, .any, coordinate: .plain, kicks: [.sparse, .gaussian],
        mechanism: "the gate", "cx: A exp(cx (Rbar + 1))")
    case .growth0:
      Declaration(
        "growth-0", in: "rule", partOf: "growth", standard: 0, .any, coordinate: .plain,
        learners: .threeFactor,
        mechanism: "growth", "lam_0, decay of W")
    case .growth2:
      Declaration(
        "growth-2", in: "rule", partOf: "growth", standard: 0, .any, coordinate: .plain,
        learners: .threeFactor,
        mechanism: "growth", "lam_2, its part driven by surprise")
    case .traceMean:
      Declaration(
        "trace-mean", in: "rule", standard: 0, .share, learners: .threeFactor,
        mechanism: "the running mean of e", hasDerivatives: false, recordVersion: 2,
        "a_e, rate of the running mean of e that mu leaves out; 0 = off; needs evolution")
    }
  }
}

extension LocalConstant {
  /// How a search moves a constant.
  public enum Coordinate: Sendable {
    /// By its logarithm: it stays above 0, and a search must start there.
    case logarithm
    /// As it is.
    case plain
  }

  /// Who has a constant.
  public enum Learners: Sendable {
    /// Rules of theta and their rivals.
    case all
    /// Rules of theta alone.
    case threeFactor
  }

  /// What is known of a constant.
  public struct Declaration: Sendable {
    /// As rule files, records and contenders call it.
    public let name: String
    /// The setting of a sweep file that holds it: `rule.eta`. Constants with one path are the numbers of a list there.
    public let path: String
    /// The value where nothing else is said.
    public let standard: Double
    /// The finite values it may have.
    public let bounds: NumberBounds
    public let coordinate: Coordinate
    /// True where it may also be infinite, which files write as `none`.
    public let canBeInfinite: Bool
    /// True for time constants, which the Euler grid must resolve.
    public let isTime: Bool
    public let learners: Learners
    /// Kinds of exploration without which it has no effect; nil where it always has one.
    public let kicks: [KickKind]?
    /// What it belongs to, where that is off unless a rule asks for it: then 0 is off.
    public let mechanism: String?
    /// False where gradients by theta are unknown while it is on, so that only evolution can learn.
    public let hasDerivatives: Bool
    /// The first version of the records that hold it.
    public let recordVersion: UInt8
    /// A line for the reference of settings.
    public let summary: String

    fileprivate init(
      _ name: String, in group: String, partOf list: String? = nil, standard: Double, _ bounds: NumberBounds,
      coordinate: Coordinate = .logarithm, canBeInfinite: Bool = false, isTime: Bool = false,
      learners: Learners = .all, kicks: [KickKind]? = nil, mechanism: String? = nil,
      hasDerivatives: Bool = true, recordVersion: UInt8 = 1, _ summary: String
    ) {
      self.name = name
      path = "\(group).\(list ?? name)"
      self.standard = standard
      self.bounds = bounds
      self.coordinate = coordinate
      self.canBeInfinite = canBeInfinite
      self.isTime = isTime
      self.learners = learners
      self.kicks = kicks
      self.mechanism = mechanism
      self.hasDerivatives = hasDerivatives
      self.recordVersion = recordVersion
      self.summary = summary
    }
  }
}

extension LocalConstant: Comparable {
  public static func < (a: LocalConstant, b: LocalConstant) -> Bool { a.rawValue < b.rawValue }
}

extension LocalConstant {
  public var name: String { declaration.name }
  public var path: String { declaration.path }
  public var bounds: NumberBounds { declaration.bounds }

  /// All names, in the order of records.
  public static let names = allCases.map(\.name)

  private static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.name, $0) })

  /// The constant that rule files and records call `name`; nil for an unknown name.
  public init?(name: String) {
    guard let found = Self.byName[name] else { return nil }
    self = found
  }

  /// True for a value that may stand in a file: within the bounds, or infinite where that is allowed.
  public func allows(_ value: Double) -> Bool {
    bounds.contains(value) || value == .infinity && declaration.canBeInfinite
  }

  /// True where `value` neither is off nor lacks a coordinate, so that a search can move it.
  public func canBeLearned(from value: Double) -> Bool {
    declaration.coordinate == .plain || value > 0 && value.isFinite
  }
}

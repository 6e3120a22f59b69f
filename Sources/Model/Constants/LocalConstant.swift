/// A constant of a rule beside theta, local to a synapse or a neuron.
///
/// All that the program knows of a constant is declared in one place: its name, its setting, its bounds, how it is
/// learned, who has it. The constants that every rule has are declared here, those of a mechanism in the file of the mechanism. The
/// raw value is the constant's place in records, in the coordinates of a search and in cell keys, so the order never
/// changes and a new constant comes last.
public struct LocalConstant: RawRepresentable, Hashable, Sendable, CaseIterable, Codable {
  public let rawValue: Int

  /// - Returns: nil for a place that no constant has.
  public init?(rawValue: Int) {
    guard Self.declarations.indices.contains(rawValue) else { return nil }
    self.rawValue = rawValue
  }

  /// The constant that is declared under `name`.
  /// - Precondition: there is one.
  public init(declared name: String) {
    let place = Self.declarations.firstIndex { $0.name == name }
    invariant(place != nil, "no local constant is declared as \(name)")
    rawValue = place!
  }

  public static let allCases = declarations.indices.map { LocalConstant(rawValue: $0)! }

  /// What is known of it.
  public var declaration: Declaration { Self.declarations[rawValue] }
}

/// The constants that every rule has.
extension LocalConstant {
  public static let eta = LocalConstant(declared: "eta")
  public static let clip = LocalConstant(declared: "clip")
  public static let tauE = LocalConstant(declared: "tau-e")
  public static let tauBar = LocalConstant(declared: "tau-bar")
  public static let baselineRate = LocalConstant(declared: "baseline-rate")
  public static let probability = LocalConstant(declared: "probability")
  public static let amplitude = LocalConstant(declared: "amplitude")

  /// Factors of eta at the synapses of inputs and of readouts, where they learn.
  public static let inputRate = LocalConstant(declared: "eta-input")
  public static let readoutRate = LocalConstant(declared: "eta-readout")

  static let everyRules = [
    Declaration("eta", in: "rule", standard: 0.02, .notNegative, "learning rate of the plasticity rule"),
    Declaration(
      "clip", in: "rule", standard: 0.015, .positive, canBeInfinite: true, "largest |mu_ij| of one update"),
    Declaration(
      "tau-e", in: "rule", standard: 400, .positive, canBeInfinite: true, isTime: true,
      learners: .threeFactor, "ms, time constant of the eligibility trace; none = infinite"),
    Declaration(
      "tau-bar", in: "rule", standard: 15, .positive, isTime: true, learners: .threeFactor,
      "ms, time constant of xbar"),
    Declaration(
      "baseline-rate", in: "rule", standard: 0.5, .share, "a_R, rate of the running reward baseline"),
    Declaration(
      "probability", in: "exploration", standard: 0.01, .share, kicks: [.sparse], isDifferentiable: false,
      "p of a sparse kick, a unit and step"),
    Declaration(
      "amplitude", in: "exploration", standard: 2.5, .notNegative, kicks: [.sparse, .gaussian],
      "A, size of a kick"),
  ]

  /// Those that came after the mechanisms.
  static let laterRules = [
    Declaration(
      "eta-input", in: "rule", standard: 1, .notNegative, learners: .threeFactor, recordVersion: 3,
      "eta of input synapses as a multiple of rule.eta, where rule.plastic has them"),
    Declaration(
      "eta-readout", in: "rule", standard: 1, .notNegative, learners: .threeFactor, recordVersion: 3,
      "eta of readout synapses as a multiple of rule.eta, where rule.plastic has them"),
  ]
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
    /// The default.
    public let standard: Double
    /// The finite values it may have.
    public let bounds: NumberBounds
    public let coordinate: Coordinate
    /// True if it may also be infinite, which files write as `none`.
    public let canBeInfinite: Bool
    /// True for time constants, which the Euler grid must resolve.
    public let isTime: Bool
    public let learners: Learners
    /// The kinds of exploration with which it has an effect; nil for all.
    public let kicks: [KickKind]?
    /// The mechanism it belongs to, which is off where the constant is 0; nil for a constant of every rule.
    public internal(set) var mechanism: String?
    /// False if there are no gradients by theta while it is on, so that only evolution can learn.
    public internal(set) var hasDerivatives = true
    /// The first version of the records that hold it.
    public let recordVersion: UInt8
    /// True where both engines know derivatives by it, so that gradients learn it; false: evolution alone does.
    public let isDifferentiable: Bool
    /// A line for the reference of settings.
    public let summary: String

    /// - Parameters:
    ///   - name: as rule files, records and contenders call it.
    ///   - group: of the setting: `rule` or `exploration`.
    ///   - list: the last part of the setting's path, where several constants share one.
    public init(
      _ name: String, in group: String, partOf list: String? = nil, standard: Double, _ bounds: NumberBounds,
      coordinate: Coordinate = .logarithm, canBeInfinite: Bool = false, isTime: Bool = false,
      learners: Learners = .all, kicks: [KickKind]? = nil, recordVersion: UInt8 = 1,
      isDifferentiable: Bool = true, _ summary: String
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
      self.recordVersion = recordVersion
      self.isDifferentiable = isDifferentiable
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

  /// d value / d coordinate: a constant that a search moves by its logarithm changes by its own size.
  public func chain(at value: Double) -> Double { declaration.coordinate == .logarithm ? value : 1 }

  /// True if a search can move it from `value`, which then is not off and has a coordinate.
  public func canBeLearned(from value: Double) -> Bool {
    declaration.coordinate == .plain || value > 0 && value.isFinite
  }
}

import Kernels
import Model
import Plasticity
import Sweep

/// What `audit` finds about one cell, and its verdict.
public struct AuditReport: Sendable {
  /// Largest relative error of a tangent against settled differences.
  public static let tolerance = 1e-5

  public var cell: Cell
  public var subject: AuditSubject
  public var start: Rule
  public var differences: DifferenceAudit
  public var engines: EngineAudit
  public var estimators: EstimatorAudit
  /// The same by the constants that gradients can learn, each in the coordinate that a search moves it by.
  public var constants: [LocalConstant]
  public var constantDifferences: DifferenceAudit
  public var constantEngines: EngineAudit
  public var constantEstimators: EstimatorAudit
  /// What horizons do to all of these gradients.
  public var horizons: HorizonAudit
  /// GFLOP of one lifetime with this estimator, by the cost model.
  public var gigaflop: [Estimator: Double]

  public enum Verdict: Sendable, Equatable {
    case passed
    /// What is wrong, one sentence each.
    case failed([String])
    /// Nothing is wrong, but too little could be compared to say that all is right.
    case undecided(String)
  }

  /// - Parameters:
  ///   - trials: H of the lifetimes that are differenced and compared; nil for the cell's own.
  ///   - samples: lifetimes for bias and variance, of the cell's own length.
  ///   - horizons: those that are compared with none.
  /// - Throws: `RivalError` for a cell whose learner is a rival; `TaskError` where a task refuses its settings, which
  ///   no cell of a read sweep file does.
  public init(
    _ cell: Cell, trials: Int?, samples: Int, horizons: [Int] = HorizonAudit.standardHorizons,
    level: SIMDLevel, schema: SettingsSchema = .trifactor
  ) throws {
    self.cell = cell
    let configuration = try CellConfiguration(cell.settings, schema: schema)
    guard configuration.rival == nil else { throw RivalError(noRuleIn: cell) }
    try configuration.requireDerivatives(for: "audit")
    let scales = configuration.scales(level: level)
    start = configuration.startRule(scales: scales)
    let task = configuration.tasks[0]
    let unit =
      configuration.normalise
      ? Array(repeating: 1, count: start.theta.count)
      : Calibration.scales(
        task: task, method: configuration.method, constants: start.constants, shape: start.shape,
        level: level)
    var subject = AuditSubject(
      task: task, method: configuration.method, rule: start,
      address: LifetimeAddress(seed: configuration.meta.seed, domain: .training, index: 0), level: level,
      units: unit)
    let (double, group) = (configuration.isDouble, max(2, configuration.meta.lifetimes))
    constants = subject.constants
    estimators = EstimatorAudit(subject, samples: samples, double: double, group: group)
    constantEstimators = EstimatorAudit(
      subject.along(constants), samples: samples, double: double, group: group)
    self.horizons = HorizonAudit(subject, horizons: horizons, samples: samples, double: double)
    if let trials { subject.method.trials = trials }
    self.subject = subject
    differences = DifferenceAudit(subject)
    engines = EngineAudit(subject)
    constantDifferences = DifferenceAudit(subject.along(constants))
    constantEngines = EngineAudit(subject.along(constants))
    gigaflop = Self.cost(cell.settings, try schema.shapes(of: cell.settings))
  }

  private static func cost(_ settings: Settings, _ shapes: [TaskShape]) -> [Estimator: Double] {
    Dictionary(
      uniqueKeysWithValues: Estimator.allCases.map { estimator in
        var settings = settings
        settings.meta.estimator = estimator
        let model = CostModel(settings, shapes: [shapes[0]])
        return (estimator, model.gradientTrial * Double(settings.trials) / 1e9)
      })
  }

  /// Why an estimator is not expected to be unbiased here; nil where it is.
  public func reasonForBias(_ estimator: Estimator) -> String? {
    let carries = estimator == .pathwise || estimator == .tangent || estimator == .antithetic
    if carries, let horizon = subject.method.horizon, horizon < cell.settings.trials {
      return "horizon \(horizon)"
    }
    if carries, subject.method.reward == .binary { return "binary reward" }
    if estimator == .tangent || estimator == .antithetic, subject.rule.constants[.gate] != 0 {
      return "the gate moves kicks without moving W"
    }
    return estimator == .evolution ? "steps of 0.1" : nil
  }

  public var verdict: Verdict {
    if let trial = differences.divergedAt {
      return .undecided(
        "the lifetime diverged in trial \(trial); audit a rule that does not, or fewer --trials")
    }
    var wrong: [String] = []
    for (name, parts) in [
      ("the double engine and the reference", engines.reference + constantEngines.reference),
      ("the float and the double engine", engines.float),
      ("the adjoint and the forward engine", engines.adjoint + constantEngines.adjoint),
    ] {
      // Engines may differ in a trial at a kink; if they differ in more than one of fifty, something is wrong.
      for part in parts where part.beyond > part.trials / 50 {
        wrong.append(
          "\(name) differ in \(part.quantity) by \(short(part.worst)), more than \(short(part.tolerance)), in "
            + "\(part.beyond) of \(part.trials) trials")
      }
    }
    let errors = compared.compactMap(\.error)
    if let worst = errors.max(), worst > Self.tolerance {
      wrong.append(
        "tangents differ from settled differences by \(short(worst)), more than \(short(Self.tolerance))")
    }
    if !wrong.isEmpty { return .failed(wrong) }
    let settled = compared.reduce(0) { $0 + $1.settled }
    let all = compared.reduce(0) { $0 + $1.directions }
    if settled == 0 {
      return .undecided("none of \(all) differences settled: kinks or chaos; try fewer --trials")
    }
    return .passed
  }

  /// Largest error of a tangent among the settled differences; nil where there is none.
  public var worstDifference: Double? { compared.compactMap(\.error).max() }

  /// Every comparison of tangents with differences.
  private var compared: [DifferenceAudit.Comparison] {
    [differences, constantDifferences].flatMap { audit in
      audit.trials + audit.cumulated + audit.weights.map(\.comparison)
    }
  }
}

/// Two digits, in powers of ten where a plain number would be long.
func short(_ value: Double) -> String {
  guard value.isFinite else { return "\(value)" }
  if value == 0 { return "0" }
  let size = abs(value)
  var exponent = 0
  var mantissa = size
  while mantissa >= 9.95 {
    mantissa /= 10
    exponent += 1
  }
  while mantissa < 0.995 {
    mantissa *= 10
    exponent -= 1
  }
  let sign = value < 0 ? "-" : ""
  let digits = "\((mantissa * 10).rounded() / 10)"
  if (-3...2).contains(exponent) {
    // Three significant digits.
    var scale = 1.0
    for _ in 0..<abs(2 - exponent) { scale *= 10 }
    return sign + "\((size * scale).rounded() / scale)"
  }
  return "\(sign)\(digits)e\(exponent)"
}

import Kernels
import Model
import Plasticity
import Sweep
import Tasks

/// Lifetime 0 of meta-iteration 0 of a cell, ready to run: its task, its learner, and what it can be differentiated by.
struct LifetimeSubject {
  let cell: Cell
  let configuration: CellConfiguration
  let task: any LearningTask
  /// For a rival, the rule that `RivalRule.rule` makes of it.
  let rule: Rule
  let runner: any LifetimeRunner
  let address: LifetimeAddress
  /// Why there is no gradient; nil where there is one.
  let withoutGradient: String?

  /// Those that are exported, as g_NAME.
  static let estimators = [Estimator.tangent, .antithetic, .pathwise, .score]

  /// - Parameter file: a whole rule in place of the cell's learner. Scales are measured for it here, with the constants
  ///   that it says they were measured with.
  /// - Throws: `TaskError` where the task refuses its settings, `RivalError` where a rival has nothing to learn from;
  ///   neither for a cell of a read sweep file.
  init(_ cell: Cell, rule file: RuleFile?, level: SIMDLevel) throws {
    var configuration = try CellConfiguration(cell.settings)
    if let file {
      configuration.rival = nil
      configuration.shape = file.shape
      configuration.start = .entries(file.theta)
      configuration = RuleFrame(file).applied(to: configuration)
    }
    var rule = configuration.startRule(scales: configuration.scales(level: level))
    if let file { rule.constants = rule.constants.replacing(file.constants) }
    let method = configuration.method
    task = configuration.tasks[0]
    if let rival = configuration.rival {
      runner = try task.runner(
        rival, method, constants: rule.constants, double: configuration.isDouble, level: level)
      withoutGradient = "learner \(rival.rawValue) has no theta to differentiate by"
    } else {
      runner = task.runner(
        method, double: configuration.isDouble, level: level, engine: configuration.engine)
      let mechanisms = Mechanisms(rule.constants, traceMeanBy: method.traceMeanBy)
      withoutGradient = mechanisms.withoutDerivatives.map { "no engine has the derivatives of \($0)" }
    }
    self.cell = cell
    self.configuration = configuration
    self.rule = rule
    address = LifetimeAddress(seed: configuration.meta.seed, domain: .training, index: 0)
  }

  var method: Method { configuration.method }

  /// What it is differentiated by, in the order of U, Rdot and the estimates: the coefficients that exist, then the
  /// constants that the cell learns.
  var directions: [(name: String, coordinate: RuleCoordinate)] {
    guard withoutGradient == nil else { return [] }
    let learned = configuration.meta.learned
    // A rule file may have other terms than the cell.
    let terms = learned.terms.map { terms in
      rule.theta.indices.filter { terms.contains($0) || rule.theta[$0] != 0 }
    }
    return rule.coordinates(LearnedSet(terms: terms, constants: learned.constants)).map { coordinate in
      switch coordinate {
      case .theta(let index): (rule.shape.term(index).name, coordinate)
      case .constant(let constant): (constant.name, coordinate)
      }
    }
  }

  /// What is not written, and why; nil where all is.
  var leftOut: (names: [String], reason: String)? {
    let tangents = ["U", "U_in", "U_out", "Rdot"]
    if let withoutGradient {
      return (tangents + Self.estimators.map { "g_\($0)" }, withoutGradient)
    }
    guard configuration.engine != .forward else { return nil }
    return (
      tangents, "engine adjoint goes back over the lifetime once and carries no tangents; engine forward does"
    )
  }
}

/// Credited work and memory of a cell, from its settings and the sizes of its tasks.
///
/// Flops of one trial, with P = (d + 1)^2 and T steps: the primal 2 N^2 T, the eligibility trace 2 (d + 1) N^2 T,
/// all tangents 8 P N^2 T forward or (6 d + 6) N^2 T by the adjoint, score products 2 (d + 1) N^2 T, the twin of
/// `antithetic` 2 N^2 T. Lower orders (inputs, read-out, noise) are left out, so the cost of very small networks
/// is underrated evenly.
public struct CostModel: Sendable, Equatable {
  /// Trials are those of the cell's tasks, on average.
  public var settings: Settings
  /// Mean T over the tasks.
  public var steps: Double
  /// Largest M, K and T over the tasks.
  public var largest: TaskShape

  public init(_ settings: Settings, shapes: [TaskShape]) {
    precondition(!shapes.isEmpty, "a cell has at least one task")
    self.settings = settings
    steps = Double(shapes.map(\.steps).reduce(0, +)) / Double(shapes.count)
    largest = TaskShape(
      inputs: shapes.map(\.inputs).max() ?? 0, outputs: shapes.map(\.outputs).max() ?? 0,
      steps: shapes.map(\.steps).max() ?? 0)
  }

  private var squareSteps: Double { Double(settings.network.units) * Double(settings.network.units) * steps }
  private var width: Double { Double(settings.rule.degree + 1) }

  /// Flops of one trial without any gradient.
  public var primalTrial: Double { (2 + 2 * width) * squareSteps }

  /// Flops of one trial of the lifetimes that the gradient is made of.
  public var gradientTrial: Double {
    let tangents = settings.engine == .forward ? 8 * width * width * squareSteps : 6 * width * squareSteps
    switch settings.meta.estimator {
    case .tangent, .pathwise: return primalTrial + tangents
    case .antithetic: return primalTrial + tangents + 2 * squareSteps
    case .score: return primalTrial + 2 * width * squareSteps
    case .evolution: return primalTrial
    }
  }

  /// Lifetimes of the whole search: gradient, validation (and once more for each of the two candidates at the
  /// end), evaluation under three rules.
  public var gradientLifetimes: Int { settings.meta.iterations * settings.meta.lifetimes }
  public var primalLifetimes: Int {
    (settings.meta.iterations / settings.meta.validationEvery + 2) * settings.meta.validationNetworks
      + 3 * settings.evaluation.networks
  }

  /// Credited work of the whole cell.
  public var gigaflop: Double {
    let trials = Double(settings.trials)
    let scale = settings.rule.normalise ? 40 * width * width * squareSteps : 0
    return
      (trials * (Double(gradientLifetimes) * gradientTrial + Double(primalLifetimes) * primalTrial) + scale)
      / 1e9
  }

  /// Bytes a rank holds for a cell that `ranks` share. Lifetimes are split first; ranks beyond their number split
  /// the tangent directions.
  public func bytes(ranksPerCell ranks: Int = 1) -> Double {
    let units = Double(settings.network.units)
    let padded = Double((settings.network.units + 15) / 16 * 16)
    let slices = (ranks + settings.meta.lifetimes - 1) / settings.meta.lifetimes
    let directions = (width * width / Double(slices)).rounded(.up)
    let trajectories = 4 * Double(largest.steps) * padded
    var scalars = 6 * units * padded + trajectories
    switch (settings.meta.estimator, settings.engine) {
    case (.tangent, .forward), (.antithetic, .forward), (.pathwise, .forward):
      scalars += 2 * directions * units * padded + 3 * directions * Double(largest.steps) * padded
    case (.tangent, .adjoint), (.antithetic, .adjoint), (.pathwise, .adjoint):
      scalars += 8 * units * padded + 8 * Double(largest.steps) * padded
      let stored = Double(settings.trials) * (units * padded + 2 * Double(largest.steps) * padded)
      let size = settings.precision == .float ? 4.0 : 8.0
      scalars += min(stored, settings.memory.map { Double($0) / size } ?? stored)
    case (.score, _), (.evolution, _): break
    }
    return scalars * (settings.precision == .float ? 4 : 8)
  }
}

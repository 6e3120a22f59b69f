import Model

/// Credited work and memory of a cell, from its settings and the sizes of its tasks.
///
/// Flops of one trial, with P directions ((d + 1)^2 where all coefficients of a rule are learned and nothing else) and T
/// steps: the primal 2 N^2 T, the eligibility trace 2 (d + 1) N^2 T, all tangents 8 P N^2 T forward or (6 d + 6) N^2 T by
/// the adjoint, score products 2 (d + 1) N^2 T, the twin of `antithetic` 2 N^2 T. All but the primal and the twin once more
/// for every power of the weight that the rule sees. Lower orders (inputs, read-out, noise) are left out, so the cost of very small networks
/// is underestimated, for all of them alike. Besides the lifetimes of the gradient there are those of the validation
/// networks, which also judge the two candidates at the end, and of the evaluation networks under three rules, all
/// without gradient.
public struct CostModel: Sendable, Equatable {
  /// Trials are those of the cell's tasks, on average.
  public var settings: Settings
  /// Mean T over the tasks.
  public var steps: Double
  /// Largest M, K and T over the tasks.
  public var largest: TaskShape

  public init(_ settings: Settings, shapes: [TaskShape]) {
    invariant(!shapes.isEmpty, "a cell has at least one task")
    self.settings = settings
    steps = Double(shapes.map(\.steps).reduce(0, +)) / Double(shapes.count)
    largest = TaskShape(
      inputs: shapes.map(\.inputs).max() ?? 0, outputs: shapes.map(\.outputs).max() ?? 0,
      steps: shapes.map(\.steps).max() ?? 0, conditions: shapes.map(\.conditions).max() ?? 1)
  }

  private var squareSteps: Double { Double(settings.network.units) * Double(settings.network.units) * steps }
  private var width: Double { Double(settings.rule.degree + 1) }
  /// Powers of the weight: each has a trace, and tangents of it, of its own.
  private var powers: Double { Double(settings.rule.weightDegree + 1) }
  /// Slow means of the trace that a synapse keeps.
  private var means: Double {
    settings.rule.traceMeanBy == .condition ? Double(largest.conditions) : 1
  }
  /// What a gradient is taken by: the coefficients that exist and the constants that have derivatives.
  private var directions: Double {
    let learned = ConstantSetting.all.filter { settings.meta.learn.contains($0.name) }.flatMap(\.constants)
    let terms = settings.meta.learn.contains("theta") ? settings.rule.existing : 0
    return Double(terms + learned.filter(\.declaration.isDifferentiable).count)
  }

  /// Rows of synapses: W, and Win and Wout where they learn.
  private var rows: Double {
    let plastic = settings.rule.plastic
    return Double(
      settings.network.units + (plastic.contains(.input) ? largest.inputs : 0)
        + (plastic.contains(.readout) ? largest.outputs : 0))
  }

  /// Flops of the spectral radius of a network's W0; 0 where W0 is not scaled by it.
  private var radius: Double {
    settings.network.wiring.excitatory == nil ? 0 : 200 * squareSteps / steps
  }

  /// Flops of one trial without any gradient.
  public var primalTrial: Double { (2 + 2 * width * powers) * squareSteps }

  /// Flops of all tangents of one trial; 0 for the estimators that need none.
  public var tangentTrial: Double {
    switch settings.meta.estimator {
    case .tangent, .pathwise, .antithetic:
      (settings.engine == .forward ? 8 * directions : 6 * width) * powers * squareSteps
    case .score, .evolution: 0
    }
  }

  /// Flops of one trial of the lifetimes that the gradient is made of.
  public var gradientTrial: Double {
    let more =
      switch settings.meta.estimator {
      case .antithetic: 2 * squareSteps
      case .score: 2 * width * powers * squareSteps
      case .tangent, .pathwise, .evolution: 0.0
      }
    return primalTrial + more + tangentTrial
  }

  /// The same cell by the adjoint engine; nil where it has no tangents to save, or where no tape fits its memory.
  public var byAdjoint: CostModel? {
    guard settings.engine == .forward, settings.meta.estimator.needsTangents else { return nil }
    var other = self
    other.settings.engine = .adjoint
    return other.tapeLength == nil ? nil : other
  }

  /// Seconds that one lifetime of the gradient takes on a slow core (5 GFLOP/s credited): how long to wait for a rank
  /// that has not finished its first.
  public var slowLifetime: Double { gradientTrial * Double(settings.trials) / 5e9 }

  /// Lifetimes that the gradients of the whole cell are made of.
  public var gradientLifetimes: Int { settings.meta.iterations * settings.meta.lifetimes }

  /// Lifetimes without a gradient: of the validation networks, and of the evaluation networks under three rules.
  public var testLifetimes: Int { Int(testRounds(ranks: 1)) }

  /// Credited work of the whole cell.
  public var gigaflop: Double { longestShare(ranks: 1) }

  /// Credited work, in GFLOP, of the rank that has most to do when `ranks` share the cell. Lifetimes are shared out
  /// first; where there are more ranks than lifetimes, each runs the primal pass and a slice of the tangents.
  public func longestShare(ranks: Int) -> Double {
    let (search, tests) = trials(ranks: ranks)
    return (Double(settings.trials) * (search + tests) + scaleFlops) / 1e9
  }

  /// Seconds of that rank.
  public func seconds(ranks: Int = 1, at speed: CoreSpeed) -> Double {
    let (search, tests) = trials(ranks: ranks)
    return Double(settings.trials) * search / flops(speed, gradientWork)
      + (Double(settings.trials) * tests + scaleFlops) / flops(speed, .primal)
  }

  /// Flops of a trial of every lifetime: of those of the gradients, and of those that test.
  private func trials(ranks: Int) -> (search: Double, tests: Double) {
    (Double(settings.meta.iterations) * batchTrial(ranks: ranks), testRounds(ranks: ranks) * primalTrial)
  }

  /// Flops of measuring the scale of every term.
  private var scaleFlops: Double {
    settings.rule.normalise ? 40 * width * width * powers * squareSteps + 20 * width * width * radius : 0
  }

  /// Seconds of one meta-iteration with its validation, all of which a crash repeats.
  public func longestIteration(ranks: Int, at speed: CoreSpeed) -> Double {
    let tests = rounds(settings.meta.validationNetworks, ranks) * primalTrial
    return Double(settings.trials)
      * (batchTrial(ranks: ranks) / flops(speed, gradientWork) + tests / flops(speed, .primal))
  }

  /// What the lifetimes of the gradient do.
  private var gradientWork: CoreSpeed.Work { CoreSpeed.Work(settings.engine, settings.meta.estimator) }

  /// Flops a second.
  private func flops(_ speed: CoreSpeed, _ work: CoreSpeed.Work) -> Double {
    1e9 * speed.gigaflops(work, units: settings.network.units, precision: settings.precision)
  }

  /// Lifetimes of validation and evaluation that one of so many ranks runs.
  private func testRounds(ranks: Int) -> Double {
    let validations = Double(settings.meta.iterations / settings.meta.validationEvery + 2)
    return validations * rounds(settings.meta.validationNetworks, ranks)
      + 3 * rounds(settings.evaluation.networks, ranks)
  }

  /// Flops of one trial of all lifetimes of a batch, on the rank that has most to do.
  private func batchTrial(ranks: Int) -> Double {
    invariant(ranks > 0, "a cell needs at least one rank")
    let slices = settings.engine == .forward ? Double(self.slices(ranks: ranks)) : 1
    return rounds(settings.meta.lifetimes, ranks) * (gradientTrial - tangentTrial + tangentTrial / slices)
  }

  /// Lifetimes that one rank runs one after the other where so many ranks share them.
  private func rounds(_ lifetimes: Int, _ ranks: Int) -> Double { Double((lifetimes + ranks - 1) / ranks) }

  /// Parts into which the tangent directions of a lifetime are cut.
  private func slices(ranks: Int) -> Int {
    let most = max(1, Int(directions))
    return min(most, max(1, (ranks + settings.meta.lifetimes - 1) / settings.meta.lifetimes))
  }

  /// Trials that the adjoint engine keeps at once: all of them if `memory` (1 GiB where it is none) allows, else the
  /// most that fit beside one copy of W for every such stretch; nil if not even the smallest tape fits.
  public var tapeLength: Int? {
    let limit = tapeLimit
    if tapeScalars(length: settings.trials) <= limit { return settings.trials }
    // Memory falls with the length down to the square root, where the copies of W take over.
    let fitting = (1...settings.trials).last { tapeScalars(length: $0) <= limit }
    guard fitting == nil, settings.memory == nil else { return fitting }
    return (1...settings.trials).min { tapeScalars(length: $0) < tapeScalars(length: $1) }
  }

  /// Tapes of lifetimes that the adjoint engine runs side by side: as many as `memory` allows, 1 where lifetimes must be
  /// cut into stretches.
  public var tapes: Int {
    guard tapeLength == settings.trials else { return 1 }
    let each = tapeScalars(length: settings.trials)
    return max(1, min(LifetimeWidth.mostTapes, Int(tapeLimit / each)))
  }

  /// Scalars that `memory` allows.
  private var tapeLimit: Double {
    Double(settings.memory ?? 1 << 30) / (settings.precision == .float ? 4 : 8)
  }

  /// The bytes of the smallest tape.
  public var leastTapeBytes: Double {
    let least = (1...settings.trials).map { tapeScalars(length: $0) }.min() ?? 0
    return least * (settings.precision == .float ? 4 : 8)
  }

  /// W, e, the mask and xi, r and delta of every trial on the tape, and W at the start of every stretch.
  private func tapeScalars(length: Int) -> Double {
    let padded = Double((settings.network.units + 15) / 16 * 16)
    let stretches = ((Double(settings.trials)) / Double(length)).rounded(.up)
    return (Double(length) * (4 * rows + 2 * Double(largest.steps)) + stretches * rows) * padded
  }

  /// The most bytes that a rank needs for a cell that `ranks` share: W, e, xi and the like, trajectories and tables of
  /// powers of the lifetimes that run side by side, and for the forward engine U and edot of its directions with their
  /// trajectories.
  public func bytes(ranksPerCell ranks: Int = 1) -> Double {
    let units = Double(settings.network.units)
    let padded = Double((settings.network.units + 15) / 16 * 16)
    let steps = Double(largest.steps)
    let directions = (self.directions / Double(slices(ranks: ranks))).rounded(.up)
    let scalarSize = settings.precision == .float ? 4.0 : 8.0
    let wiring = settings.network.wiring
    // The mask of synapses; W before its cut, and W0 in Double while it is scaled.
    let planes = (wiring.isFull ? 0.0 : 1) + (wiring.excitatory == nil ? 0 : 1 + 8 / scalarSize)
    let sideBySide = LifetimeWidth(units: settings.network.units, tapes: tapes)
    var scalars = (7 * rows + planes * units) * padded + (6 + 4 * width) * steps * padded
    scalars *= Double(sideBySide.primal)
    switch (settings.meta.estimator, settings.engine) {
    case (.tangent, .forward), (.antithetic, .forward), (.pathwise, .forward):
      scalars += 2 * directions * (rows + steps) * padded
      if settings.rule.weightDegree > 0 { scalars += directions * rows * padded }
      if settings.constants[.traceMean] > 0 { scalars += directions * rows * padded * means }
      // rdot; Uin u and deltadot.
      let asksForRates = settings.rule.critic == .learned || settings.rule.plastic.contains(.readout)
      if asksForRates { scalars += directions * steps * padded }
      if settings.rule.plastic.contains(.input) { scalars += 2 * directions * steps * padded }
    case (.tangent, .adjoint), (.antithetic, .adjoint), (.pathwise, .adjoint):
      let tape = 4 * (rows + width * steps) * padded + tapeScalars(length: tapeLength ?? 1)
      scalars += Double(sideBySide.gradient) * tape
    case (.score, _), (.evolution, _): break
    }
    return scalars * scalarSize
  }
}

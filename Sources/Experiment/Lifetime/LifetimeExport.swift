import Kernels
import Model
import Plasticity
import Sweep
import Tasks

/// One lifetime with everything that went in and came out, for an outsider to compute again.
///
/// All arrays are float64 in the method's own index order: the inputs, what every trial gave (R, Rbar, W, R_antithetic),
/// and gradients of the engine that the cell names. Of every cell the trials are there. Where a rule has no derivatives,
/// and of a rival, gradients are left out; the adjoint engine gives the estimates, but neither U nor Rdot, which only
/// the forward engine carries. `leftOut` says so. Rows of outputs from a divergence on are NaN, and so are U and the
/// estimates; inputs are whole.
public struct LifetimeExport: Sendable {
  public struct NamedArray: Sendable {
    public var name: String
    public var values: [Double]
    public var shape: [Int]

    init(_ name: String, _ values: [Double], _ shape: Int...) { self.init(name, values, shape: shape) }

    init(_ name: String, _ values: [Double], shape: [Int]) {
      self.name = name
      self.values = values
      self.shape = shape
    }
  }
  public let arrays: [NamedArray]
  /// `constants.json`.
  public let constants: [String: Constant]
  /// Arrays that this lifetime does not have, and why; nil where it has all.
  public let leftOut: (names: [String], reason: String)?
  public let divergedAt: Int?
  /// Mean reward and mean late accuracy.
  public let score: Double
  public let lateAccuracy: Double

  /// Arrays that only some lifetimes have.
  public static let optional =
    ["B", "mask", "signs", "U", "Rdot", "W_in", "W_out", "xi_in", "xi_out", "U_in", "U_out"]
    + LifetimeSubject.estimators.map { "g_\($0)" }
    + alignmentNames

  /// Runs lifetime 0 of meta-iteration 0.
  /// - Parameters:
  ///   - rule: a whole rule in place of the cell's learner; scales are measured for it here.
  ///   - alignment: the trials and draws at which alignment is measured; nil: it is not.
  /// - Throws: `SettingsProblem` where the reward has no derivative and alignment is wanted.
  public init(
    _ cell: Cell, rule file: RuleFile? = nil, alignment plan: AlignmentPlan? = nil, level: SIMDLevel
  ) throws {
    let subject = try LifetimeSubject(cell, rule: file, level: level)
    guard plan == nil || subject.method.reward != .binary else {
      throw SettingsProblem(
        paths: ["reward"], problem: "binary reward has no derivative, so no gradient to be aligned with",
        advice: "Set reward to absolute or squared, or leave --alignment out.")
    }
    let method = subject.method
    let directions = subject.directions
    var inputs = subject.task.inputs(
      subject.address, method: method, constants: subject.rule.constants)
    let isDouble = subject.configuration.isDouble
    if !isDouble { inputs.trials = inputs.trials.map(\.roundedToFloat) }

    var recorder = LifetimeRecorder(
      trials: method.trials, synapses: inputs.start(method: method).count,
      directions: subject.configuration.engine == .forward ? directions.count : 0)
    let outcome = subject.runner.run(
      subject.address, rule: subject.rule,
      request: LifetimeRequest(
        estimators: directions.isEmpty ? [] : Set(LifetimeSubject.estimators),
        coordinates: directions.map(\.coordinate), directions: 0..<directions.count, twins: true)
    ) { index, record in
      inputs.trials[index].initial = record.initial
      inputs.trials[index].noise = record.noise
      inputs.trials[index].kicks = record.kicks
      recorder.take(index, record)
    }
    if let last = outcome.divergedAt {
      // Its kicks had the gate's factor too, and left no record.
      let factor = outcome.lastKickFactor
      inputs.trials[last].kicks = inputs.trials[last].kicks.map { kick in
        isDouble ? kick * factor : Double(Float(kick * factor))
      }
    }
    divergedAt = outcome.divergedAt
    score = outcome.score(method.reward)
    lateAccuracy = outcome.lateAccuracy(method)
    leftOut = subject.leftOut
    // The same lifetime once more: alignment is measured without twins.
    let aligned = plan.map { plan in
      var kept = plan
      kept.keepsDraws = true
      let points = subject.runner.run(
        subject.address, rule: subject.rule, request: LifetimeRequest(alignment: kept)
      ).alignment
      return Self.drawn(points, plan, of: inputs)
    }
    let missing = subject.leftOut?.names ?? []
    arrays =
      (Self.inputs(subject, inputs)
      + Self.outputs(recorder, outcome, subject, inputs, directions.map(\.coordinate)))
      .filter { !missing.contains($0.name) } + (aligned ?? [])
    var constants = Self.constants(subject, inputs, divergedAt: outcome.divergedAt, level: level)
    constants["arrays"] = .texts(arrays.map(\.name))
    constants["left_out"] = .reasons(
      Dictionary(uniqueKeysWithValues: missing.map { ($0, subject.leftOut?.reason ?? "") }))
    if let plan {
      constants["C"] = .whole(plan.trials(of: method.trials).count)
      constants["D"] = .whole(plan.draws)
    }
    self.constants = constants
  }

  /// What went in.
  private static func inputs(_ subject: LifetimeSubject, _ inputs: LifetimeInputs) -> [NamedArray] {
    let network = subject.runner.network(subject.address)
    let trials = inputs.trials
    let (n, m, k, t, h) = (inputs.units, inputs.inputs, inputs.outputs, inputs.steps, trials.count)
    let p = subject.rule.theta.count
    let arrays =
      [
        NamedArray("W0", network.weights, n, n),
        NamedArray("Win", network.inputWeights, n, m),
        NamedArray("Wout", network.readout, k, n),
        NamedArray("x0", trials.flatMap(\.initial), h, n),
        NamedArray("u", trials.flatMap(\.input), h, t, m),
        NamedArray("y", trials.flatMap(\.target), h, t, k),
        NamedArray(
          "window", trials.flatMap { trial in (0..<t).map { trial.window.contains($0) ? 1 : 0 } }, h, t),
        NamedArray("condition", trials.map { Double($0.condition) }, h),
      ] + layers(("xi", "xi_in", "xi_out"), trials.flatMap(\.noise), h, subject, inputs) + [
        NamedArray("kicks", trials.flatMap(\.kicks), h, t, n),
        NamedArray("theta", subject.rule.theta, p),
        NamedArray("scale", subject.rule.scale, p),
      ]
    // Only where they say something: all synapses exist, and may have any sign.
    let wiring =
      (inputs.mask.map { [NamedArray("mask", $0, n, n)] } ?? [])
      + (inputs.signs.map { [NamedArray("signs", $0, n)] } ?? [])
    guard subject.configuration.rival == .rflo else { return arrays + wiring }
    let feedback = subject.task.randomFeedback(subject.address, method: subject.method)
    let isDouble = subject.configuration.isDouble
    return arrays + wiring + [NamedArray("B", isDouble ? feedback : feedback.map { Double(Float($0)) }, n, k)]
  }

  /// One number for every synapse of `count` trials or directions: of the recurrent ones, and of inputs and readouts
  /// where they learn, N x M and K x N.
  private static func layers(
    _ names: (recurrent: String, input: String, readout: String), _ values: [Double], _ count: Int,
    _ subject: LifetimeSubject, _ inputs: LifetimeInputs
  ) -> [NamedArray] {
    let (n, m, k) = (inputs.units, inputs.inputs, inputs.outputs)
    let plastic = subject.method.plastic
    let size = inputs.start(method: subject.method).count
    var start = 0
    func part(_ name: String, _ rows: Int, _ columns: Int) -> NamedArray {
      let own = (0..<count).flatMap { place -> ArraySlice<Double> in
        let first = place * size + start
        // Nothing is there where tangents are not carried.
        return values.isEmpty ? [] : values[first..<first + rows * columns]
      }
      start += rows * columns
      return NamedArray(name, own, count, rows, columns)
    }
    return [part(names.recurrent, n, n)] + (plastic.contains(.input) ? [part(names.input, n, m)] : [])
      + (plastic.contains(.readout) ? [part(names.readout, k, n)] : [])
  }

  /// What came out.
  private static func outputs(
    _ recorder: LifetimeRecorder, _ outcome: LifetimeOutcome, _ subject: LifetimeSubject,
    _ inputs: LifetimeInputs, _ directions: [RuleCoordinate]
  ) -> [NamedArray] {
    let (h, q) = (subject.method.trials, directions.count)
    let diverged = outcome.divergedAt != nil
    func unless(diverged: Bool, _ values: [Double]) -> [Double] {
      diverged ? Array(repeating: .nan, count: values.count) : values
    }
    let rewards = [NamedArray("R", recorder.rewards, h), NamedArray("Rbar", recorder.baselines, h)]
    let weights = layers(("W", "W_in", "W_out"), recorder.weights, h, subject, inputs)
    let tangents =
      layers(("U", "U_in", "U_out"), unless(diverged: diverged, recorder.tangents), q, subject, inputs)
      + [NamedArray("Rdot", recorder.rewardTangents, h, q)]
    return rewards + weights + tangents + [NamedArray("R_antithetic", recorder.twins, h)]
      + LifetimeSubject.estimators.map { estimator in
        let lost = Array(repeating: Double.nan, count: q)
        guard estimator == .score else {
          return NamedArray("g_\(estimator)", diverged ? lost : outcome.gradients[estimator] ?? lost, q)
        }
        // By the coefficients alone, which come first.
        let score = ScoreEstimate.gradient(
          rewards: outcome.rewards, baselines: Array(repeating: 0, count: h),
          products: outcome.scoreProducts)
        let values = directions.compactMap { direction in
          if case .theta(let index) = direction { diverged ? Double.nan : score[index] } else { nil }
        }
        return NamedArray("g_score", values, values.count)
      }
  }
}

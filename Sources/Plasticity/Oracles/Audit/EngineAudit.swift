import Kernels
import Model

/// Ways to the same numbers, against each other: the fast engine and the reference, Float and Double, the reverse sweep
/// and the forward tangents.
///
/// The first two start every trial from the same W, so that an error is one trial's and not what chaos makes of it
/// later; U is carried along those W by both.
public struct EngineAudit: Sendable {
  /// Worst error over the trials, and how many trials were beyond the tolerance.
  public struct Comparison: Sendable, Equatable {
    public var quantity: String
    public var tolerance: Double
    public var worst = 0.0
    public var trials = 0
    public var beyond = 0

    init(_ quantity: String, _ tolerance: Double) {
      self.quantity = quantity
      self.tolerance = tolerance
    }

    mutating func take(_ error: Double) {
      worst = error > worst || error.isNaN ? error : worst
      trials += 1
      if !(error <= tolerance) { beyond += 1 }
    }
  }

  /// The double engine against the slow reference; empty where the network is too large for it.
  public private(set) var reference: [Comparison] = []
  /// The float engine against the double engine.
  public private(set) var float: [Comparison] = []

  /// Estimates of the adjoint engine against those of the forward engine, in Double over the whole lifetime.
  public private(set) var adjoint: [Comparison] = []

  /// Multiplications and additions the reference may spend.
  private static let budget = 2e9

  public init(_ subject: AuditSubject) {
    reference = Self.compareReference(subject)
    float = Self.compareFloat(subject)
    adjoint = Self.compareAdjoint(subject)
  }

  /// Errors relative to the largest entry. 1e-10: sums of some thousand terms in another order.
  private static func compareReference(_ subject: AuditSubject) -> [Comparison] {
    let count = Double(subject.coordinates.count)
    let n = Double(subject.method.units)
    let work = 20 * count * n * n * Double(subject.task.steps)
    let trials = min(subject.method.trials, 12, Int(budget / work))
    guard trials >= 1 else { return [] }
    var short = subject
    short.method.trials = trials
    let inputs = short.task.inputs(short.address, method: short.method, constants: short.rule.constants)
    let steps = ReferenceLifetime(inputs: inputs, method: short.method, rule: short.rule)
      .run(coordinates: short.coordinates).steps
    guard !steps.isEmpty else { return [] }
    short.method.trials = steps.count
    var errors = [Comparison("R", 1e-10), Comparison("W", 1e-10), Comparison("U", 1e-10)]
    if short.method.reward != .binary { errors.append(Comparison("Rdot", 1e-10)) }
    let path = [inputs.start(method: short.method)] + steps.dropLast().map(\.weights)
    run(short, double: true, recordsAllTangents: true, path) { h, record in
      let step = steps[h]
      errors[0].take(relative([record.reward], [step.reward]))
      errors[1].take(relative(record.weights, step.weights))
      errors[2].take(relative(record.tangents, step.tangents.flatMap { $0 }))
      if errors.count > 3 { errors[3].take(relative(record.rewardTangents, step.rewardTangents)) }
    }
    return errors
  }

  /// R and the step of W within 2e-4, Rdot and U within 2e-2; a trial that lies on two sides of a kink in the two
  /// precisions is beyond.
  private static func compareFloat(_ subject: AuditSubject) -> [Comparison] {
    var records: [TrialRecord] = []
    var path = [subject.runner(double: false).startWeights(subject.address)]
    run(subject, double: false, recordsAllTangents: false, nil) { _, record in
      records.append(record)
      path.append(record.weights)
    }
    guard !records.isEmpty else { return [] }
    path.removeLast()
    var short = subject
    short.method.trials = records.count
    let isBinary = subject.method.reward == .binary
    var errors = [Comparison("R", 2e-4), Comparison("step of W", 2e-4), Comparison("U", 2e-2)]
    if !isBinary { errors.append(Comparison("Rdot", 2e-2)) }
    run(short, double: true, recordsAllTangents: false, path) { h, exact in
      let record = records[h]
      errors[0].take(relative([record.reward], [exact.reward]))
      // W is rounded to Float, however small its step: that much is not an error.
      let step = zip(exact.weights, path[h]).map { abs($0 - $1) }.max() ?? 0
      let error = zip(record.weights, exact.weights).map {
        max(0, abs($0 - $1) - Double(Float.ulpOfOne) * abs($1))
      }.max()
      errors[1].take(step > 0 ? (error ?? 0) / step : error ?? 0)
      if !record.tangents.isEmpty, !exact.tangents.isEmpty {
        errors[2].take(relative(record.tangents, exact.tangents))
      }
      if !isBinary { errors[3].take(relative(record.rewardTangents, exact.rewardTangents)) }
    }
    return errors
  }

  /// One estimate each, within 1e-10 of its largest coefficient.
  private static func compareAdjoint(_ subject: AuditSubject) -> [Comparison] {
    var estimators: [Estimator] = subject.method.reward == .binary ? [] : [.pathwise]
    if subject.method.weightNoise > 0 { estimators += [.tangent, .antithetic] }
    func estimate(_ engine: GradientEngine) -> LifetimeOutcome {
      subject.task.runner(subject.method, double: true, level: subject.level, engine: engine).run(
        subject.address, rule: subject.rule, request: subject.request(Set(estimators)))
    }
    let forward = estimate(.forward)
    // A tape shorter than the lifetime also tests the checkpoints.
    let backward = estimate(.adjoint(tapeLength: max(1, subject.method.trials / 3)))
    guard forward.divergedAt == nil else { return [] }
    return estimators.compactMap { estimator in
      guard let wanted = forward.gradients[estimator] else { return nil }
      var comparison = Comparison("\(estimator)", 1e-10)
      comparison.take(backward.gradients[estimator].map { relative($0, wanted) } ?? .nan)
      return comparison
    }
  }

  private static func run(
    _ subject: AuditSubject, double: Bool, recordsAllTangents: Bool, _ path: [[Double]]?,
    _ record: @escaping (Int, TrialRecord) -> Void
  ) {
    _ = subject.runner(double: double).run(
      subject.address, rule: subject.rule,
      request: subject.request(
        [.pathwise], recordsAllTangents: recordsAllTangents,
        path: path.map { WeightPath($0, at: .everyTrial) }), record: record)
  }

  /// max |a - b| / max |b|, or max |a - b| where b is 0.
  private static func relative(_ a: [Double], _ b: [Double]) -> Double {
    let difference = zip(a, b).map { abs($0 - $1) }.max() ?? 0
    let size = b.map { abs($0) }.max() ?? 0
    return size > 0 ? difference / size : difference
  }
}

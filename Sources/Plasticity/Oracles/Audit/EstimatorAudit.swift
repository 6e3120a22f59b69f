import Kernels
import Model

/// Bias, variance and signal of every estimator, over fresh lifetimes.
///
/// The yardstick is the gradient of the expected return by central differences: each lifetime is run again with every
/// coordinate moved by +-0.05 units, on the same network and noise. Bias is the mean of the paired difference, so the
/// variance that all estimators share drops out of it.
public struct EstimatorAudit: Sendable {
  public static let step = 0.05

  /// A mean with its standard error.
  public struct Mean: Sendable, Equatable {
    public var value: Double
    public var error: Double

    init(_ values: [Double]) {
      let count = Double(values.count)
      value = values.reduce(0, +) / count
      let center = value
      error = (values.reduce(0) { $0 + ($1 - center) * ($1 - center) } / (count * (count - 1))).squareRoot()
    }
  }

  /// What was found of one estimator.
  public struct Row: Sendable {
    public var estimator: Estimator
    /// Estimates averaged here; lifetimes each of them took (2 for `evolution`).
    public var estimates: Int
    public var lifetimesEach: Int
    /// By coordinate of the subject.
    public var gradient: [Mean]
    public var bias: [Mean]
    /// Standard deviation of one estimate, by coefficient.
    public var deviation: [Double] { gradient.map { $0.error * Double(estimates).squareRoot() } }
    /// |mean| over the standard deviation of one estimate, both as L2 norms; the square that noise adds to the mean is
    /// taken off, so it is 0 where there is no signal.
    public var signalToNoise: Double {
      let noise = deviation.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return noise > 0 ? Self.size(gradient) / noise : .infinity
    }
    /// |bias|, with what noise adds taken off likewise.
    public var biasSize: Double { Self.size(bias) }
    /// Largest |bias| in standard errors.
    public var worstDeviation: Double { bias.map { $0.error > 0 ? abs($0.value) / $0.error : 0 }.max() ?? 0 }

    private static func size(_ means: [Mean]) -> Double {
      max(0, means.reduce(0) { $0 + $1.value * $1.value - $1.error * $1.error }).squareRoot()
    }
  }

  /// dJ by coordinate.
  public private(set) var slope: [Mean] = []
  public private(set) var estimators: [Row] = []
  /// Lifetimes that counted, and those that did not since they or a shifted run diverged.
  public private(set) var lifetimes = 0
  public private(set) var dropped = 0

  /// - Parameters:
  ///   - subject: its address is the first lifetime; those after it follow by index.
  ///   - samples: lifetimes; at least 2 must survive for anything to come out.
  ///   - double: precision of the lifetimes.
  ///   - group: lifetimes that share a leave-one-out baseline, for `score`.
  public init(_ subject: AuditSubject, samples: Int, double: Bool, group: Int) {
    let runner = subject.runner(double: double)
    let count = subject.coordinates.count
    let noisy = subject.method.weightNoise > 0
    var wanted: [Estimator] = subject.method.reward == .binary ? [] : [.pathwise]
    if noisy { wanted = [.tangent, .antithetic] + wanted }
    // It knows coefficients alone.
    if noisy, subject.coordinates == subject.rule.thetaCoordinates { wanted.append(.score) }
    var slopes: [[Double]] = []
    var outcomes: [LifetimeOutcome] = []
    for index in 0..<samples {
      var address = subject.address
      address.index += UInt32(index)
      let outcome = runner.run(
        address, rule: subject.rule, request: subject.request(Set(wanted)))
      let isWhole = wanted.allSatisfy { $0 == .score || outcome.gradients[$0] != nil }
      guard outcome.divergedAt == nil, isWhole, let slope = Self.slope(subject, runner, address) else {
        dropped += 1
        continue
      }
      slopes.append(slope)
      outcomes.append(outcome)
    }
    lifetimes = slopes.count
    guard lifetimes >= 2 else { return }
    slope = (0..<count).map { p in Mean(slopes.map { $0[p] }) }
    for estimator in wanted {
      let rows =
        estimator == .score ? Self.scores(outcomes, group) : outcomes.map { $0.gradients[estimator]! }
      estimators.append(Self.summary(estimator, rows, slopes, group: estimator == .score ? group : 1))
    }
    if let evolution = Self.evolution(subject, runner, slope, pairs: samples / 2) {
      estimators.append(evolution)
    }
  }

  /// dJ of one lifetime by coordinate; nil where a shifted run diverged.
  private static func slope(
    _ subject: AuditSubject, _ runner: any LifetimeRunner, _ address: LifetimeAddress
  ) -> [Double]? {
    var result: [Double] = []
    for p in subject.coordinates.indices {
      let up = runner.run(address, rule: subject.rule(shifting: p, by: step))
      let down = runner.run(address, rule: subject.rule(shifting: p, by: -step))
      guard up.divergedAt == nil, down.divergedAt == nil else { return nil }
      let kind = subject.method.reward
      result.append((up.score(kind) - down.score(kind)) / (2 * step * subject.units[p]))
    }
    return result
  }

  /// Estimates of `score`, each with the baseline of its group.
  private static func scores(_ outcomes: [LifetimeOutcome], _ group: Int) -> [[Double]] {
    stride(from: 0, to: outcomes.count, by: group).flatMap { start -> [[Double]] in
      let part = outcomes[start..<min(start + group, outcomes.count)]
      let baselines = ScoreEstimate.leaveOneOut(part.map(\.rewards))
      return zip(part, baselines).map {
        ScoreEstimate.gradient(rewards: $0.rewards, baselines: $1, products: $0.scoreProducts)
      }
    }
  }

  /// Estimates of one group share a baseline, so their mean is one observation of the mean.
  private static func summary(
    _ estimator: Estimator, _ rows: [[Double]], _ slopes: [[Double]], group: Int
  ) -> Row {
    func means(_ rows: [[Double]]) -> [[Double]] {
      stride(from: 0, to: rows.count, by: group).map { start in
        let part = rows[start..<min(start + group, rows.count)]
        return rows[0].indices.map { p in part.reduce(0) { $0 + $1[p] } / Double(part.count) }
      }
    }
    let groups = rows.count >= 2 * group ? means(rows) : rows
    let differences = zip(rows, slopes).map { zip($0, $1).map(-) }
    let grouped = rows.count >= 2 * group ? means(differences) : differences
    var result = Row(
      estimator: estimator, estimates: groups.count, lifetimesEach: 1,
      gradient: rows[0].indices.map { p in Mean(groups.map { $0[p] }) },
      bias: rows[0].indices.map { p in Mean(grouped.map { $0[p] }) })
    result.lifetimesEach = rows.count / groups.count
    return result
  }

  /// Pairs of `evolution` on the same lifetimes; its bias is against the mean slope, unpaired.
  private static func evolution(
    _ subject: AuditSubject, _ runner: any LifetimeRunner, _ slope: [Mean], pairs: Int
  ) -> Row? {
    guard pairs >= 2, subject.units.allSatisfy({ $0 == 1 }) else { return nil }
    let constants = subject.coordinates.compactMap(\.constant)
    let learned = LearnedSet(theta: constants.isEmpty, constants: constants)
    let method = Evolution(
      runner: runner, learned: learned, lifetimes: 2 * pairs, seed: subject.address.seed)
    guard
      let batch = try? method.batch(
        iteration: 0, rule: subject.rule, parameters: Parameters(subject.rule), team: Solo())
    else { return nil }
    let places = subject.coordinates.map { subject.rule.place(of: $0) }
    let rows = batch.gradients.compactMap { $0 }
    let gradient = places.map { place in Mean(rows.map { $0[place] }) }
    let bias = zip(gradient, slope).map { own, slope in
      var bias = own
      bias.value -= slope.value
      bias.error = (own.error * own.error + slope.error * slope.error).squareRoot()
      return bias
    }
    return Row(
      estimator: .evolution, estimates: rows.count, lifetimesEach: 2, gradient: gradient, bias: bias)
  }
}

import Kernels

/// Forward tangents against central differences of whole lifetimes, in Double, trial by trial.
///
/// A difference is wrong where its step crosses a kink (of |z - y|, of the clip) and where chaos has magnified rounding,
/// so every one is made with several steps and counts only where two neighbouring steps agree: it is then *settled*. At
/// a horizon a shifted run carries the weights of the unshifted one, since that is what U claims to be the derivative
/// of.
public struct DifferenceAudit: Sendable {
  /// Steps, in units of theta that move the trace by its rms, or in a constant's coordinate.
  public static let steps = [1e-4, 1e-5, 1e-6, 1e-7]
  /// Largest disagreement of two steps that counts as settled, relative to the largest derivative of the trial.
  public static let agreement = 1e-6

  /// One quantity at one trial, over all directions.
  public struct Comparison: Sendable, Equatable {
    /// L2 error over the settled directions, relative to the L2 norm over all; nil where none is settled.
    public var error: Double?
    public var settled: Int
    public var directions: Int
  }

  /// Rdot^h by trial, and summed up to it; empty for binary reward, which has no derivative.
  public private(set) var trials: [Comparison] = []
  public private(set) var cumulated: [Comparison] = []
  /// U^{h+1} of the trials looked at closely: the first with a tangent, the middle, the last.
  public private(set) var weights: [(trial: Int, comparison: Comparison)] = []
  public private(set) var divergedAt: Int?

  /// - Precondition: the subject's method has at least one trial.
  public init(_ subject: AuditSubject) { self.init(subject, claims: subject) }

  /// - Parameter claims: the subject whose tangents are held against the differences of `subject`.
  init(_ subject: AuditSubject, claims: AuditSubject) {
    let base = subject.path()
    divergedAt = base.outcome.divergedAt
    guard divergedAt == nil, !base.rewardTangents.isEmpty else { return }
    let count = subject.coordinates.count
    let last = subject.method.trials - 1
    let samples = Set([min((base.firstMoved ?? 0) + 1, last), last / 2, last]).sorted()
    let carried = Self.tangents(claims, at: samples)
    let size = base.weights[0].count
    let runner = subject.runner(double: true)

    var rewards = Table(trials: last + 1, directions: count)
    var sums = rewards
    var weightErrors = samples.map { _ in Array(repeating: Settling(), count: count) }
    for p in 0..<count {
      var before: [[Double]] = []
      for (index, step) in Self.steps.enumerated() {
        let up = Self.shifted(subject, runner, base.weights, p, step, samples)
        let down = Self.shifted(subject, runner, base.weights, p, -step, samples)
        let width = 2 * step * subject.units[p]
        guard let up, let down else {
          before = []
          continue
        }
        var sum = 0.0
        for h in 0...last {
          let slope = (up.rewards[h] - down.rewards[h]) / width
          sum += slope
          rewards.add(slope, h, p)
          sums.add(sum, h, p)
        }
        let slopes = samples.indices.map { s in zip(up.weights[s], down.weights[s]).map { ($0 - $1) / width }
        }
        if index > 0, !before.isEmpty {
          for s in samples.indices {
            let own = carried[s][p * size..<(p + 1) * size]
            weightErrors[s][p].take(
              disagreement: distance(slopes[s][...], before[s][...]), error: distance(slopes[s][...], own),
              size: norm(own))
          }
        }
        before = slopes
      }
    }
    finish(subject, claims.path().rewardTangents, rewards, sums, samples, weightErrors)
  }

  private mutating func finish(
    _ subject: AuditSubject, _ tangents: [[Double]], _ rewards: Table, _ sums: Table, _ samples: [Int],
    _ weightErrors: [[Settling]]
  ) {
    weights = zip(samples, weightErrors).map { ($0, Self.comparison($1)) }
    guard subject.method.reward != .binary else { return }
    var sum = Array(repeating: 0.0, count: subject.coordinates.count)
    for (h, row) in tangents.enumerated() {
      for p in sum.indices { sum[p] += row[p] }
      trials.append(rewards.comparison(h, row))
      cumulated.append(sums.comparison(h, sum))
    }
  }

  /// U^{h+1} of the sampled trials, directions x synapses each.
  private static func tangents(_ subject: AuditSubject, at samples: [Int]) -> [[Double]] {
    var result: [[Double]] = []
    _ = subject.runner(double: true).run(
      subject.address, rule: subject.rule,
      request: subject.request([.pathwise], recordsAllTangents: true)
    ) { h, record in if samples.contains(h) { result.append(record.tangents) } }
    return result
  }

  /// R by trial and W of the sampled trials of a shifted rule; nil where that run diverged.
  private static func shifted(
    _ subject: AuditSubject, _ runner: any LifetimeRunner, _ path: [[Double]], _ p: Int, _ step: Double,
    _ samples: [Int]
  ) -> (rewards: [Double], weights: [[Double]])? {
    var weights: [[Double]] = []
    let outcome = runner.run(
      subject.address, rule: subject.rule(shifting: p, by: step),
      request: LifetimeRequest(path: WeightPath(path, at: .horizon))
    ) { h, record in if samples.contains(h) { weights.append(record.weights) } }
    return outcome.divergedAt == nil ? (outcome.rewards, weights) : nil
  }

  private static func comparison(_ directions: [Settling]) -> Comparison {
    let largest = directions.map(\.size).max() ?? 0
    let settled = directions.filter { $0.disagreement <= agreement * largest }
    let error = settled.reduce(0) { $0 + $1.error * $1.error }.squareRoot()
    let total = directions.reduce(0) { $0 + $1.size * $1.size }.squareRoot()
    return Comparison(
      error: settled.isEmpty ? nil : total > 0 ? error / total : error, settled: settled.count,
      directions: directions.count)
  }

  /// Differences of one quantity by trial, direction and step.
  private struct Table {
    let directions: Int
    private var slopes: [[Double]]

    init(trials: Int, directions: Int) {
      self.directions = directions
      slopes = Array(repeating: [], count: trials * directions)
    }

    mutating func add(_ slope: Double, _ h: Int, _ p: Int) { slopes[h * directions + p].append(slope) }

    func comparison(_ h: Int, _ tangents: [Double]) -> Comparison {
      let rows = (0..<directions).map { p in
        let values = slopes[h * directions + p]
        var settling = Settling()
        for (coarse, fine) in zip(values, values.dropFirst()) {
          settling.take(
            disagreement: abs(coarse - fine), error: abs(fine - tangents[p]), size: abs(tangents[p]))
        }
        return settling
      }
      return DifferenceAudit.comparison(rows)
    }
  }
}

/// The best of several differences: the one that its neighbour agrees with most, chosen without a look at the tangent.
private struct Settling {
  var disagreement = Double.infinity
  var error = Double.infinity
  var size = 0.0

  mutating func take(disagreement: Double, error: Double, size: Double) {
    self.size = size
    guard disagreement < self.disagreement || self.disagreement == .infinity else { return }
    self.disagreement = disagreement
    self.error = error
  }
}

private func norm(_ a: ArraySlice<Double>) -> Double { a.reduce(0) { $0 + $1 * $1 }.squareRoot() }

private func distance(_ a: ArraySlice<Double>, _ b: ArraySlice<Double>) -> Double {
  zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
}

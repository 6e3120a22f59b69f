import Foundation
import Kernels
import Model
import Tasks
import Testing

@testable import Plasticity

/// Oja's rule (J. Math. Biol. 15:267, 1982) found again in the trajectories of W that it has made.
///
/// Gated by reward it is mu = eta (R - b) E with E' = a r_j delta_i - b delta_i^2 W_ij - E / tau_e: the terms k1l1 and
/// k0l2m1 of a rule that sees the weight. Whoever fits it has all 18 terms of degree 2 and weight degree 1.
@Suite struct OjaTests {
  static let truth: [Term: Double] = [Term(k: 1, l: 1): 1, Term(k: 0, l: 2, m: 1): -0.6]

  private static let shape = RuleShape(degree: 2, weightDegree: 1)
  let task: any LearningTask
  private let constants = LocalConstants([.clip: .infinity])
  private let scale: [Double]

  init() throws {
    task = try TaskCatalogue.make(
      name: "cue-association", form: "full", options: [:], time: TimeGrid(step: 15))
    scale = Calibration.scales(
      task: task, method: Method(units: 12), constants: constants, shape: Self.shape, level: .highest)
  }

  private func rule(_ theta: [Double]) -> Rule {
    Rule(degree: 2, theta: theta, scale: scale, constants: constants)
  }

  private var teacher: [Double] {
    scale.indices.map { Self.truth[Self.shape.term($0)] ?? 0 }
  }

  private func address(_ index: UInt32) -> LifetimeAddress {
    LifetimeAddress(seed: 11, domain: .training, index: index)
  }

  /// W after every trial and, where there are directions, U by direction.
  private func run(
    _ theta: [Double], network: UInt32, trials: Int, noise: Double = 0, directions: [Int] = [],
    path: [[Double]]? = nil
  ) -> [(weights: [Double], tangents: [Double])] {
    let method = Method(units: 12, trials: trials, weightNoise: noise, horizon: nil)
    var found: [(weights: [Double], tangents: [Double])] = []
    let outcome = task.runner(method, double: true, level: .highest).run(
      address(network), rule: rule(theta),
      request: LifetimeRequest(
        estimators: directions.isEmpty ? [] : [.pathwise], coordinates: directions.map { .theta($0) },
        directions: 0..<directions.count, recordsAllTangents: true,
        path: path.map { WeightPath($0, at: .everyTrial) })
    ) { _, record in found.append((record.weights, record.tangents)) }
    #expect(outcome.divergedAt == nil)
    return found
  }

  /// The student runs freely, from no plasticity at all, and is moved by what its tangents say of its distance to the
  /// teacher's W (Gauss-Newton with damping). Without noise nothing but rounding is left: 1e-7 allows for the condition
  /// of 18 correlated terms.
  @Test(arguments: [nil, ["k1l1", "k0l2", "k0l2m1", "k2l1", "k1l0m1"]])
  func tangentsLeadBackToIt(_ terms: [String]?) throws {
    let directions = terms?.map { Self.shape.places(of: Term(name: $0)!)[0] } ?? Array(scale.indices)
    let networks: [UInt32] = [0, 1, 2, 3]
    let wanted = networks.map { run(teacher, network: $0, trials: 16).map(\.weights) }
    #expect(zip(wanted[0].dropFirst(), wanted[0]).contains { $0 != $1 }, "the teacher learns")
    var theta = Array(repeating: 0.0, count: scale.count)
    var damping = 1e-3
    var (loss, system) = equations(theta, wanted, networks, directions)
    let first = loss
    for _ in 0..<60 where loss > 1e-24 * first {
      var next = theta
      let step = try solved(system, damping: damping)
      for (place, p) in directions.enumerated() { next[p] += step[place] }
      let trial = equations(next, wanted, networks, directions)
      if trial.loss < loss {
        (theta, loss, system) = (next, trial.loss, trial.system)
        damping /= 10
      } else {
        damping *= 10
      }
    }
    let worst = zip(theta, teacher).map { abs($0 - $1) }.max()!
    #expect(worst < 1e-7, "\(theta)")
    print(
      "Oja from free trajectories, \(directions.count) terms: worst error \(worst), loss \(loss) of \(first)")
  }

  /// Normal equations of the distance in W over all trials.
  private struct System {
    var matrix: [Double]
    var right: [Double]
  }

  private func equations(
    _ theta: [Double], _ wanted: [[[Double]]], _ networks: [UInt32], _ directions: [Int]
  ) -> (loss: Double, system: System) {
    let q = directions.count
    var system = System(matrix: Array(repeating: 0, count: q * q), right: Array(repeating: 0, count: q))
    var loss = 0.0
    for (target, network) in zip(wanted, networks) {
      let own = run(theta, network: network, trials: target.count, directions: directions)
      for (step, goal) in zip(own, target) {
        let n = goal.count
        let rest = zip(goal, step.weights).map(-)
        loss += rest.reduce(0) { $0 + $1 * $1 }
        for a in 0..<q {
          for i in 0..<n {
            let slope = step.tangents[a * n + i]
            system.right[a] += slope * rest[i]
            for b in 0...a { system.matrix[a * q + b] += slope * step.tangents[b * n + i] }
          }
        }
      }
    }
    for a in 0..<q { for b in 0..<a { system.matrix[b * q + a] = system.matrix[a * q + b] } }
    return (loss, system)
  }

  /// By Cholesky; the diagonal is multiplied by 1 + damping.
  private func solved(_ system: System, damping: Double) throws -> [Double] {
    let q = system.right.count
    var l = system.matrix
    for a in 0..<q { l[a * q + a] *= 1 + damping }
    for j in 0..<q {
      for k in 0..<j { l[j * q + j] -= l[j * q + k] * l[j * q + k] }
      let pivot = l[j * q + j]
      try #require(pivot > 0, "the terms cannot be told apart")
      l[j * q + j] = pivot.squareRoot()
      for i in j + 1..<max(q, j + 1) {
        for k in 0..<j { l[i * q + j] -= l[i * q + k] * l[j * q + k] }
        l[i * q + j] /= l[j * q + j]
      }
    }
    var x = system.right
    for i in 0..<q {
      for k in 0..<i { x[i] -= l[i * q + k] * x[k] }
      x[i] /= l[i * q + i]
    }
    for i in stride(from: q - 1, through: 0, by: -1) {
      for k in i + 1..<max(q, i + 1) { x[i] -= l[k * q + i] * x[k] }
      x[i] /= l[i * q + i]
    }
    return x
  }

  /// Weight noise that the fit does not know hides most of every step. Along the teacher's own W mu is linear in theta,
  /// so that runs with one term each give the design. Least squares over all terms find the two within 10 %, the others
  /// within four standard errors of 0; with the step towards 0 of `meta.l1` after every gradient step the others are
  /// exactly 0, and shrinkage stays below 10 %.
  @Test func noiseAndAllTermsDoNotHideIt() throws {
    let (trials, noise) = (80, 0.001)
    let q = scale.count
    var system = System(matrix: Array(repeating: 0, count: q * q), right: Array(repeating: 0, count: q))
    for network in UInt32(0)..<6 {
      let start = task.runner(Method(units: 12, trials: 1), double: true, level: .highest)
        .network(address(network)).weights
      let seen = run(teacher, network: network, trials: trials, noise: noise).map(\.weights)
      let path = [start] + seen.dropLast()
      let columns = (0..<q).map { p in
        var one = Array(repeating: 0.0, count: q)
        one[p] = 1
        return zip(run(one, network: network, trials: trials, path: path), path).flatMap {
          zip($0.weights, $1).map(-)
        }
      }
      let steps = zip(seen, path).flatMap { zip($0, $1).map(-) }
      for a in 0..<q {
        system.right[a] += zip(columns[a], steps).reduce(0) { $0 + $1.0 * $1.1 }
        for b in 0..<q {
          system.matrix[a * q + b] += zip(columns[a], columns[b]).reduce(0) { $0 + $1.0 * $1.1 }
        }
      }
    }
    let least = try solved(system, damping: 0)
    // Standard errors by the columns of the inverse.
    let errors = try (0..<q).map { p in
      var unit = system
      unit.right = (0..<q).map { $0 == p ? 1 : 0 }
      return noise * (try solved(unit, damping: 0)[p]).squareRoot()
    }
    for p in 0..<q {
      let name = Self.shape.term(p).name
      #expect(abs(least[p] - teacher[p]) < 4 * errors[p], "\(name): \(least[p]) +- \(errors[p])")
      if teacher[p] != 0 { #expect(abs(least[p] / teacher[p] - 1) < 0.1, "\(name): \(least[p])") }
    }

    let sparse = shrunk(system, l1: 0.05)
    for p in 0..<q {
      let name = Self.shape.term(p).name
      if teacher[p] == 0 {
        #expect(sparse[p] == 0, "\(name): \(sparse[p])")
      } else {
        #expect(abs(sparse[p] / teacher[p] - 1) < 0.1, "\(name): \(sparse[p])")
      }
    }
    print("Oja from noisy trajectories: \(least[4]), \(least[11]); with L1 \(sparse[4]), \(sparse[11])")
  }

  /// Gradient descent on |steps - design theta|^2 / 2, in units where the largest diagonal is 1; after each step theta is
  /// moved towards 0 and stops there.
  private func shrunk(_ system: System, l1: Double) -> [Double] {
    let q = system.right.count
    let size = (0..<q).map { system.matrix[$0 * q + $0] }.max()!
    // The trace bounds the largest eigenvalue.
    let rate = size / (0..<q).reduce(0) { $0 + system.matrix[$1 * q + $1] }
    var theta = Array(repeating: 0.0, count: q)
    for _ in 0..<20_000 {
      let slopes = (0..<q).map { a in
        (system.right[a] - (0..<q).reduce(0) { $0 + system.matrix[a * q + $1] * theta[$1] }) / size
      }
      for p in 0..<q {
        let moved = theta[p] + rate * slopes[p]
        theta[p] = abs(moved) <= rate * l1 ? 0 : moved - (moved > 0 ? 1 : -1) * rate * l1
      }
    }
    return theta
  }
}

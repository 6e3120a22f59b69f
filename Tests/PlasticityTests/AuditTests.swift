import Kernels
import Model
import Tasks
import Testing

@testable import Plasticity

/// The audit's own measurements, where the answer is known.
@Suite struct AuditTests {
  private func subject(_ change: (inout AuditSubject) -> Void = { _ in }) -> AuditSubject {
    let task = NoiseTask(inputs: 2, outputs: 1, steps: 10, conditions: 2)
    let rule = Rule(
      degree: 2, theta: [0, 0.2, 0, -0.3, 0.5, 0.1, 0, 0.2, -0.2], scale: Array(repeating: 0.03, count: 9),
      constants: LocalConstants([.eta: 0.05, .tauBar: 25, .probability: 0.05]))
    var subject = AuditSubject(
      task: task, method: Method(units: 17, trials: 30, weightNoise: 0.01, horizon: 10), rule: rule,
      address: LifetimeAddress(seed: 2, domain: .training, index: 0), level: .highest,
      units: Array(repeating: 1, count: 9))
    change(&subject)
    return subject
  }

  /// Over whole lifetimes with clip, horizons, gate and growth, most differences settle, and those agree.
  @Test func tangentsAgreeWithDifferences() throws {
    for gated in [false, true] {
      let audit = DifferenceAudit(
        subject {
          guard gated else { return }
          $0.rule.constants[.gate] = -1.4
          $0.rule.constants[.growth0] = 1
          $0.rule.constants[.growth2] = 2
        })
      #expect(audit.trials.count == 30 && audit.cumulated.count == 30 && audit.weights.count == 3)
      let all = audit.trials + audit.cumulated + audit.weights.map(\.comparison)
      #expect(all.compactMap(\.error).max()! <= 1e-5)
      let settled = all.reduce(0) { $0 + $1.settled }
      #expect(settled * 2 > all.reduce(0) { $0 + $1.directions }, "only \(settled) settled")
    }
  }

  /// Tangents that carry a trial too little, know nothing of the gate, or are of a slightly smaller eta are seen.
  @Test(arguments: 0..<3)
  func seesAWrongTangent(fault: Int) throws {
    let right = subject { if fault == 1 { $0.rule.constants[.gate] = -0.01 } }
    let wrong = subject {
      switch fault {
      case 0: $0.method.horizon = 9
      case 1: $0.rule.constants[.gate] = 0
      default: $0.rule.constants[.eta] *= 0.9999
      }
    }
    let audit = DifferenceAudit(right, claims: wrong)
    let all = audit.trials + audit.cumulated + audit.weights.map(\.comparison)
    #expect(all.compactMap(\.error).max()! > 3e-5)
  }

  @Test func divergedLifetimeIsSaid() {
    let audit = DifferenceAudit(
      subject {
        $0.rule.constants[.clip] = .infinity
        $0.rule.theta[4] = 1e9
      })
    #expect(audit.divergedAt != nil && audit.trials.isEmpty)
  }

  @Test(arguments: RewardKind.allCases)
  func enginesAgree(reward: RewardKind) {
    let audit = EngineAudit(subject { $0.method.reward = reward })
    for part in audit.reference + audit.adjoint { #expect(part.beyond == 0, "\(part)") }
    for part in audit.float { #expect(part.beyond <= 1, "\(part)") }
    #expect(
      audit.reference.count == (reward == .binary ? 3 : 4) && audit.float.count == audit.reference.count)
    #expect(audit.adjoint.count == (reward == .binary ? 2 : 3))
  }

  /// A run along its own path is the run; along another run's it starts every trial there.
  @Test func pathsAreFollowed() {
    let one = subject()
    let path = one.path()
    let runner = one.runner(double: true)
    for moment in [WeightPath.Moment.everyTrial, .horizon] {
      let again = runner.run(
        one.address, rule: one.rule, request: LifetimeRequest(path: WeightPath(path.weights, at: moment)))
      #expect(relativeError(again.rewards, path.outcome.rewards) <= (moment == .everyTrial ? 0 : 1e-12))
    }
    let still = Array(repeating: path.weights[0], count: 30)
    var starts: [[Double]] = []
    var silent = one
    silent.rule = one.rule.silent
    silent.method.weightNoise = 0
    _ = silent.runner(double: true).run(
      one.address, rule: silent.rule, request: LifetimeRequest(path: WeightPath(still, at: .everyTrial))
    ) { _, record in starts.append(record.weights) }
    #expect(starts == still)
  }

  /// Without a horizon `pathwise` is the slope itself up to the width of the differences; signal and cost add up.
  @Test func estimatorsAreMeasured() throws {
    let audit = EstimatorAudit(
      subject {
        $0.method.horizon = nil
        $0.method.trials = 8
      }, samples: 24, double: true, group: 4)
    #expect(audit.lifetimes == 24 && audit.dropped == 0)
    #expect(audit.estimators.map(\.estimator) == [.tangent, .antithetic, .pathwise, .score, .evolution])
    let pathwise = try #require(audit.estimators.first { $0.estimator == .pathwise })
    let size = audit.slope.reduce(0) { $0 + $1.value * $1.value }.squareRoot()
    #expect(pathwise.biasSize <= 0.05 * size)
    #expect(pathwise.estimates == 24 && pathwise.lifetimesEach == 1)
    let score = try #require(audit.estimators.first { $0.estimator == .score })
    #expect(score.estimates == 6 && score.lifetimesEach == 4)
    let evolution = try #require(audit.estimators.first { $0.estimator == .evolution })
    #expect(evolution.estimates == 12 && evolution.lifetimesEach == 2)
    for row in audit.estimators { #expect(row.signalToNoise >= 0 && row.signalToNoise.isFinite) }
  }

  @Test func noiselessMethodsHavePathwiseOnly() {
    let audit = EstimatorAudit(
      subject {
        $0.method.weightNoise = 0
        $0.method.trials = 4
      }, samples: 4, double: true, group: 2)
    #expect(audit.estimators.map(\.estimator) == [.pathwise, .evolution])
  }

  /// Every constant that a search can move is a direction: those that are off by their logarithm, and those without
  /// derivatives, are left out.
  @Test func constantsAreThoseThatCanBeLearned() {
    let own = subject { $0.rule.constants[.clip] = .infinity }
    #expect(
      own.constants.map(\.name) == [
        "eta", "tau-e", "tau-bar", "baseline-rate", "amplitude", "gate", "growth-0", "growth-2",
      ])
    let silent = subject {
      $0.method.kicks = .none
      $0.rule.constants[.traceMean] = 0.2
    }
    #expect(silent.constants.contains(.traceMean) && !silent.constants.contains(.amplitude))
  }

  /// Tangents by all constants at once, with mechanisms on and over horizons, agree with settled differences, and the
  /// engines with each other and with the reference.
  @Test func constantsAgreeWithDifferences() throws {
    let along = subject {
      $0.rule.constants[.gate] = -0.8
      $0.rule.constants[.growth0] = 1
      $0.rule.constants[.traceMean] = 0.2
      $0.method.trials = 20
    }
    let constants = along.along(along.constants)
    #expect(constants.coordinates.count == 10 && constants.units == Array(repeating: 1, count: 10))
    let audit = DifferenceAudit(constants)
    let all = audit.trials + audit.cumulated + audit.weights.map(\.comparison)
    #expect(all.compactMap(\.error).max()! <= 1e-5)
    let settled = all.reduce(0) { $0 + $1.settled }
    #expect(settled * 2 > all.reduce(0) { $0 + $1.directions }, "only \(settled) settled")
    let engines = EngineAudit(constants)
    #expect(engines.reference.count == 4 && engines.adjoint.count == 3)
    for part in engines.reference + engines.adjoint { #expect(part.beyond == 0, "\(part)") }

    let wrong = DifferenceAudit(
      constants,
      claims: subject {
        $0 = along; $0.rule.constants[.eta] *= 0.9999
      }.along(along.constants))
    let errors = (wrong.trials + wrong.cumulated + wrong.weights.map(\.comparison)).compactMap(\.error)
    #expect(errors.max()! > 3e-5, "a slightly smaller eta is seen")
  }

  /// Without a horizon `pathwise` by constants is their slope; `score` knows none of them.
  @Test func estimatorsOfConstantsAreMeasured() throws {
    let own = subject {
      $0.method.horizon = nil
      $0.method.trials = 8
    }
    let audit = EstimatorAudit(own.along([.eta, .tauE, .baselineRate]), samples: 24, double: true, group: 4)
    #expect(audit.lifetimes == 24 && audit.slope.count == 3)
    #expect(audit.estimators.map(\.estimator) == [.tangent, .antithetic, .pathwise, .evolution])
    let pathwise = try #require(audit.estimators.first { $0.estimator == .pathwise })
    let size = audit.slope.reduce(0) { $0 + $1.value * $1.value }.squareRoot()
    #expect(pathwise.gradient.count == 3 && pathwise.biasSize <= 0.05 * size)
  }

  /// None is the gradient itself; a horizon as long as the lifetime is left out, and a short one takes from eta, whose
  /// effect is late, more than rounding.
  @Test func horizonsAreCompared() throws {
    let own = subject {
      $0.method.trials = 20
      $0.method.horizon = 7
    }
    let audit = HorizonAudit(own, horizons: [5, 1, 20, 50], samples: 12, double: true)
    #expect(audit.rows.map(\.horizon) == [nil, 5, 1] && audit.lifetimes == 12 && audit.dropped == 0)
    #expect(audit.estimator == .pathwise && audit.coordinates.count == 9 + own.constants.count)
    #expect(audit.rows[0].bias.allSatisfy { $0.value == 0 && $0.error == 0 })
    #expect(audit.keptOfTheta(audit.rows[0]) == 1)
    let eta = try #require(audit.coordinates.firstIndex(of: .constant(.eta)))
    #expect(audit.kept(audit.rows[0])[eta] == 1)
    #expect(abs(audit.rows[2].bias[eta].value) > 1e-6)

    // The same numbers by hand: the adjoint of one horizon on the same lifetimes.
    var method = own.method
    method.horizon = 5
    let runner = own.task.runner(method, double: true, level: .highest, engine: .adjoint(tapeLength: 20))
    let mean = (0..<12).map { index in
      var address = own.address
      address.index += UInt32(index)
      let outcome = runner.run(
        address, rule: own.rule,
        request: LifetimeRequest(
          estimators: [.pathwise], coordinates: [.constant(.eta)], directions: 0..<1))
      return outcome.gradients[.pathwise]![0]
    }.mean()
    #expect(abs(mean - audit.rows[1].gradient[eta].value) <= 1e-12 * abs(mean))

    let binary = subject { $0.method.reward = .binary }
    #expect(HorizonAudit(binary, horizons: [5], samples: 4, double: true).estimator == .tangent)
  }
}

import MadeUpMechanism
import Model
import Plasticity
import Sweep
import Testing

@testable import Experiment

/// A made-up mechanism in lifetimes; the commands see it in `CommandTests`. Each test is a process of its own, which has
/// the mechanism from its first line on.
@Suite struct MadeUpMechanismTests {
  /// The lifetimes of both engines have it, and it moves W.
  @Test
  func lifetimesHaveIt() async {
    await #expect(processExitsWith: .success) {
      Mechanisms.add(Fatigue.self)
      let task = try CellConfiguration(Settings()).tasks[0]
      let method = Method(units: 8, trials: 12, horizon: nil)
      var rule = Rule(degree: 1, theta: [0.1, 0.2, -0.1, 0.3])
      let address = LifetimeAddress(seed: 3, domain: .training, index: 0)
      let request = LifetimeRequest(estimators: [.pathwise, .antithetic], directions: 0..<4)
      func run(_ engine: GradientEngine) -> LifetimeOutcome {
        task.runner(method, double: true, level: .baseline, engine: engine).run(
          address, rule: rule, request: request)
      }
      let without = run(.forward)
      rule.constants[LocalConstant(declared: "fatigue")] = 0.2
      let forward = run(.forward)
      let adjoint = run(.adjoint(tapeLength: 4))
      #expect(forward.rewards != without.rewards && forward.rewards == adjoint.rewards)
      for estimator in [Estimator.pathwise, .antithetic] {
        let a = try #require(forward.gradients[estimator])
        let b = try #require(adjoint.gradients[estimator])
        let size = a.map(abs).max()!
        // Two exact ways to one number: 1e-10 of the largest entry, as for the engines' own mechanisms.
        #expect(zip(a, b).allSatisfy { abs($0 - $1) <= 1e-10 * size })
      }
    }
  }

  /// The constants have been looked at: another would change what was read.
  @Test func comesFirstOrNotAtAll() async {
    await #expect(processExitsWith: .failure) {
      _ = LocalConstant.allCases
      Mechanisms.add(Fatigue.self)
    }
  }
}

import Foundation
import Kernels
import Testing

@testable import Tasks

/// What every task promises, whatever it asks.
@Suite struct EveryTaskTests {
  @Test(arguments: everyForm) func conditionsAreUniform(name: String, form: String) throws {
    let task = try make(name, form: form)
    let count = 400 * task.conditions
    var seen = [Int](repeating: 0, count: task.conditions)
    forTrials(of: task, count: count) { trial, _ in seen[trial.condition] += 1 }
    // Chi-squared with C - 1 degrees of freedom: mean C - 1, variance 2 (C - 1); five deviations.
    let chi = seen.reduce(0.0) { $0 + (Double($1) - 400) * (Double($1) - 400) / 400 }
    let freedom = Double(task.conditions - 1)
    #expect(chi <= freedom + 5 * (2 * freedom).squareRoot())
  }

  @Test(arguments: everyForm) func drawsAreRepeatableAndWriteEverything(name: String, form: String) throws {
    let task = try make(name, form: form)
    var stream = RandomStream(seed: 3, purpose: 1, lifetime: 0)
    let lifetime = task.drawLifetime(&stream)
    var clean = Trial(for: task)
    var dirty = Trial(for: task)
    for trial in 0..<50 {
      for n in dirty.inputs.indices { dirty.inputs[n] = .nan }
      for n in dirty.target.indices { dirty.target[n] = .nan }
      clean = Trial(for: task)
      var first = RandomStream(seed: 3, purpose: 2, lifetime: 0, trial: UInt32(trial))
      var second = first
      task.drawTrial(&clean, lifetime: lifetime, stream: &first)
      task.drawTrial(&dirty, lifetime: lifetime, stream: &second)
      #expect(clean == dirty)
      #expect(clean.inputs.count == task.steps * task.inputs && clean.inputs.allSatisfy(\.isFinite))
      #expect(clean.target.count == task.steps * task.outputs && clean.target.allSatisfy(\.isFinite))
      #expect(!clean.window.isEmpty && clean.window.lowerBound >= 0)
      #expect(clean.window.upperBound <= task.steps)
    }
  }

  @Test(arguments: everyForm) func theTargetIsAFullScoreAndItsOppositeIsNot(name: String, form: String) throws
  {
    let task = try make(name, form: form)
    forTrials(of: task, count: 100) { trial, _ in
      #expect(task.accuracy(readout: trial.target.map(Double.init), trial: trial) == 1)
      if !trial.rivals.isEmpty { return }  // the opposite of a trajectory may lie close to it
      #expect(task.accuracy(readout: trial.target.map { -Double($0) }, trial: trial) < 1)
      #expect((0...1).contains(task.accuracy(readout: trial.target.map { _ in 0 }, trial: trial)))
    }
  }

  @Test(arguments: everyForm) func inputsAreQuietDuringTheResponseUnlessStated(
    name: String, form: String
  ) throws {
    let task = try make(name, form: form)
    if ["flip-flop", "context-integration"].contains(name) { return }
    forTrials(of: task, count: 100) { trial, _ in
      for t in trial.window {
        for m in 0..<task.inputs { #expect(trial.inputs[t * task.inputs + m] == 0) }
      }
    }
  }
}

@Suite struct HeldInputsTests {
  @Test func noiseAveragesOut() throws {
    let xor = try make("delayed-xor").heldInputs()
    #expect(xor == [[1, 0, 1, 0], [1, 0, 0, 1], [0, 1, 1, 0], [0, 1, 0, 1]])
    // Short perceptual decision: 64 x 14 draws of unit noise, standard error 0.034; five of them.
    let perceptual = try make("perceptual-decision").heldInputs()
    for (seen, mean) in zip(perceptual, [-0.25, 0.25, -0.5, 0.5]) { #expect(abs(seen[0] - mean) < 0.17) }
    // Both stimuli of delayed-nonmatch: A for one half of the steps, B for the other.
    #expect(try make("delayed-nonmatch", step: 10).heldInputs()[1] == [0.5, 0.5])
  }
}

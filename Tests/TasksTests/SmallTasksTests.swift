import Foundation
import Kernels
import Testing

@testable import Tasks

/// The small tasks against TASK definitions written out by hand.
@Suite struct SmallTasksTests {
  @Test func cueAssociationRedrawsHalfOfTheCues() throws {
    let task = try make("cue-association")
    #expect(task.inputs == 4 && task.steps == 24 && task.conditions == 4)
    var mappings = Set<[Float]>()
    for lifetime in 0..<200 {
      var stream = RandomStream(seed: 9, purpose: 1, lifetime: UInt32(lifetime))
      let values = task.drawLifetime(&stream).values
      #expect(values.reduce(0, +) == 0 && values.allSatisfy { abs($0) == 1 })
      mappings.insert(values)
    }
    #expect(mappings.count == 6)  // 4 choose 2
    forTrials(of: task, count: 200) { trial, lifetime in
      #expect(trial.window == 16..<24)
      #expect(trial.target.allSatisfy { $0 == lifetime.values[trial.condition] })
      for t in 0..<24 {
        for m in 0..<4 {
          #expect(trial.inputs[t * 4 + m] == (t < 7 && m == trial.condition ? 1 : 0))
        }
      }
    }
  }

  @Test func delayedNonmatchShortAndFull() throws {
    let short = try make("delayed-nonmatch", step: 10)
    #expect(short.steps == 40)
    forTrials(of: short, count: 40) { trial, _ in
      let (a, b) = (trial.condition / 2, trial.condition % 2)
      #expect(trial.target[0] == (a == b ? -1 : 1))
      #expect(trial.window == 28..<40)
      for t in 0..<40 {
        for m in 0..<2 {
          let on = (t < 8 && m == a) || (14..<22 ~= t && m == b)
          #expect(trial.inputs[2 * t + m] == (on ? 1 : 0))
        }
      }
    }
    let full = try make("delayed-nonmatch", form: "full", options: ["target": [0.98]], step: 1)
    #expect(full.steps == 1000)
    forTrials(of: full, count: 10) { trial, _ in
      #expect(abs(trial.target[0]) == 0.98)
      #expect(trial.window == 800..<1000)
      #expect(trial.inputs.reduce(0, +) == 400)
    }
  }

  @Test func delayedXORShowsBothCuesAtOnce() throws {
    let task = try make("delayed-xor")
    forTrials(of: task, count: 40) { trial, _ in
      let (a, b) = (trial.condition / 2, trial.condition % 2)
      #expect(trial.target[0] == (a != b ? 1 : -1))
      for t in 0..<24 {
        let row = Array(trial.inputs[4 * t..<4 * t + 4])
        let shown: [Float] = a == 0 ? [1, 0] : [0, 1]
        #expect(row == (t < 7 ? shown + (b == 0 ? [1, 0] : [0, 1]) : [0, 0, 0, 0]))
      }
    }
  }

  @Test func perceptualCeilingsAreTheStatedOnes() throws {
    let short = try #require(try make("perceptual-decision") as? PerceptualDecision)
    #expect(short.inputs == 1 && short.conditions == 4)
    #expect(abs(short.ceilings[0] - 0.825) < 5e-4)
    #expect(abs(short.ceilings[1] - 0.969) < 5e-4)
    #expect(abs(short.ceiling - 0.897) < 5e-4)
    // dt = 10 divides the stimulus, so T = 2000 ms exactly: Phi(0.064 sqrt(1000)) = 0.979.
    let full = try #require(try make("perceptual-decision", form: "full", step: 10) as? PerceptualDecision)
    #expect(full.inputs == 2 && full.conditions == 10)
    #expect(abs(full.ceilings[1] - 0.979) < 5e-4)
    #expect(abs(full.ceiling - 0.896) < 5e-4)
  }

  /// The noise of a step has variance s^2/dt: the summed evidence over the stimulus keeps its mean and variance.
  @Test(arguments: [1.0, 3, 12]) func perceptualDifficultyDoesNotDependOnTheStep(step: Double) throws {
    let task = try #require(try make("perceptual-decision", step: step) as? PerceptualDecision)
    let n = 4000
    var sums = [[Double]](repeating: [], count: 4)
    forTrials(of: task, count: n) { trial, _ in
      sums[trial.condition].append(trial.inputs.reduce(0.0) { $0 + Double($1) } * step)
    }
    let length = Double(task.stimulus.count) * step
    #expect(abs(length - 216) < step)
    for condition in 0..<4 {
      let values = sums[condition]
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
      let expected = (condition % 2 == 1 ? 1 : -1) * [0.25, 0.5][condition / 2] * length
      let deviation = (15 * length).squareRoot()
      // About 1000 values: five standard errors of a mean and of a variance.
      #expect(abs(mean - expected) < 5 * deviation / Double(values.count).squareRoot())
      #expect(abs(variance / (15 * length) - 1) < 5 * (2 / Double(values.count)).squareRoot())
    }
  }
}

import Foundation
import Kernels
import Testing

@testable import Tasks

/// The stated chance levels, shortcuts and ceilings, reproduced by simulation.
///
/// Tolerance: 4.5 standard errors of the simulated mean (a false alarm in 150,000 for one comparison), or equality
/// where every trial scores the same.
@Suite struct PolicyTests {
  static let trials = 8000
  static let grids: [(step: Double, trial: Double?)] = [(15, nil), (5, nil), (10, 600)]

  func agrees(_ seen: SimulatedAccuracy, _ stated: Double) -> Bool {
    abs(seen.mean - stated) <= 4.5 * seen.standardError + 1e-12
  }

  /// Every policy that ignores something earns what is stated, and the best of them is the task's shortcut.
  func expectShortcuts(of task: any CatalogueTask, _ name: String, trials: Int, seed: UInt64) {
    for shortcut in task.shortcuts {
      let seen = task.accuracy(of: shortcut.policy, trials: trials, perLifetime: 1, seed: seed)
      #expect(
        agrees(seen, shortcut.accuracy),
        "\(name), without \(shortcut.ignores): \(seen), stated \(shortcut.accuracy)")
    }
    #expect(task.shortcut == task.shortcuts.map(\.accuracy).max())
    #expect(Set(task.shortcuts.map(\.ignores)).count == task.shortcuts.count)
  }

  func trials(_ task: any CatalogueTask) -> Int { task.steps > 300 ? 2000 : Self.trials }

  @Test(arguments: everyForm, grids) func shortcutsAndCeilingsHold(
    form: (name: String, form: String), grid: (step: Double, trial: Double?)
  ) throws {
    let task = try make(form.name, form: form.form, step: grid.step, trial: grid.trial)
    expectShortcuts(of: task, "\(form)", trials: trials(task), seed: 11)
    let ideal = task.accuracy(of: task.idealObserver, trials: trials(task), seed: 12)
    #expect(agrees(ideal, task.ceiling), "\(form): ideal \(ideal), stated \(task.ceiling)")
  }

  /// Random answers: coins for a decision, a random walk for a trajectory.
  @Test(arguments: everyForm) func chanceIsWhatGuessingEarns(name: String, form: String) throws {
    let task = try make(name, form: form)
    let count = task.steps * task.outputs
    let perStep = task.hasMovingTarget
    let guess = Policy("guess") { _, _, stream in
      if perStep { return (0..<count).map { _ in Double(stream.normal()) } }
      return Array(repeating: stream.bit() ? 1 : -1, count: count)
    }
    let seen = task.accuracy(of: guess, trials: trials(task), seed: 13)
    #expect(agrees(seen, task.chance), "\(name) \(form): \(seen)")
  }

  @Test func statedValues() throws {
    #expect(try make("context-integration").shortcut > 0.7499)
    #expect(try make("context-integration").ceiling > 0.9999)
    #expect(try make("parametric-memory").shortcut == 0.7)
    #expect(try make("paired-association").shortcut == 0.5)
    #expect(try make("paired-association", options: ["cues": [4]]).shortcut == 0.75)
    #expect(try make("cue-trajectory", options: ["cues": [5]]).chance == 0.2)
    // Two levels tell two trajectories apart without any time course.
    #expect(try make("cue-trajectory").shortcut == 1)
    #expect(try make("cue-trajectory").shortcutPolicy.summary == "a level for each cue, whatever the time")
  }

  /// Options that change a stated value.
  @Test(
    arguments: [
      ("cue-association", ["cues": [2.0]]), ("paired-association", ["cues": [3]]),
      ("flip-flop", ["bits": [2]]), ("flip-flop", ["rate": [0.4]]), ("flip-flop", ["rate": [0]]),
      ("flip-flop", ["rate": [1], "bits": [2]]), ("flip-flop", ["slots": [2]]),
      ("flip-flop", ["slots": [4], "rate": [0.3]]), ("flip-flop", ["slots": [3], "rate": [1e-200]]),
      ("parametric-memory", ["classic": [1]]), ("variable-delay-match", ["ring": [7], "delays": [0, 100]]),
      ("variable-delay-match", ["ring": [2]]), ("cue-trajectory", ["cues": [2]]),
      ("context-integration", ["noise": [4]]), ("context-integration", ["drift": [0.01]]),
      ("perceptual-decision", ["coherences": [0, 1], "noise": [10]]),
    ] as [(String, [String: [Double]])]) func optionsChangeTheStatedValuesCorrectly(
      name: String, options: [String: [Double]]
    ) throws
  {
    let task = try make(name, options: options)
    expectShortcuts(of: task, "\(name) \(options)", trials: 6000, seed: 14)
    let ideal = task.accuracy(of: task.idealObserver, trials: 6000, seed: 15)
    #expect(agrees(ideal, task.ceiling), "\(name) \(options): ideal \(ideal), stated \(task.ceiling)")
  }

  /// Ignoring the context costs nothing on congruent trials and everything on the others.
  @Test func contextTrialsByCongruence() throws {
    let task = try #require(try make("context-integration") as? ContextIntegration)
    var counts = [0, 0]
    var right = [0.0, 0.0]
    let policy = task.shortcutPolicy
    forTrials(of: task, count: 4000) { trial, lifetime in
      let kind = task.isCongruent(trial) ? 1 : 0
      var coins = RandomStream(seed: 5, purpose: 9, lifetime: UInt32(counts[0] + counts[1]))
      counts[kind] += 1
      right[kind] += task.accuracy(readout: policy.respond(trial.inputs, lifetime, &coins), trial: trial)
    }
    #expect(abs(Double(counts[1]) / 4000 - 0.5) < 4.5 * 0.5 / 4000.0.squareRoot())
    #expect(right[1] == Double(counts[1]))
    #expect(abs(right[0] / Double(counts[0]) - 0.5) < 4.5 * 0.5 / Double(counts[0]).squareRoot())
  }

  /// In parametric-memory f2 alone earns a coin's worth; with the classic pairs either stimulus alone earns 0.7.
  @Test func parametricMemoryOneStimulusPolicies() throws {
    func best(_ task: ParametricMemory, _ key: KeyPath<(first: Double, second: Double), Double>) -> Double {
      let values = Dictionary(grouping: task.pairs) { $0[keyPath: key] }.values
      let right = values.map { pairs in
        max(pairs.filter { $0.first > $0.second }.count, pairs.filter { $0.first < $0.second }.count)
      }
      return Double(right.reduce(0, +)) / Double(task.pairs.count)
    }
    let ours = try #require(try make("parametric-memory") as? ParametricMemory)
    let classic = try #require(try make("parametric-memory", options: ["classic": [1]]) as? ParametricMemory)
    #expect(best(ours, \.first) == 0.7 && best(ours, \.second) == 0.5)
    #expect(best(classic, \.first) == 0.7 && best(classic, \.second) == 0.7)
  }

  /// Where the step divides the epochs, an ideal observer is exactly as good at every step.
  @Test func ceilingsDoNotDependOnTheStep() throws {
    for step in [1.0, 2, 3, 4, 6, 8, 9] {
      let short = try make("perceptual-decision", options: ["noise": [8]], step: step)
      let same = try make("perceptual-decision", options: ["noise": [8]], step: 12)
      #expect(abs(short.ceiling - same.ceiling) < 1e-12)
    }
    for step in [1.0, 2, 5, 10, 20, 25, 50] {
      for (name, form) in [("perceptual-decision", "full"), ("context-integration", "full")] {
        let noise = ["noise": [4.0]]
        let task = try make(name, form: form, options: noise, step: step)
        let same = try make(name, form: form, options: noise, step: 100)
        #expect(abs(task.ceiling - same.ceiling) < 1e-12 && abs(task.shortcut - same.shortcut) < 1e-12)
      }
    }
  }
}

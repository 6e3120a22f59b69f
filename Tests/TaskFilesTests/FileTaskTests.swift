import Foundation
import Kernels
import TaskFiles
import Testing

@testable import Tasks

/// What trials of a task file look like, and what its answers are measured against.
@Suite struct FileTaskTests {
  static func task(_ text: String, step: Double = 10, trial: Double? = nil) throws -> FileTask {
    let made = try TaskReading.task(read(text), time: TimeGrid(step: step, trial: trial))
    return try #require(made as? FileTask)
  }

  static func trials(_ task: any LearningTask, _ count: Int, lifetime index: UInt32 = 0) -> [Trial] {
    var stream = RandomStream(seed: 3, purpose: 1, lifetime: index)
    let lifetime = task.drawLifetime(&stream)
    var trial = Trial(for: task)
    return (0..<count).map { number in
      var stream = RandomStream(seed: 3, purpose: 2, lifetime: index, trial: UInt32(number))
      task.drawTrial(&trial, lifetime: lifetime, stream: &stream)
      return trial
    }
  }

  static let match = """
    name: match
    inputs: [fix, a, b]
    outputs: [z]
    periods: {sample: 30, delay: {choice: [20, 40]}, test: 30, decision: 20}
    show:
      - {channel: fix, during: [sample, delay, test]}
      - {channel: $sample, during: sample}
      - {channel: $test, during: test, value: $strength}
    columns: {strength: {choice: [0.5, 1]}}
    conditions:
      - {sample: a, test: a, z: 1}
      - {sample: b, test: b, z: 1}
      - {sample: a, test: b, z: -1, weight: 2}
      - {sample: b, test: a, z: -1}
    respond: decision
    """

  @Test func everyTrialIsWhatItsRowSays() throws {
    let task = try Self.task(Self.match)
    #expect(task.steps == 12 && task.inputs == 3 && task.outputs == 1 && task.conditions == 4)
    var delays: Set<Int> = []
    var strengths: Set<Float> = []
    var counts = [0, 0, 0, 0]
    for trial in Self.trials(task, 2000) {
      let delay = trial.window.lowerBound - 6
      delays.insert(delay)
      counts[trial.condition] += 1
      #expect(trial.window == (6 + delay)..<(8 + delay))
      #expect(trial.target == Array(repeating: [0, 1].contains(trial.condition) ? 1 : -1, count: 12))
      let (sample, test) = ([1, 2, 1, 2][trial.condition], [1, 2, 2, 1][trial.condition])
      let strength = trial.inputs[3 * (3 + delay) + test]
      strengths.insert(strength)
      for t in 0..<12 {
        var wanted: [Float] = [t < 6 + delay ? 1 : 0, 0, 0]
        if t < 3 { wanted[sample] += 1 }
        if 3 + delay <= t, t < 6 + delay { wanted[test] += strength }
        #expect(Array(trial.inputs[3 * t..<3 * t + 3]) == wanted, "step \(t) of condition \(trial.condition)")
      }
    }
    #expect(delays == [2, 4] && strengths == [0.5, 1])
    // 400, 400, 800, 400 expected; five standard deviations of the third are 110.
    #expect(abs(counts[2] - 800) < 110 && abs(counts[0] - 400) < 90, "\(counts)")
  }

  @Test func yardsticksOfMatchingAreFoundByGoingThroughAllCases() throws {
    let found = try Self.task(Self.match).yardsticks
    // -1 in three of five; who ignores the sample knows that b is tested in three of five, two of which ask for -1.
    #expect(found.chance == 0.6 && found.shortcut == 0.6 && found.ceiling == 1)
    let even = try Self.task(Self.match.replacing(", weight: 2", with: "")).yardsticks
    #expect(even.chance == 0.5 && even.shortcut == 0.5 && even.ceiling == 1)
    let leaning = try Self.task(
      Self.match.replacing("{sample: b, test: b, z: 1}", with: "{sample: b, test: b, z: -1}")
        .replacing(", weight: 2", with: "")
    ).yardsticks
    // +1 only for a after a: constant -1 is right in three of four.
    #expect(leaning.chance == 0.75 && leaning.shortcut == 0.75)
    let alone = try Self.task(
      Self.match.replacing("test: b, z: 1}", with: "test: b, z: -1}").replacing(
        "test: b, z: -1, weight: 2}", with: "test: b, z: 1}")
    ).yardsticks
    // The sample alone decides: leaving out the test costs nothing.
    #expect(alone.shortcut == 1 && alone.ignored == "leave out column 'test'", "\(alone)")
  }

  static let goNogo = """
    name: go-nogo
    inputs: [left, right]
    outputs: [z]
    periods: {stimulus: 30, decision: 20}
    show: [{channel: $cue, during: stimulus, noise: 4}]
    conditions: [{cue: left, z: 1}, {cue: right, z: 0}]
    redraw: z
    respond: decision
    """

  @Test func whatIsShuffledStaysForALifetimeAndZeroIsAnAnswer() throws {
    let task = try Self.task(Self.goNogo)
    var go: Set<Int> = []
    for lifetime in 0..<20 {
      let trials = Self.trials(task, 20, lifetime: UInt32(lifetime))
      let targets = Dictionary(grouping: trials) { $0.condition }.mapValues { Set($0.map { $0.target[0] }) }
      #expect(targets[0]!.count == 1 && targets[1]!.count == 1 && targets[0] != targets[1])
      go.insert(targets[0] == [1] ? 0 : 1)
      for trial in trials {
        let near = trial.target.map { Double($0) + 0.4 }
        let far = trial.target.map { $0 == 1 ? 0.4 : 0.6 }
        #expect(task.accuracy(readout: near, trial: trial) == (trial.target[0] == 1 ? 1 : 1))
        #expect(task.accuracy(readout: far, trial: trial) == 0)
      }
    }
    #expect(go == [0, 1])
    #expect(!task.answersAreSigns && !task.hasMovingTarget)
    let found = task.yardsticks
    #expect(found.chance == 0.5 && found.shortcut == 0.5)
    // Two channels, three steps, noise 4/sqrt(10) on the one that is shown alone: the silent channel gives it away.
    #expect(found.ceiling == 1)
  }

  @Test func noiseHasTheDeviationOfItsStepAndLimitsTheObserver() throws {
    let text = """
      name: sides
      inputs: [u]
      outputs: [z]
      periods: {stimulus: 100, decision: 20}
      show: [{channel: u, during: stimulus, value: $coherence, noise: 2}]
      conditions: [{coherence: 0.1, z: 1}, {coherence: -0.1, z: -1}]
      respond: decision
      """
    for step in [5.0, 20.0] {
      let task = try Self.task(text, step: step)
      let steps = Int(100 / step)
      var sum = 0.0
      var squares = 0.0
      let trials = Self.trials(task, 2000)
      for trial in trials {
        for t in 0..<steps {
          let noise = Double(trial.inputs[t]) - (trial.condition == 0 ? 0.1 : -0.1)
          sum += noise
          squares += noise * noise
        }
        #expect(trial.inputs[steps...].allSatisfy { $0 == 0 })
      }
      let count = Double(2000 * steps)
      // Relative standard error of the variance sqrt(2 / count), at most 1.5 %; five of them.
      #expect(abs(squares / count / (4 / step) - 1) < 5 * (2 / count).squareRoot(), "step \(step)")
      #expect(abs(sum / count) < 5 * (4 / step / count).squareRoot())
      // Phi(0.1 sqrt(100) / 2) whatever the step; 4000 trials have a standard error of 0.0073.
      let ceiling = try #require(task.yardsticks.ceiling)
      #expect(abs(ceiling - normalCDF(0.5)) < 5 * 0.0073, "\(ceiling)")
    }
  }

  static let curves = """
    name: two-curves
    inputs: [c1, c2]
    outputs: [x, y]
    curves: {p: {sines: 2, cycles: [0.5, 2], redraw: lifetime}, q: {samples: [0, 1, 0]}}
    periods: {cue: 20, delay: 30, produce: 50}
    show: [{channel: $cue, during: cue}]
    conditions: [{cue: c1, x: p, y: q}, {cue: c2, x: q, y: p}]
    respond: produce
    """

  @Test func curvesMoveOverTheWindowAndTheNearestIsRight() throws {
    let task = try Self.task(Self.curves)
    #expect(task.hasMovingTarget && task.steps == 10)
    #expect(task.yardsticks.chance == 0.5 && task.yardsticks.shortcut == 0.5 && task.yardsticks.ceiling == 1)
    var drawn: Set<[Float]> = []
    for lifetime in 0..<3 {
      for trial in Self.trials(task, 8, lifetime: UInt32(lifetime)) {
        let q = trial.condition == 0 ? 1 : 0
        #expect((5..<10).map { trial.target[2 * $0 + q] } == [0, 0.5, 1, 0.5, 0])
        #expect((0..<5).allSatisfy { trial.target[2 * $0 + q] == 0 })
        let p = (5..<10).map { trial.target[2 * $0 + 1 - q] }
        #expect(p.allSatisfy { abs($0) <= 1 } && Set(p).count > 1)
        drawn.insert(p)
        #expect(task.accuracy(readout: trial.target.map(Double.init), trial: trial) == 1)
        #expect(task.accuracy(readout: trial.rivals.map(Double.init), trial: trial) == 0)
      }
    }
    #expect(drawn.count == 3)
  }

  @Test func aPairingIsAChoiceOfColumns() throws {
    let text = try String(
      contentsOfFile: #filePath.replacing("FileTaskTests.swift", with: "BuiltIn/paired-association.yaml"),
      encoding: .utf8)
    let found = try Self.task(text).yardsticks
    #expect(found.chance == 0.5 && found.shortcut == 0.5 && found.ceiling == 1)
  }

  @Test func aPeriodTooShortForTheStepIsNamed() throws {
    #expect(
      throws: TaskError(
        "task match: epoch 'sample' (0.0 to 30.0 of 120.0 ms, stretched to a trial of 120.0 ms) holds no step of "
          + "50.0 ms; wanted: a shorter time.step or a longer time.trial")
    ) { try Self.task(Self.match, step: 50) }
    #expect(
      throws: TaskError(
        "task match: period 'delay' may last 20.0 of 120.0 ms (stretched to a trial of 120.0 ms), which holds no step "
          + "of 25.0 ms; wanted: a shorter time.step or a longer time.trial")
    ) { try Self.task(Self.match, step: 25) }
  }

  /// Comments, layout and source are no part of what a task is; everything else is.
  @Test func identityIsTheContent() throws {
    let own = try read(Self.match)
    #expect(own.identity.hasPrefix("match@") && own.identity.count == 22)
    for same in [
      "# a comment\n" + Self.match,
      Self.match.replacing("name: match", with: "name: match\nsource: Someone 2020"),
      Self.match.replacing("30", with: "30.0"),
      Self.match.replacing(
        "columns: {strength: {choice: [0.5, 1]}}", with: "columns:\n  strength:\n    choice: [0.5, 1]"),
    ] {
      #expect(try read(same, as: "elsewhere/other.yaml").identity == own.identity)
    }
    var seen: Set<String> = [own.identity]
    for other in [
      Self.match.replacing("name: match", with: "name: other"),
      Self.match.replacing("[0.5, 1]", with: "[0.5, 0.9]"),
      Self.match.replacing("[0.5, 1]", with: "[1, 0.5]"),
      Self.match.replacing("weight: 2", with: "weight: 3"),
      Self.match.replacing("decision: 20", with: "decision: 30"), Self.match + "\nredraw: z",
      Self.match.replacing("during: sample}", with: "during: sample, noise: 1}"),
    ] {
      #expect(seen.insert(try read(other).identity).inserted, "\(other)")
    }
  }
}

import Kernels
import Testing

@testable import Tasks

/// The larger tasks against definitions written out by hand, at dt = 10.
@Suite struct LargeTasksTests {
  @Test func contextIntegration() throws {
    let task = try make("context-integration", step: 10)
    #expect(task.steps == 70 && task.inputs == 4)
    forTrials(of: task, count: 50) { trial, _ in
      #expect(trial.window == 50..<70)
      let attended = trial.condition / 2
      for t in 0..<70 {
        #expect(trial.inputs[4 * t + 2 + attended] == 1 && trial.inputs[4 * t + 3 - attended] == 0)
        if t >= 50 { #expect(trial.inputs[4 * t] == 0 && trial.inputs[4 * t + 1] == 0) }
      }
      #expect(trial.target[0] == (trial.condition % 2 == 1 ? 1 : -1))
    }
  }

  @Test func pairedAssociation() throws {
    let task = try make("paired-association", options: ["cues": [3]], step: 10)
    var partners = Set<[Float]>()
    forTrials(of: task, count: 900) { trial, lifetime in
      partners.insert(lifetime.values)
      let (a, b) = (trial.condition / 3, trial.condition % 3)
      #expect(trial.target[0] == (lifetime.values[a] == Float(b) ? 1 : -1))
      #expect(trial.window == 80..<100)
      for t in 0..<100 {
        for m in 0..<6 {
          let on = (t < 20 && m == a) || (40..<60 ~= t && m == 3 + b)
          #expect(trial.inputs[6 * t + m] == (on ? 1 : 0))
        }
      }
    }
    #expect(partners.count == 6)
  }

  @Test func flipFlopHoldsTheLastPulse() throws {
    let task = try make("flip-flop", options: ["bits": [2], "rate": [0.3]], step: 10)
    var pulses = 0
    forTrials(of: task, count: 2000) { trial, _ in
      #expect(trial.window == 0..<100)
      for bit in 0..<2 {
        var held: Float = 0
        for t in 0..<100 {
          let u = trial.inputs[2 * t + bit]
          if u != 0 { held = u }
          if t % 10 >= 5 { #expect(u == 0) }
          if t % 10 == 0 && u != 0 { pulses += 1 }
          #expect(trial.target[2 * t + bit] == held)
        }
        #expect(held != 0)
      }
    }
    // 4,000 channels with 3 pulses each on average, of those with two or more: (3 - 10 0.3 0.7^9) / (1 - 0.7^10 -
    // 10 0.3 0.7^9) = 3.384, deviation below 1.27 a channel.
    #expect(abs(Double(pulses) - 4000 * 3.3842) < 5 * 1.27 * 4000.0.squareRoot())
  }

  @Test func parametricMemory() throws {
    let task = try #require(try make("parametric-memory", step: 10) as? ParametricMemory)
    #expect(task.steps == 260)
    var seconds = Set<Double>()
    for pair in task.pairs {
      #expect(abs(pair.first - pair.second) == 4)
      #expect((10...34).contains(pair.first))
      seconds.insert(pair.second)
    }
    #expect(seconds == [14, 18, 22, 26, 30])
    forTrials(of: task, count: 50) { trial, _ in
      let pair = task.pairs[trial.condition]
      #expect(trial.window == 250..<260)
      #expect(trial.target[0] == (pair.first > pair.second ? 1 : -1))
      for t in 0..<260 {
        let frequency = (50..<100 ~= t) ? pair.first : (200..<250 ~= t) ? pair.second : nil
        let s = frequency.map { ($0 - 10) / 24 }
        #expect(trial.inputs[2 * t] == (s.map { Float((1 + $0) / 2) } ?? 0))
        #expect(trial.inputs[2 * t + 1] == (s.map { Float((1 - $0) / 2) } ?? 0))
      }
    }
  }

  @Test func variableDelayMatch() throws {
    let task = try make("variable-delay-match", step: 10)
    #expect(task.steps == 140 && task.inputs == 5 && task.conditions == 8)
    var starts: [Int: Int] = [:]
    var others = Set<Int>()
    forTrials(of: task, count: 3000) { trial, _ in
      let start = trial.window.lowerBound
      starts[start, default: 0] += 1
      #expect(trial.window == start..<start + 20)
      let shown = trial.condition / 2
      func row(_ t: Int) -> [Float] { Array(trial.inputs[5 * t..<5 * t + 4]) }
      #expect(row(0)[shown] == 1 && row(0)[(shown + 2) % 4] == 0)
      #expect(row(start - 21) == [0, 0, 0, 0] && row(20) == [0, 0, 0, 0])
      let tested = row(start - 1).firstIndex(of: 1)!
      #expect((tested == shown) == (trial.condition % 2 == 1) && (trial.target[0] == 1) == (tested == shown))
      others.insert((tested - shown + 4) % 4)
      for t in 0..<140 { #expect(trial.inputs[5 * t + 4] == (t < start ? 1 : 0)) }
    }
    #expect(Set(starts.keys) == [60, 80, 120] && others == [0, 1, 2, 3])
    // 1,000 each, deviation 25.8.
    #expect(starts.values.allSatisfy { abs($0 - 1000) < 130 })
  }

  @Test func cueTrajectory() throws {
    let task = try make("cue-trajectory", options: ["cues": [3]], step: 10)
    #expect(task.steps == 80 && task.hasMovingTarget)
    var lifetimes = Set<[Float]>()
    forTrials(of: task, count: 60) { trial, lifetime in
      lifetimes.insert(lifetime.values)
      #expect(trial.window == 50..<80)
      #expect(Array(lifetime.values[trial.condition * 80..<trial.condition * 80 + 80]) == trial.target)
      #expect(trial.rivals.count == 160)
      #expect(trial.target.allSatisfy { abs($0) <= 1 })
      #expect(trial.target[0] == trial.target[50])
      #expect(task.accuracy(readout: trial.rivals[0..<80].map(Double.init), trial: trial) == 0)
    }
    #expect(lifetimes.count == 3)
  }

  /// A trajectory is a function of time in ms: the same lifetime at a finer step passes through the same points.
  @Test func trajectoriesDoNotDependOnTheStep() throws {
    func values(_ step: Double) throws -> [Float] {
      var stream = RandomStream(seed: 4, purpose: 1, lifetime: 0)
      return try make("cue-trajectory", step: step).drawLifetime(&stream).values
    }
    let (coarse, fine) = (try values(10), try values(5))
    // Float rounding of arguments up to 2 pi: 1e-6 is ample.
    for t in 0..<160 { #expect(abs(coarse[t] - fine[2 * t]) < 1e-6) }
  }
}

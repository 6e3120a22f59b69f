import Foundation
import Kernels
import Testing

@testable import Tasks

/// The shortcuts against searches that know nothing of how they were found.
@Suite struct ShortcutTests {
  /// The variables of each task with a finite number of values, read off a drawn trial.
  static let variables:
    [String: [(name: String, read: @Sendable (any CatalogueTask, Trial, LifetimeDraw) -> Int)]] = [
      "cue-association": [
        ("the cue", { _, trial, _ in trial.condition }),
        ("the mapping", { _, _, lifetime in lifetime.values.reduce(0) { 2 * $0 + ($1 > 0 ? 1 : 0) } }),
      ],
      "delayed-nonmatch": [
        ("the first stimulus", { _, trial, _ in trial.condition / 2 }),
        ("the second stimulus", { _, trial, _ in trial.condition % 2 }),
      ],
      "delayed-xor": [
        ("the first cue", { _, trial, _ in trial.condition / 2 }),
        ("the second cue", { _, trial, _ in trial.condition % 2 }),
      ],
      "paired-association": [
        ("the cue", { _, trial, _ in trial.condition / 2 }),
        ("the probe", { _, trial, _ in trial.condition % 2 }),
        ("the pairing", { _, _, lifetime in Int(lifetime.values[0]) }),
      ],
      "parametric-memory": [
        ("f1", { task, trial, _ in Int((task as! ParametricMemory).pairs[trial.condition].first) }),
        ("f2", { task, trial, _ in Int((task as! ParametricMemory).pairs[trial.condition].second) }),
      ],
      "variable-delay-match": [
        ("the sample", { _, trial, _ in trial.condition / 2 }),
        (
          "the test",
          { task, trial, _ in
            let row = (trial.window.lowerBound - 1) * task.inputs
            return (0..<task.inputs - 1).first { trial.inputs[row + $0] == 1 }!
          }
        ),
      ],
    ]

  /// Every choice of variables to ignore, the most frequent answer to what is left, over 40,000 drawn trials: what no
  /// policy without them beats. The answer fits at most 40 values, which flatters it by less than 1 %.
  @Test(arguments: variables.keys.sorted()) func noChoiceOfVariablesToIgnoreIsBetter(name: String) throws {
    let task = try make(name)
    let variables = try #require(Self.variables[name])
    var cases: [(values: [Int], isUp: Bool)] = []
    forTrials(of: task, count: 40_000) { trial, lifetime in
      cases.append(
        (variables.map { $0.read(task, trial, lifetime) }, trial.target[trial.window.lowerBound] > 0))
    }
    var best = 0.0
    for kept in 0..<(1 << variables.count) - 1 {
      let seen = Dictionary(grouping: cases) { one in
        variables.indices.map { kept >> $0 & 1 == 1 ? one.values[$0] : 0 }
      }
      let right = seen.values.reduce(0) { $0 + max($1.count { $0.isUp }, $1.count { !$0.isUp }) }
      let share = Double(right) / Double(cases.count)
      // Each single variable that is left out is listed, with what the policy without it earns.
      let ignored = variables.indices.filter { kept >> $0 & 1 == 0 }
      if ignored.count == 1 {
        let listed = try #require(task.shortcuts.first { $0.ignores == variables[ignored[0]].name })
        #expect(abs(listed.accuracy - share) < 0.02, "\(name) without \(listed.ignores): \(share)")
      }
      best = max(best, share)
    }
    #expect(abs(task.shortcut - best) < 0.02, "\(name): \(task.shortcut), by search \(best)")
  }

  /// Every rule for when to hold a flip-flop's pulse for good, on three and four slots: by brute force over the slots
  /// and the pulses seen, none beats the one that backward induction finds.
  @Test(arguments: [(3, 0.1), (3, 0.9), (4, 0.3)]) func noRuleForWhatToHoldIsBetter(slots: Int, rate: Double)
    throws
  {
    let task = try #require(
      try make("flip-flop", options: ["slots": [Double(slots)], "rate": [rate]], step: 50) as? FlipFlop)
    // All patterns of pulses (0, +, -) with two pulses or more and their probabilities: two steps a slot.
    var patterns: [(signs: [Double], probability: Double)] = []
    var count = 1
    for _ in 0..<slots { count *= 3 }
    for code in 0..<count {
      var rest = code
      let signs = (0..<slots).map { _ in
        defer { rest /= 3 }
        return [0.0, 1, -1][rest % 3]
      }
      let pulses = signs.count { $0 != 0 }
      guard pulses >= 2 else { continue }
      let weight = signs.reduce(1.0) { $0 * ($1 == 0 ? 1 - rate : rate / 2) }
      patterns.append((signs, weight))
    }
    let total = patterns.reduce(0) { $0 + $1.probability }
    var best = 0.0
    // A bit for (slot, first pulse or later one) says whether to hold.
    for rule in 0..<(1 << (2 * slots)) {
      var sum = 0.0
      for (signs, probability) in patterns {
        var (held, last, seen, right, counted) = (0.0, 0.0, 0, 0.0, 0.0)
        for slot in 0..<slots {
          if signs[slot] != 0 {
            seen += 1
            last = signs[slot]
            if held == 0, rule >> (2 * slot + min(seen, 2) - 1) & 1 == 1 { held = last }
          }
          guard last != 0 else { continue }
          counted += 2
          right += signs[slot] != 0 ? 1 : held == 0 ? 0.5 : held == last ? 1 : 0
          right += held == 0 ? 0.5 : held == last ? 1 : 0
        }
        sum += probability / total * right / counted
      }
      best = max(best, sum)
    }
    #expect(abs(task.shortcut - best) < 1e-12, "\(task.shortcut), by brute force \(best)")
  }

  /// With one pulse a trial, holding it was all there was to do; with two, to hold the first is not enough.
  @Test func flippingMatters() throws {
    for options in [[:], ["slots": [4.0], "rate": [0.3]], ["bits": [2]]] {
      let task = try #require(try make("flip-flop", options: options) as? FlipFlop)
      let best = task.shortcuts[0].accuracy
      print(
        "flip-flop \(options): never flips \(best), no memory \(task.shortcuts[1].accuracy), best \(task.shortcut)"
      )
      #expect(best < 0.87 && task.shortcuts[1].accuracy < best && task.ceiling == 1)
    }
  }

  /// Trials have the law of those with two pulses or more among independent slots: number of pulses and first slot
  /// of 20,000 against the binomial, five deviations.
  @Test(arguments: [(10, 0.1), (4, 0.3), (5, 0.0)]) func pulsesAreDrawnAgainWhereFewerThanTwo(
    slots: Int, rate: Double
  ) throws {
    let task = try make("flip-flop", options: ["slots": [Double(slots)], "rate": [rate]], step: 50)
    var numbers = [Double](repeating: 0, count: slots + 1)
    var pulsesIn = [Double](repeating: 0, count: slots)
    var flips = 0.0
    let count = 20_000
    forTrials(of: task, count: count) { trial, _ in
      let signs = (0..<slots).map { trial.inputs[2 * $0] }
      numbers[signs.count { $0 != 0 }] += 1
      for slot in 0..<slots where signs[slot] != 0 { pulsesIn[slot] += 1 }
      let pulses = signs.filter { $0 != 0 }
      if pulses[0] != pulses[1] { flips += 1 }
    }
    #expect(numbers[0] == 0 && numbers[1] == 0)
    func binomial(_ k: Int) -> Double {
      let ways = (0..<k).reduce(1.0) { $0 * Double(slots - $1) / Double($1 + 1) }
      return rate == 0 ? (k == 2 ? 1 : 0) : ways * pow(rate, Double(k)) * pow(1 - rate, Double(slots - k))
    }
    let enough = (2...slots).reduce(0) { $0 + binomial($1) }
    var mean = 0.0
    for k in 2...slots {
      let share = binomial(k) / enough
      mean += Double(k) * share
      #expect(
        abs(numbers[k] / Double(count) - share) < 5 * (share / Double(count)).squareRoot() + 1e-12,
        "\(k) pulses")
    }
    // By symmetry every slot has as many.
    let share = mean / Double(slots)
    for slot in 0..<slots {
      #expect(abs(pulsesIn[slot] / Double(count) - share) < 5 * 0.5 / Double(count).squareRoot())
    }
    #expect(abs(flips / Double(count) - 0.5) < 5 * 0.5 / Double(count).squareRoot())
  }

  /// Simulated levels of more than two cues, on other lifetimes than those the number was made of: 3000 and 6000
  /// trajectories, five standard errors of both.
  @Test func levelsTellMostTrajectoriesApart() throws {
    for cues in [3, 6] {
      let task = try make("cue-trajectory", options: ["cues": [Double(cues)]])
      let seen = task.accuracy(of: task.shortcutPolicy, trials: 3000, perLifetime: 1, seed: 21)
      #expect(
        abs(seen.mean - task.shortcut) < 5 * (0.25 / 3000 + 0.25 / 6000).squareRoot(),
        "\(seen), \(task.shortcut)")
      #expect(task.shortcut > task.chance && task.shortcut < 1)
      print("cue-trajectory with \(cues) cues: a level for each is right on \(task.shortcut)")
    }
  }

  @Test func oneSlotCannotFlip() {
    #expect(
      throws: TaskError("task flip-flop: option 'slots' is 1.0; wanted: one whole number in 2...1000")
    ) { try make("flip-flop", options: ["slots": [1]]) }
  }
}

import TestSupport
import Testing

@testable import Sweep

@Suite struct SimulationTests {
  /// The time that longest-first takes when messages take none: the plain loop.
  static func longestFirst(_ costs: [Double], teams: Int) -> Double {
    var free = Array(repeating: 0.0, count: teams)
    for cost in costs.sorted(by: >) {
      let team = free.indices.min { free[$0] < free[$1] }!
      free[team] += cost
    }
    return free.max() ?? 0
  }

  static func machine(_ ranks: Int, look: Double = 0, latency: Double = 0) -> Simulation.Machine {
    var machine = Simulation.Machine(ranks: ranks)
    machine.look = look
    machine.latency = latency
    return machine
  }

  @Test func withoutDelaysItIsLongestFirst() {
    var dice = SeededRandom(3)
    var worst = 0.0
    for _ in 0..<200 {
      let costs = (0..<Int.random(in: 1...60, using: &dice)).map { _ in
        Double.random(in: 1...30, using: &dice)
      }
      let ranks = Int.random(in: 1...12, using: &dice)
      let outcome = Simulation.run(costs: costs, iterations: costs.map { _ in 10 }, on: Self.machine(ranks))
      let wanted = Self.longestFirst(costs, teams: ranks)
      worst = max(worst, outcome.wall / wanted)
      let bound = max(costs.max()!, costs.reduce(0, +) / Double(ranks))
      #expect(outcome.wall >= bound - 1e-9)
      #expect(abs(outcome.utilisation - costs.reduce(0, +) / (outcome.wall * Double(ranks))) < 1e-12)
    }
    // A cell handed out early can end up behind a longer rest than another team's.
    #expect(worst < 1.02, "worst \(worst)")
  }

  @Test func aSlowRank0CostsOneLookAWave() {
    let costs = Array(repeating: 10.0, count: 400)
    let iterations = costs.map { _ in 100 }
    let outcome = Simulation.run(
      costs: costs, iterations: iterations, on: Self.machine(10, look: 1, latency: 1e-3))
    // 40 waves of 10 s. All but the last are handed out ahead, so rank 0's look of 1 s shows twice at most.
    #expect(outcome.wall > 400 && outcome.wall < 403, "\(outcome.wall)")
    #expect(outcome.utilisation > 0.99)
    // Iterations of 0.1 s travel in pairs, since records wait for up to 0.2 s.
    #expect(outcome.messages > 2 * 400 * 50 && outcome.messages < 2 * 400 * 60)
  }

  @Test func helpersShortenTheTail() {
    let costs = [100.0] + Array(repeating: 10.0, count: 20)
    let iterations = costs.map { _ in 50 }
    var machine = Self.machine(8, look: 0.05, latency: 1e-4)
    let alone = Simulation.run(costs: costs, iterations: iterations, on: machine)
    machine.helping = true
    let helped = Simulation.run(
      costs: costs, iterations: iterations, widths: costs.map { _ in 4 }, on: machine)
    #expect(abs(alone.wall - 100) < 0.5 && alone.tail > 60)
    #expect(helped.wall < 55 && helped.wall > 300 / 8.0, "\(helped.wall)")
    #expect(helped.utilisation > alone.utilisation * 1.7)
  }

  @Test func deathsCostTheRestartAndWhatStatesDoNotHold() {
    let costs = (0..<200).map { 100 + Double($0 % 7) * 20 }
    let iterations = costs.map { _ in 100 }
    var machine = Self.machine(20, look: 0.05, latency: 1e-4)
    machine.failureTime = 20 * 200
    machine.restart = 10
    let calm = Simulation.run(
      costs: costs, iterations: iterations, on: Self.machine(20, look: 0.05, latency: 1e-4))
    let outcome = Simulation.run(costs: costs, iterations: iterations, on: machine)
    #expect(outcome.deaths >= 3)
    // A cell loses at most a state interval or an iteration, whichever is longer: 3 s here.
    #expect(outcome.lost > 0 && outcome.lost <= Double(outcome.deaths * 20) * 3)
    let bound = calm.wall + Double(outcome.deaths) * (10 + 3) + 220
    #expect(outcome.wall > calm.wall && outcome.wall < bound, "\(outcome.wall) of \(calm.wall)")
  }

  @Test func theSameSeedGivesTheSameDeaths() {
    var machine = Self.machine(4)
    machine.failureTime = 100
    let costs = Array(repeating: 7.0, count: 40)
    let runs = (0..<2).map { _ in Simulation.run(costs: costs, iterations: costs.map { _ in 7 }, on: machine)
    }
    #expect(runs[0] == runs[1] && runs[0].deaths > 0)
  }

  @Test func eventsComeInOrder() {
    var queue = EventQueue<Int>()
    var dice = SeededRandom(9)
    let times = (0..<500).map { _ in Double(Int.random(in: 0...50, using: &dice)) }
    for (number, time) in times.enumerated() { queue.add(number, at: time) }
    var last = (-1.0, -1)
    var seen = 0
    while let (time, number) = queue.popFirst() {
      #expect((time, number) > last && times[number] == time)
      last = (time, number)
      seen += 1
    }
    #expect(seen == times.count)
  }
}

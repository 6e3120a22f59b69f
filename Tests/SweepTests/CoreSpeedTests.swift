import Foundation
import Sweep
import TestSupport
import Testing

@Suite struct CoreSpeedTests {
  @Test func speedsLieBetweenTheMeasuredOnes() {
    let speed = CoreSpeed.standard
    func forward(_ units: Int) -> Double { speed.gigaflops(.forward, units: units, precision: .float) }
    // Half way in log N; as at the ends beyond them.
    let between = speed.gigaflops(.primal, units: 45, precision: .float)
    let (low, high) = (
      speed.gigaflops(.primal, units: 32, precision: .float),
      speed.gigaflops(.primal, units: 64, precision: .float)
    )
    #expect(abs(between - (low + log2(45.0 / 32) * (high - low))) < 1e-12 * high)
    #expect(forward(1) == forward(32) && forward(5000) == forward(256) && forward(32) != forward(64))
    #expect(speed.gigaflops(.forward, units: 64, precision: .double) == forward(64) / 2)
  }

  @Test func oneSpeedIsTheSameForEverything() {
    let speed = CoreSpeed(everywhere: 7)
    for work in CoreSpeed.Work.allCases {
      for units in [1, 32, 77, 1000] {
        #expect(speed.gigaflops(work, units: units, precision: .double) == 7)
      }
    }
  }

  /// The speeds that `plan` goes by are those that the page of costs prints.
  @Test func theyAreThoseOfThePage() throws {
    let page = try String(
      contentsOfFile: Repository.path + "/sweeps/results/what-a-cell-costs.md", encoding: .utf8)
    let lines = page.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    let head = try #require(lines.firstIndex { $0.starts(with: ["credited", "GFLOP/s,", "medians"]) })
    for (place, work) in CoreSpeed.Work.allCases.enumerated() {
      let line = lines[head + 1 + place]
      #expect(line.first == work.rawValue)
      let printed = line.dropFirst().compactMap(Double.init)
      let own = CoreSpeed.sizes.map { CoreSpeed.standard.gigaflops(work, units: $0, precision: .float) }
      #expect(printed == own, "\(work)")
    }
  }

  /// Seconds of a cell: its gradient's lifetimes at the speed of their engine, all others at that of plain ones.
  @Test func secondsGoByTheWork() throws {
    let text = """
      base: {task: delayed-nonmatch, network.units: 64, time.step: 10, trials: 10, rule: {degree: 3, normalise: false}}
      axes: {meta.estimator: [pathwise, evolution], engine: [forward, adjoint]}
      """
    let square = 64.0 * 64 * 40
    let plan = try Plan(read(text).cells, schema: testSchema)
    let work: [(CoreSpeed.Work, Double)] = [(.forward, 138), (.adjoint, 34), (.primal, 10), (.primal, 10)]
    for (planned, (work, gradient)) in zip(plan.cells, work) {
      func flops(_ work: CoreSpeed.Work) -> Double {
        1e9 * CoreSpeed.standard.gigaflops(work, units: 64, precision: .float)
      }
      let lifetimes = Double(planned.cost.gradientLifetimes)
      let tests = Double(planned.cost.testLifetimes)
      #expect(lifetimes == 480 && tests == 14 * 24 + 180)
      let expected = 10 * square * (lifetimes * gradient / flops(work) + tests * 10 / flops(.primal))
      #expect(abs(planned.cost.seconds(at: .standard) / expected - 1) < 1e-12)
    }
  }
}

import Experiment
import Foundation
import Launch
import Sweep
import Testing

@testable import Reports

/// What `plan` says, from a plan alone.
@Suite struct PlanReportTests {
  private static let text = """
    name: small
    question: How long?
    base: {trials: 5, network: {units: 8}, meta: {iterations: 1, lifetimes: 2}, evaluation: {networks: 2}}
    axes: {seed: 0..<30}
    """

  private static func report(ranksPerCell: Int = 1, speed: CoreSpeed = .standard) throws -> PlanReport {
    let sweep = try SweepFile(bytes: Array(text.utf8), file: "small.yaml", schema: .trifactor) { _ in [] }
    return PlanReport(
      sweep: sweep, path: "sweeps/small.yaml", out: nil, plan: try Plan(sweep.cells, schema: .trifactor),
      rest: nil,
      ranks: 4, ranksPerCell: ranksPerCell, speed: speed)
  }

  @Test func aLongPlanShowsItsEnds() throws {
    let report = try Self.report()
    let lines = report.lines(all: false)
    #expect(lines[0] == "sweep small: How long?" && lines.contains("... 10 more cells (--all lists them)"))
    let cells = report.sweep.cells
    #expect(
      lines.contains { $0.hasPrefix(cells[9].keyText) } && lines.contains { $0.hasPrefix(cells[20].keyText) })
    #expect(!lines.contains { $0.hasPrefix(cells[10].keyText) })
    #expect(cells.allSatisfy { cell in report.lines(all: true).contains { $0.hasPrefix(cell.keyText) } })
    #expect(lines.last?.hasSuffix("on 4 ranks, longest cell first") == true)
  }

  @Test func theSlurmLineAsksForTimeAndMemoryInReserve() throws {
    // A rate so high that hardly more than the reserve is left: five minutes and 300 MB, both rounded up.
    #expect(
      try Self.report(ranksPerCell: 2, speed: CoreSpeed(everywhere: 1e9)).sbatchLine()
        == "sbatch --job-name=small --ntasks=4 --cpus-per-task=1 --time=0-00:10:00 --mem-per-cpu=400M "
        + "slurm/sweep.sbatch sweeps/small.yaml out/small --ranks-per-cell 2")
  }

  /// Where nothing is known of the cores, twice the reserve: five minutes and three times the wall time.
  @Test func unknownCoresGetMoreTime() throws {
    let cells = try Self.report().plan.cells
    let cost = try #require(cells.first).cost
    // A speed at which the same work takes 1,000 s on four ranks.
    let seconds = cells.map { $0.cost.seconds(at: .standard) }.reduce(0, +)
    #expect(seconds < 100, "the sweep of this test is small")
    let slow = CoreSpeed(everywhere: cost.gigaflop * Double(cells.count) / 4000)
    #expect(try Self.report(speed: slow).sbatchLine().contains("--time=0-00:35:00"))
    #expect(try Self.report().sbatchLine().contains("--time=0-00:10:00"))
    let lines = try Self.report().lines(all: false)
    #expect(lines.contains { $0.contains("others take up to twice as long (--measured)") })
    #expect(!(try Self.report(speed: slow).lines(all: false).contains { $0.contains("twice as long") }))
  }

  @Test func theJSONAddsUp() throws {
    let report = try Self.report()
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(report.json().utf8)) as? [String: Any])
    let cells = try #require(object["cells"] as? [[String: Any]])
    let sum = cells.reduce(0) { $0 + ($1["gflop"] as? Double ?? .nan) }
    let total = try #require(object["gflop"] as? Double)
    // Thirty sums of decimal numbers that were written with 17 digits.
    #expect(cells.count == 30 && abs(sum - total) <= 1e-12 * total)
  }

  @Test(arguments: [(0.2, "1 s"), (89, "89 s"), (90, "2 min"), (5400, "1.5 h"), (172_800, "2.0 days")])
  func durations(_ seconds: Double, _ text: String) {
    #expect(PlanReport.duration(seconds) == text)
  }
}

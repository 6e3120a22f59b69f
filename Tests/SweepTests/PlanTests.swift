import Sweep
import Testing

@Suite struct PlanTests {
  /// 1 GFLOP/s for everything: seconds are GFLOP.
  private let unit = CoreSpeed(everywhere: 1)

  @Test func costsFollowTheFormulas() throws {
    // N^2 T = 64^2 * 40; a trial of the default form, 400 ms in steps of 10.
    let text = """
      base: {task: delayed-nonmatch, network.units: 64, time.step: 10, trials: 10, rule: {degree: 3, normalise: false}}
      axes: {meta.estimator: [pathwise, antithetic, score, evolution], engine: [forward, adjoint]}
      """
    let square = 64.0 * 64 * 40
    let primal = 10 * square
    let perTrial = [
      primal + 128 * square, primal + 24 * square, primal + 130 * square, primal + 26 * square,
      primal + 8 * square,
      primal + 8 * square, primal, primal,
    ]
    let plan = try Plan(read(text).cells, schema: testSchema)
    for (planned, gradient) in zip(plan.cells, perTrial) {
      let expected = 10 * (480 * gradient + (14 * 24 + 180) * primal) / 1e9
      #expect(abs(planned.gigaflop / expected - 1) < 1e-12)
    }
    // U and edot: 2 P N ld floats, their trajectories 2 P T ld; W and its kin 7 N ld, trajectories and powers
    // (6 + 4 (d + 1)) T ld, in two lifetimes side by side without a gradient, one with.
    let tangents = 2 * 16 * 4096 + 2 * 16 * 40 * 64
    let primalScalars = 7 * 4096 + 22 * 40 * 64
    #expect(plan.cells[0].bytes == Double(4 * (tangents + 2 * primalScalars)))
    #expect(abs(plan.coreHours(at: unit) / (plan.gigaflop / 3600) - 1) < 1e-12)
  }

  /// A mask is one more N x ld; signs are W before its cut and W0 in Double, and 200 N^2 flops for each network whose
  /// spectral radius the scales need; in two lifetimes side by side. Absent synapses are computed with: work stays.
  @Test func wiringCostsMemory() throws {
    let text = """
      base: {task: delayed-nonmatch, network: {units: 64, nonlinearity: sigmoid}, rule.degree: 3}
      zip: {network.connectivity: [1, 0.5, 1], network.excitatory: [none, none, 0.8]}
      """
    let plan = try Plan(read(text).cells, schema: testSchema)
    #expect(plan.cells[1].bytes - plan.cells[0].bytes == 2 * 4 * 4096)
    #expect(plan.cells[2].bytes - plan.cells[0].bytes == 2 * 4 * 3 * 4096)
    #expect(plan.cells[1].gigaflop == plan.cells[0].gigaflop)
    #expect(abs((plan.cells[2].gigaflop - plan.cells[0].gigaflop) * 1e9 - 20 * 16 * 200 * 4096) < 1e3)
  }

  @Test func directionsAreSplitOnlyBeyondTheLifetimes() throws {
    let cells = try read("base: {network.units: 128, meta.lifetimes: 4}").cells
    let bytes = try [1, 4, 8, 16].map { try Plan(cells, schema: testSchema, ranksPerCell: $0).bytes }
    #expect(bytes[0] == bytes[1])
    #expect(bytes[2] < 0.65 * bytes[0])
    #expect(bytes[3] < 0.75 * bytes[2])
  }

  @Test func theAdjointKeepsToItsMemory() throws {
    let cells = try read("base: {engine: adjoint, trials: 5000}\naxes: {memory: [none, 4MiB]}").cells
    let plan = try Plan(cells, schema: testSchema)
    // Two whole tapes side by side; one in stretches, beside four lifetimes without a gradient.
    #expect(plan.cells.map(\.cost.tapes) == [2, 1])
    #expect(plan.cells[0].bytes > 2 * 5000 * 22e3)
    #expect(plan.cells[1].bytes < 4.7e6)
    #expect(throws: SweepFileError.self) { try read("base: {engine: adjoint, trials: 5000, memory: 1MiB}") }
  }

  @Test func theLongestCellGoesFirst() throws {
    let plan = try Plan(read("axes: {network.units: [16, 64, 32, 48]}").cells, schema: testSchema)
    #expect(plan.longestFirst == [1, 3, 2, 0])
    let times = plan.cells.map { $0.cost.seconds(at: unit) }
    #expect(plan.wallSeconds(ranks: 1, at: unit) == times[1] + times[3] + times[2] + times[0])
    #expect(plan.wallSeconds(ranks: 2, at: unit) == max(times[1], times[3] + times[2] + times[0]))
    #expect(plan.wallSeconds(ranks: 9, at: CoreSpeed(everywhere: 2)) == times[1] / 2)
  }

  @Test func groupsShareLifetimesThenDirections() throws {
    let text =
      "base: {rule.normalise: false, meta: {lifetimes: 4, validation-networks: 8}, evaluation.networks: 8}"
    let plan = try Plan(read(text).cells, schema: testSchema)
    let whole = plan.gigaflop
    // All lifetimes are dealt out evenly to two and four ranks.
    #expect(abs(plan.wallSeconds(ranks: 2, ranksPerCell: 2, at: unit) / (whole / 2) - 1) < 1e-12)
    #expect(abs(plan.wallSeconds(ranks: 4, ranksPerCell: 4, at: unit) / (whole / 4) - 1) < 1e-12)
    // Three ranks: two of four lifetimes fall to one of them.
    #expect(plan.wallSeconds(ranks: 3, ranksPerCell: 3, at: unit) > whole / 2 * 0.95)
    // Eight ranks: the primal is run twice.
    let eight = plan.wallSeconds(ranks: 8, ranksPerCell: 8, at: unit)
    #expect(eight > whole / 8 && eight < whole / 7)
    // One group of four and one of two: the cell goes to the first.
    #expect(
      plan.wallSeconds(ranks: 6, ranksPerCell: 4, at: unit)
        == plan.wallSeconds(ranks: 4, ranksPerCell: 4, at: unit))
  }

  @Test func manyRanksAreFilled() throws {
    let plan = try Plan(read("axes: {seed: 0..<1000}").cells, schema: testSchema)
    let one = plan.cells[0].cost.seconds(at: unit)
    #expect(abs(plan.wallSeconds(ranks: 64, at: unit) - 16 * one) < 1e-9 * one)
    #expect(abs(plan.wallSeconds(ranks: 1000, at: unit) - one) < 1e-9 * one)
  }

  @Test func changedFilesAreCompared() throws {
    let old = try read("axes: {seed: 0..<4}").cells.map(\.key)
    let new = try read("axes: {seed: 2..<7}").cells.map(\.key)
    let difference = PlanDifference(old: old, new: new)
    #expect(difference.summary == "3 cells added, 2 removed, 2 unchanged")
    #expect(difference.removed == Array(old.prefix(2)))
    #expect(difference.added == Array(new.suffix(3)))
    #expect(PlanDifference(old: old, new: old).isEmpty)
  }
}

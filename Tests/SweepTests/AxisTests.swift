import Sweep
import Testing

@Suite struct AxisTests {
  private func values(_ axis: String) throws -> [String] {
    try read("axes: {\(axis)}").axes[0].points.map { $0[0].description }
  }

  @Test func ranges() throws {
    #expect(try values("seed: 0..<4") == ["0", "1", "2", "3"])
    #expect(try values("seed: 3...5") == ["3", "4", "5"])
    #expect(try values("seed: 7...7") == ["7"])
    #expect(try values("meta.horizon: [none, 20]") == ["none", "20"])
  }

  @Test func spacedValues() throws {
    #expect(
      try values("rule.eta: {from: 0.001, to: 0.1, count: 5, scale: log}")
        == ["0.001", "0.00316227766017", "0.01", "0.0316227766017", "0.1"])
    // The ends stay as they are written.
    #expect(
      try values("rule.eta: {from: 0.10000000000000003, to: 0.2000000000000012345, count: 3}")
        == ["0.10000000000000003", "0.15", "0.20000000000000123"])
    #expect(try values("rule.eta: {from: 0, to: 0.3, count: 4}") == ["0", "0.1", "0.2", "0.3"])
    #expect(try values("network.gain: {from: 1, to: 2.2, step: 0.4}") == ["1", "1.4", "1.8", "2.2"])
    #expect(try values("network.units: {from: 64, to: 16, step: -16}") == ["64", "48", "32", "16"])
    #expect(
      try values("network.units: {from: 16, to: 128, count: 4, scale: log}") == ["16", "32", "64", "128"])
  }

  @Test func listsOfLists() throws {
    #expect(
      try values("task: [cue-association, [cue-association, delayed-nonmatch]]")
        == ["cue-association", "[cue-association,delayed-nonmatch]"])
    #expect(try values("rule.growth: [[0, 0], [0.1, 0.5]]") == ["[0,0]", "[0.1,0.5]"])
    #expect(
      try values("rule.theta: [{}, random, {k1l1: 1, k0l1: 0.5}]") == ["{}", "random", "{k0l1:0.5,k1l1:1}"])
  }

  @Test func zipPairsValues() throws {
    let file = try read(
      """
      axes: {seed: 0..<2}
      zip:
        - {network.units: [16, 32, 64], network.gain: [1, 1.5, 2]}
        - {rule.degree: [1, 3], meta.learning-rate: [0.03, 0.02]}
      """)
    #expect(file.cells.count == 12)
    #expect(
      file.cells[3].label == "seed=0 network.units=32 network.gain=1.5 rule.degree=3 meta.learning-rate=0.02")
    #expect(try read("zip: {seed: [1, 2], trials: [100, 200]}").cells.count == 2)
  }

  @Test func repeatedCellsRunOnce() throws {
    let file = try read("axes: {network.gain: [1.5, 1.50, 2], seed: 0..<2}")
    #expect(file.cells.count == 4)
    #expect(
      file.warnings.map(\.description) == [
        "test.yaml: warning: the cells network.gain=1.5 seed=0 and network.gain=1.5 seed=0 are one and the same; "
          + "it runs once",
        "test.yaml: warning: 2 cells in all repeat others and run once",
      ])
  }

  @Test func conditionsThatMeetNoCellAreNamed() throws {
    let file = try read(
      """
      axes: {rule.degree: [1, 3]}
      exclude: [{rule.degree: 7}, {rule.degree: [1, 5], seed: 0...9, trials: 200}]
      when:
        - if: {rule.degree: [1, 3], network.units: 64}
          set: {trials: 100}
      """)
    #expect(
      file.warnings.map(\.description) == [
        "test.yaml:4:46: warning: this condition meets no cell: `network.units` is never 64",
        "test.yaml:2:25: warning: this condition meets no cell: `rule.degree` is never 7",
        "test.yaml:2:43: warning: in this sweep `rule.degree` is never 5",
      ])
  }
}

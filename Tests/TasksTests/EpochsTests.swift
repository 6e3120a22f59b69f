import Testing

@testable import Tasks

@Suite struct EpochsTests {
  func epochs(_ own: Double, step: Double, trial: Double? = nil) throws -> Epochs {
    let request = try TaskRequest(CueAssociation.listing, time: TimeGrid(step: step, trial: trial))
    return try Epochs(request, ownLength: own)
  }

  @Test func edgesAreRoundedDown() throws {
    let grid = try epochs(360, step: 15)
    #expect(grid.steps == 24)
    #expect(try grid.epoch("cue", fraction: 0, 0.3) == 0..<7)  // 7.2
    #expect(try grid.epoch("stimulus", fraction: 0, 0.6) == 0..<14)  // 14.4
    #expect(try grid.epoch("respond", fraction: 0.7, 1) == 16..<24)  // 16.8
    #expect(try epochs(400, step: 15).steps == 26)  // 26.67
  }

  /// The rounding of 0.7 * 300 / 15 = 13.999999999999998 and its kind must not lose a step.
  @Test func decimalEdgesThatMeanAWholeStepAreWhole() throws {
    for step in [0.1, 0.3, 1, 2.5, 7, 10, 15] {
      for tenths in 0...10 {
        for count in [10, 30, 170, 1000] {
          let own = step * Double(count)
          let grid = try epochs(own, step: step)
          #expect(grid.steps == count)
          #expect(grid.edge(Double(tenths) / 10 * own) == tenths * count / 10)
        }
      }
    }
  }

  @Test func epochsStretchToTheTrial() throws {
    let grid = try epochs(1000, step: 10, trial: 500)
    #expect(grid.steps == 50)
    #expect(grid.edge(800) == 40)
    #expect(grid.edge(1000) == 50)
  }
}

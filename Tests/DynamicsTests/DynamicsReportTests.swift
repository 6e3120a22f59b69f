import Kernels
import Testing

@testable import Dynamics

@Suite struct DynamicsReportTests {
  @Test func oneEntryAConditionAndOneForSilence() throws {
    let network = try randomNetwork(16, gain: 1.2)
    let inputs = [[1.0, 0], [0, 1], [1, 1]]
    var settings = FixedPointSettings()
    settings.starts = 30
    let report = try DynamicsReport(of: network, inputs: inputs, settings: settings, limit: 1)
    #expect(report.held.map(\.condition) == [-1, 0, 1, 2])
    #expect(report.held.map(\.input) == [[0, 0]] + inputs)
    for held in report.held {
      #expect(held.points.count == min(1, held.search.points.count))
      if let first = held.points.first {
        #expect(first.point.hits == held.search.points.map(\.hits).max())
      }
    }
    let summary = report.summary
    #expect(summary.points >= 1 && (0...1).contains(summary.stable) && (0...1).contains(summary.converged))
    #expect((0...1).contains(summary.nonNormality) && (0...1).contains(summary.slowOverlap))
    #expect(summary.sensitivity > 0 && summary.outputGain >= 0)
    #expect(summary.values.count == DynamicsSummary.names.count)
    #expect(throws: DynamicsError.self) { try DynamicsReport(of: network, inputs: [[1]]) }
  }

  @Test func meansAreOverConditions() throws {
    // W = 0: one point x = Win u, J = -I, p = Win, dz/du = sech^2 Win.
    let network = try FrozenNetwork(units: 2, weights: [0, 0, 0, 0], inputWeights: [3, 4], readout: [1, 0])
    let summary = try DynamicsReport(of: network, inputs: [[0], [0]]).summary
    #expect(summary.points == 1 && summary.converged == 1 && summary.stable == 1)
    #expect(summary.abscissa == -1 && summary.unstableDirections == 0 && summary.nonNormality == 0)
    #expect(summary.sensitivity == 5 && summary.outputGain == 3)
  }

  @Test func nothingFoundGivesNaNs() throws {
    let network = try randomNetwork(16, gain: 3)
    var settings = FixedPointSettings()
    settings.iterations = 1
    settings.starts = 3
    let summary = try DynamicsReport(of: network, inputs: [[1, 0]], settings: settings).summary
    #expect(summary.points == 0 && summary.converged == 0)
    #expect(summary.abscissa.isNaN && summary.stable.isNaN && summary.sensitivity.isNaN)
  }
}

import Foundation
import ResultStore
import Testing

@testable import Ablation

/// Curves whose numbers can be worked out with pencil and paper; that they are numpy's on whole folders is for
/// `analysis/tests/test_learning.py` to say.
@Suite struct LearningCurvesTests {
  /// A cell of one seed, with a curve of four parts a network; 40 trials.
  private func cell(
    seed: Int = 0, _ curves: [[Double]], none: [[Double]] = [], degree: Int = 1,
    more: [String: ManifestValue] = [:]
  ) -> CellOutcome {
    var cell = MadeUp.cell(degree: degree, seed: seed, curves.map { _ in 0.5 }, more: more)
    for index in curves.indices {
      cell.learned[index].trials = 40
      cell.learned[index].curve = NetworkCurve(values: curves[index])
    }
    cell.none = none.enumerated().map { index, values in
      var network = MadeUp.network(index, 0.5, trials: 40)
      network.curve = NetworkCurve(values: values)
      return network
    }
    return cell
  }

  private func curves(_ cells: [CellOutcome], _ metric: Metric = .accuracy) throws -> LearningCurves {
    try LearningCurves(TableRequest(metric: metric), of: OutcomeSelection(merging: cells))
  }

  @Test func aCurveIsTheMeanOverRuns() throws {
    let cells = (0..<5).map { seed in
      cell(
        seed: seed,
        [[0.1, 0.2, 0.3, 0.4], [0.3, 0.4, 0.5, 0.6]].map { $0.map { $0 + 0.01 * Double(seed) } })
    }
    let found = try #require(try curves(cells).curves.first)
    #expect(found.trials == [5, 15, 25, 35] && found.runs == 5 && found.networks == 10)
    #expect(found.resampled == .runs)
    // Runs 0.2 to 0.24: one is cut from each end.
    #expect(zip(found.iqm, [0.22, 0.32, 0.42, 0.52]).allSatisfy { abs($0 - $1) < 1e-12 })
    let wanted = Statistics.stratifiedBootstrap([[0.2, 0.21, 0.22, 0.23, 0.24]], of: .interquartileMean)
    #expect(close(found.low[0], wanted.low) && close(found.high[0], wanted.high))
  }

  /// From the part in which it diverged on; what is binary loses to 0, what is not to -2.
  @Test(arguments: [("absolute", -2.0), ("binary", 0)]) func aDivergedNetworkFalls(
    reward: String, score: Double
  ) throws {
    var one = cell([[-1, -1, -1, -1]], more: ["reward": .string(reward)])
    one.learned[0].curve?.divergedAt = 20
    #expect(try curves([one], .reward).curves[0].iqm == [-1, -1, score, score])
    one.learned[0].curve?.divergedAt = 19
    #expect(try curves([one], .reward).curves[0].iqm == [-1, score, score, score])
  }

  @Test func oneNetworkHasNoBand() throws {
    let found = try curves([cell([[0.5, 0.6, 0.7, 0.8]])])
    #expect(found.curves[0].low == [nil, nil, nil, nil] && found.curves[0].resampled == .networks)
    let text = try found.printed(as: .json)
    #expect(text.contains("null") && found.warnings[0].hasPrefix("Curves of one run"))
  }

  /// Parts that no trial falls into are no parts; cells of one seed are one run, network by network.
  @Test func emptyPartsAndPooledCells() throws {
    let cells = [
      cell([[.nan, 0.2, .nan, 0.4]]), cell([[.nan, 0.4, .nan, 0.8]], more: ["network.gain": .number(2)]),
    ]
    let found = try curves(cells)
    #expect(found.curves[0].iqm.map { ($0 * 10).rounded() } == [3, 6] && found.curves[0].trials == [10, 30])
    #expect(found.curves[0].runs == 1 && found.curves[0].networks == 2)
    #expect(found.warnings.contains { $0.contains("pool over network.gain (2 values)") })
  }

  @Test func networksWithoutPlasticityAreOneCurveAColumn() throws {
    let cells = [1, 3].flatMap { degree in
      (0..<2).map { seed in
        cell(
          seed: seed, [[0.5, 0.5, 0.5, 0.5]], none: [[0.4, 0.5, 0.6, 0.4 + 0.1 * Double(seed)]],
          degree: degree)
      }
    }
    let found = try curves(cells)
    #expect(found.curves.count == 2 && found.unlearned.count == 1)
    #expect(zip(found.unlearned[0].mean, [0.4, 0.5, 0.6, 0.45]).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test func whatHasNoCurveIsRefused() throws {
    #expect(
      throws: AblationError(
        "--curves draws accuracy or reward over a lifetime; --metric incongruent-accuracy has no such curve")
    ) {
      try curves([cell([[0.5]])], .incongruentAccuracy)
    }
    let mixed = [100, 200].map { cell([[0.5]], more: ["trials": .number($0)]) }
    let error = #expect(throws: AblationError.self) { try curves(mixed) }
    #expect(
      error?.description
        == "learning curves of different trials have no mean: name it as --rows or --columns, or keep "
        + "one value, such as --where trials=100")
  }
}

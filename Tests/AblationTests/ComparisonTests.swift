import Foundation
import ResultStore
import Testing

@testable import Ablation

@Suite struct ComparisonTests {
  private func compare(
    _ cells: [CellOutcome], axis: String = "rule.degree", baseline: String = "1", metric: Metric = .accuracy
  ) throws -> Comparison {
    try Comparison(
      ComparisonRequest(axis: axis, baseline: baseline, metric: metric), of: OutcomeSelection(merging: cells))
  }

  private func message(_ body: () throws -> Void) -> String {
    do { try body() } catch { return "\(error)" }
    return ""
  }

  /// The same gain on every network: pairing takes all spread out of the difference, though the seeds differ
  /// by far more than the gain.
  @Test func pairingCancelsWhatSeedsShare() throws {
    let result = try compare(MadeUp.ablation())
    #expect(result.rows.count == 2)
    let first = result.rows[0]
    #expect(first.group == .string("cue-association") && first.value == .number(3))
    #expect(first.seeds == 5 && first.networks == 15 && first.unit == .runs)
    #expect(close(first.difference, 0.1))
    #expect(close(first.low, 0.1) && close(first.high, 0.1))
    #expect(close(first.networkLow, 0.1))
    // 0.70 ... 0.78 against 0.60 ... 0.68: 25 of 25 pairs of runs.
    #expect(first.improvement == 1)
    #expect(first.test == .exactSignedRank && close(first.p, 2.0 / 32))
    #expect(close(first.adjusted, 4.0 / 32))
    let second = result.rows[1]
    #expect(close(second.difference, 0) && second.p == 1 && second.improvement == 0.5)
  }

  @Test func oneSeedComparesItsNetworks() throws {
    let cells = [
      MadeUp.cell(degree: 1, [0.5, 0.6, 0.7, 0.5]), MadeUp.cell(degree: 3, [0.6, 0.8, 0.75, 0.53]),
    ]
    let result = try compare(cells)
    let row = result.rows[0]
    #expect(row.unit == .networks && row.seeds == 1 && row.networks == 4)
    #expect(close(row.difference, 0.095) && close(row.p, 0.125))
    #expect(row.low != nil && row.low == row.networkLow)
    #expect(row.power?.pairs == 4)
    #expect(try result.printed(as: .text).contains("says nothing about other seeds"))
  }

  @Test func networksPairByIndexAndNotByPlace() throws {
    var value = MadeUp.cell(degree: 3, [0.9, 0.5, 0.7])
    value.learned.reverse()
    value.learned.removeLast()  // network 0 was not evaluated
    let row = try compare([MadeUp.cell(degree: 1, [0.2, 0.4, 0.6]), value]).rows[0]
    #expect(row.networks == 2 && close(row.difference, 0.1))
  }

  @Test func divergedCellsCountFailedAndUnfinishedOnesDoNotPair() throws {
    let cells = [
      MadeUp.cell(degree: 1, seed: 0, [0.5, 0.5]), MadeUp.cell(degree: 3, seed: 0, [], status: .diverged),
      MadeUp.cell(degree: 1, seed: 1, [0.5, 0.5]), MadeUp.cell(degree: 3, seed: 1, [], status: .failed),
      MadeUp.cell(degree: 1, seed: 2, [0.5, 0.5]), MadeUp.cell(degree: 3, seed: 2, [], status: .unfinished),
      MadeUp.cell(degree: 1, seed: 3, [0.5, 0.5]), MadeUp.cell(degree: 3, seed: 3, [0.7, 0.7]),
    ]
    let result = try compare(cells)
    let row = result.rows[0]
    #expect(row.seeds == 2 && row.unpaired == 2 && result.partial && result.failed == 1)
    #expect(close(row.difference, (-0.5 + 0.2) / 2))
    let text = try result.printed(as: .text)
    for part in ["PARTIAL: 7 of 8", "2 pairs are incomplete", "1 failed cells do not count"] {
      #expect(text.contains(part))
    }
  }

  @Test func zippedSettingsAreNamed() throws {
    let cells = [0, 1].flatMap { seed in
      [(1, 0.03), (5, 0.02)].map { degree, rate in
        MadeUp.cell(degree: degree, seed: seed, [0.5, 0.6], more: ["meta.learning-rate": .number(rate)])
      }
    }
    let row = try compare(cells).rows[0]
    #expect(row.entangled == ["meta.learning-rate"] && row.seeds == 2)
    #expect(try compare(cells).printed(as: .text).contains("meta.learning-rate differ too"))
  }

  @Test func aThirdAxisIsPairedOnAndAmbiguityRefused() throws {
    let cells = [1, 3].flatMap { degree in
      [16.0, 32].map { units in
        MadeUp.cell(degree: degree, [0.5, 0.6 + units / 1000], more: ["network.units": .number(units)])
      }
    }
    #expect(try compare(cells).rows[0].seeds == 2)
    let shifted = cells.map { cell in
      var copy = cell
      if cell["rule.degree"] == .number(3), case .number(let units) = cell["network.units"] {
        copy.settings = CellSettings(cell.settings.all.merging(["network.units": .number(units * 10)]) { $1 })
      }
      return copy
    }
    #expect(
      message { _ = try compare(shifted) }.hasSuffix(
        "so a pair is not unique: choose one of them with --where"))
  }

  @Test func mistakesNameWhatThereIs() {
    let cells = MadeUp.ablation()
    #expect(
      message { _ = try compare(cells, baseline: "2") }
        == "--baseline 2: no cell has rule.degree = 2; its values are 1, 3")
    #expect(
      message { _ = try compare(cells, axis: "network.units", baseline: "32") }.hasSuffix(
        "nothing to compare with it"))
    #expect(
      message { _ = try compare(cells, axis: "task", baseline: "x") }.hasPrefix(
        "--axis and --by are both task"))
  }

  @Test func trialsToCriterionCompareByLogRank() throws {
    var slow = MadeUp.cell(degree: 1, [0.9, 0.9, 0.9, 0.9])
    var fast = MadeUp.cell(degree: 3, [0.9, 0.9, 0.9, 0.9])
    for (index, trial) in [30, 40, 50, 60].enumerated() {
      slow.learned[index].trialsToCriterion = trial + 100
    }
    for (index, trial) in [30, 40, 50, 60].enumerated() { fast.learned[index].trialsToCriterion = trial }
    slow.learned[3].trialsToCriterion = nil
    let row = try compare([slow, fast], metric: .trialsToCriterion).rows[0]
    #expect(row.test == .logRank && row.censored == 0 && row.baselineCensored == 1)
    #expect(row.difference == -100 && row.improvement == 1)
    #expect((row.p ?? 1) < 0.02)
  }

  @Test func formats() throws {
    let result = try compare(MadeUp.ablation())
    let json = try result.printed(as: .json)
    let parsed = try #require(JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    let rows = try #require(parsed["rows"] as? [[String: Any]])
    #expect(rows.count == 2 && rows[0]["value"] as? Int == 3 && rows[0]["pairs_needed"] is NSNull == false)
    #expect(
      try result.printed(as: .csv).hasPrefix(
        "group,value,seeds,networks,score,baseline_score,difference,low,high"))
    #expect(try result.printed(as: .markdown).contains("| cue-association | 3 | 0.740 | 0.640 | +0.100 |"))
    #expect(try result.printed(as: .latex).contains("\\bottomrule"))
  }
}

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
    let text = try compare(cells).printed(as: .text)
    #expect(text.contains("meta.learning-rate changes together with rule.degree"))
  }

  @Test func aThirdAxisIsPairedOnAndAmbiguityRefused() throws {
    let cells = [1, 3].flatMap { degree in
      [16.0, 32].map { units in
        MadeUp.cell(degree: degree, [0.5, 0.6 + units / 1000], more: ["network.units": .number(units)])
      }
    }
    // One seed: the sizes are no further runs.
    let row = try compare(cells).rows[0]
    #expect(row.seeds == 1 && row.unit == .networks && row.networks == 4 && row.pairs == 2)
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
    #expect(row.test == .permutedLogRank && row.censored == 0 && row.baselineCensored == 1)
    #expect(row.difference == -100 && row.improvement == 1)
    // One seed, so networks are swapped: 2 of 16 patterns are as extreme.
    #expect(row.unit == .networks && row.pairs == 4 && row.p == 0.125)
  }

  /// Five seeds of eight networks each, every network of degree 3 sooner: by whole seeds 2 of 32 swaps are as extreme,
  /// however many networks there are.
  @Test func trialsToCriterionHaveSeedsForUnits() throws {
    let cells = (0..<5).flatMap { seed in
      [1, 3].map { degree in
        var cell = MadeUp.cell(degree: degree, seed: seed, Array(repeating: 0.9, count: 8))
        for network in 0..<8 {
          cell.learned[network].trialsToCriterion = 20 + 3 * seed + network + (degree == 1 ? 60 : 0)
        }
        return cell
      }
    }
    let result = try compare(cells, metric: .trialsToCriterion)
    let row = result.rows[0]
    #expect(row.unit == .runs && row.seeds == 5 && row.networks == 40 && row.pairs == 5)
    #expect(row.p == 0.0625 && row.smallestP == 0.0625 && row.improvement == 1)
    let text = try result.printed(as: .text)
    #expect(
      text.contains("With 5 pairs no p can be below 0.0625, so no effect, however large, can reach 5 %"))
    #expect(text.contains("5 x 8") && text.contains("swapping whole runs"))
  }

  /// A side that diverged before its evaluation never got to the criterion.
  @Test func divergedRunsNeverMeetTheCriterion() throws {
    var fast = MadeUp.cell(degree: 1, [0.9, 0.9])
    fast.learned[0].trialsToCriterion = 30
    fast.learned[1].trialsToCriterion = 40
    let row = try compare(
      [fast, MadeUp.cell(degree: 3, [], status: .diverged)], metric: .trialsToCriterion
    ).rows[0]
    #expect(row.networks == 2 && row.censored == 2 && row.score == nil && row.baselineScore == 30)
    #expect(row.improvement == 0)
  }

  /// Means of a few networks that are equal in exact arithmetic: p, W+ and P(better) are those that scipy and rliable
  /// give for the whole numbers the scores are made of.
  @Test func exactTiesAreScipys() throws {
    for sample in StatisticsFixture.committed.tiedComparisons {
      let name = "\(sample.value.count) x \(sample.value[0].count) of \(sample.trials)"
      func cells(_ degree: Int, _ counts: [[Int]]) -> [CellOutcome] {
        counts.enumerated().map { seed, networks in
          MadeUp.cell(
            degree: degree, seed: seed, networks.map { Double($0) / Double(sample.trials) })
        }
      }
      let row = try compare(cells(3, sample.value) + cells(1, sample.baseline)).rows[0]
      #expect(close(row.p, sample.p, 1e-10), "\(name): \(row.p ?? .nan), scipy \(sample.p)")
      #expect(close(row.improvement, sample.probability), "\(name): \(row.improvement ?? .nan)")
    }
  }

  /// Two sizes of three seeds are three runs, not six: their mean is what is compared, and the warnings stay.
  @Test func pooledPairsAreOneRunASeed() throws {
    var cells: [CellOutcome] = []
    for degree in [1, 3] {
      for seed in 0..<3 {
        for units in [16.0, 32] {
          let gain = degree == 3 ? units / 400 + 0.01 * Double(seed) : 0
          cells.append(
            MadeUp.cell(
              degree: degree, seed: seed, [0.5 + gain, 0.6 + gain], more: ["network.units": .number(units)]))
        }
      }
    }
    let result = try compare(cells)
    let row = result.rows[0]
    #expect(row.seeds == 3 && row.networks == 12 && row.pairs == 3 && result.pooled == ["network.units": 2])
    #expect(close(row.difference, 0.07) && close(row.p, 0.25))
    #expect(row.power?.detectable == nil)
    let text = try result.printed(as: .text)
    for part in [
      "Intervals of 2 to 4 runs are too narrow", "Rows pool over network.units (2 values): a run is one seed",
      "With 3 pairs no p can be below 0.2500", "3 x 4",
    ] { #expect(text.contains(part), "\(part)") }
  }

  /// Whoever reports the comparison elsewhere finds every warning and every text of it in the JSON.
  @Test func theJSONHoldsWhatTheTextSays() throws {
    let result = try compare(MadeUp.ablation())
    let text = try result.printed(as: .text)
    let parsed = try #require(
      JSONSerialization.jsonObject(with: Data(try result.printed(as: .json).utf8)) as? [String: Any])
    let warnings = try #require(parsed["warnings"] as? [String])
    let notes = try #require(parsed["notes"] as? [String])
    #expect(warnings.contains { $0.hasPrefix("With 5 pairs no p can be below 0.0625") })
    for line in warnings + notes { #expect(text.contains(line)) }
    let printed = try #require(parsed["printed"] as? [String: Any])
    #expect(text.hasPrefix(try #require(printed["title"] as? String)))
    let rows = try #require(printed["rows"] as? [[String]])
    #expect(rows.count == 2 && rows[0].count == (printed["heading"] as? [String])?.count)
    for field in rows.flatMap({ $0 }) { #expect(text.contains(field)) }
    let row = try #require((parsed["rows"] as? [[String: Any]])?.first)
    #expect(
      row["detectable"] is NSNull && row["smallest_p"] as? Double == 0.0625 && row["pairs"] as? Int == 5)
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

import Foundation
import ResultStore
import Testing

@testable import Ablation

/// Verdicts of fair comparisons, on outcomes made up so that the answer is known.
@Suite struct FairComparisonTests {
  /// Five seeds of four networks; the learned rule is ahead by `gap` on every network, up to `spread`.
  private func group(_ label: String, _ budget: String, gap: Double, spread: Double = 0.01, seeds: Int = 5)
    -> FairGroup
  {
    let pairs = (0..<seeds).map { seed in
      let base = [0.5, 0.6, 0.7, 0.8]
      var learned = MadeUp.cell(
        degree: 3, seed: seed,
        base.enumerated().map { $1 + gap + spread * Double(($0 + seed) % 2 == 0 ? 1 : -1) })
      var rival = MadeUp.cell(degree: 0, seed: seed, base)
      learned.searchLifetimes = 800
      rival.searchLifetimes = 2400 + UInt64(seed)
      return (learned: learned, rival: rival)
    }
    return FairGroup(label: label, budget: budget, pairs: pairs, starts: "1: \(seeds)")
  }

  private func comparison(_ groups: [FairGroup]) throws -> FairComparison {
    try FairComparison(of: groups, rival: "miconi", metric: .accuracy)
  }

  @Test func verdictsFollowBothIntervals() throws {
    let found = try comparison([
      group("a", "equal", gap: 0.1), group("a", "doubled", gap: 0), group("b", "equal", gap: -0.1),
      group("b", "doubled", gap: 0.1, seeds: 1),
    ])
    #expect(found.rows.map(\.verdict) == [.survives, .closes, .rivalAhead, .survives])
    let first = found.rows[0].numbers
    #expect(abs(first.difference! - 0.1) < 1e-12 && first.unit == .runs && first.seeds == 5)
    #expect(first.lifetimes == 800 && first.baselineLifetimes == 2402)
    #expect(found.rows[3].numbers.unit == .networks)
    // Five positive differences: the exact p is 2/32, and Holm takes the four tests of the table.
    #expect(abs(first.p! - 0.0625) < 1e-12 && first.adjusted! >= first.p!)
  }

  /// Ahead over seeds and not over networks, or the other way round, is no gap.
  @Test func oneIntervalIsNotEnough() throws {
    var row = try comparison([group("a", "equal", gap: 0.1)]).rows[0].numbers
    (row.low, row.high, row.networkLow, row.networkHigh) = (0.1, 0.2, -0.1, 0.3)
    #expect(FairComparison.Verdict(row) == .closes)
    (row.low, row.high, row.networkLow, row.networkHigh) = (-0.1, 0.2, 0.1, 0.3)
    #expect(FairComparison.Verdict(row) == .closes)
    row.networkLow = nil
    #expect(FairComparison.Verdict(row) == .undecided)
  }

  @Test func everyFormatSaysIt() throws {
    let found = try comparison([
      group("rule.degree=3", "equal", gap: 0.1), group("rule.degree=3", "doubled", gap: -0.1),
    ])
    let text = try found.printed(as: .text)
    #expect(text.contains("gap survives") && text.contains("rival ahead") && text.contains("800 / 2402"))
    #expect(
      text.contains(
        "rule.degree=3, equal budget: the gap survives; learned rules are ahead of miconi by +0.1"))
    #expect(text.contains("rule.degree=3, doubled budget: miconi is ahead"))
    let csv = try found.printed(as: .csv).split(separator: "\n")
    #expect(csv.count == 3 && csv[0].hasPrefix("learned,budget,verdict,best_starts,seeds,networks,score"))
    #expect(csv[1].hasPrefix("rule.degree=3,equal,gap survives,1: 5,5,20,"))
    let parsed = try #require(
      try JSONSerialization.jsonObject(with: Data(try found.printed(as: .json).utf8)) as? [String: Any])
    let rows = try #require(parsed["rows"] as? [[String: Any]])
    #expect(
      rows[0]["verdict"] as? String == "gap survives"
        && rows[0]["baseline_search_lifetimes"] as? Double == 2402)
    #expect((parsed["sentences"] as? [String])?.count == 2)
    #expect(try found.printed(as: .latex).contains("\\toprule"))
    #expect(try found.printed(as: .markdown).contains("| rule.degree=3 | doubled |"))
  }

  @Test func trialsToCriterionHaveNoDifference() {
    let error = #expect(throws: AblationError.self) {
      try FairComparison(of: [], rival: "miconi", metric: .trialsToCriterion)
    }
    #expect(error?.description.contains("--against compares mean scores") == true)
  }
}

/// The best of several starts, and what it cost.
@Suite struct BestOfTests {
  private func cell(_ eta: Double, seed: Int, validation: Double?, accuracy: Double = 0.5) -> CellOutcome {
    var cell = MadeUp.cell(degree: 3, seed: seed, [accuracy], more: ["rule.eta": .number(eta)])
    cell.validationReward = validation
    cell.searchLifetimes = 100
    return cell
  }

  @Test func theBestOnValidationCountsWithTheLifetimesOfAll() throws {
    let cells = [
      cell(0.1, seed: 0, validation: -0.9, accuracy: 0.9),
      cell(0.2, seed: 0, validation: -0.5, accuracy: 0.6),
      cell(0.1, seed: 1, validation: -0.4, accuracy: 0.7),
      cell(0.2, seed: 1, validation: -0.6, accuracy: 0.8),
    ]
    let best = try OutcomeSelection(merging: cells).best(of: "rule.eta")
    #expect(best.cells.map { $0.learned[0].lateAccuracy } == [0.6, 0.7])
    #expect(best.cells.allSatisfy { $0.searchLifetimes == 200 && $0["rule.eta"] == .string("best of 2") })
    let table = try AblationTable(
      TableRequest(rows: "rule.degree", columns: "task", bestOf: "rule.eta"),
      of: OutcomeSelection(merging: cells))
    #expect(table.cells[0].runs == 2 && table.cells[0].searchLifetimes == 200 && table.pooled.isEmpty)
    #expect(try table.printed(as: .text).contains("lifetimes"))
  }

  @Test func anUnfinishedStartLeavesTheChoiceOpen() throws {
    var open = cell(0.2, seed: 0, validation: nil)
    open.status = .unfinished
    var failed = cell(0.3, seed: 0, validation: nil)
    failed.status = .failed
    let done = cell(0.1, seed: 0, validation: -0.5)
    let best = try OutcomeSelection(merging: [done, open, failed]).best(of: "rule.eta")
    #expect(best.cells.map(\.status) == [.unfinished])
    #expect(
      try OutcomeSelection(merging: [failed, done]).best(of: "rule.eta").cells.map(\.status) == [.done])
    let error = #expect(throws: AblationError.self) {
      try OutcomeSelection(merging: [done, cell(0.4, seed: 0, validation: nil)]).best(of: "rule.eta")
    }
    #expect(error?.description.contains("has no validation reward") == true)
  }
}

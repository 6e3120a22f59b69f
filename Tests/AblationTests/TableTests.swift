import Foundation
import ResultStore
import Testing

@testable import Ablation

@Suite struct TableTests {
  private func table(
    _ cells: [CellOutcome], _ metric: Metric = .accuracy, rows: String = "rule.degree",
    columns: String = "task",
    where filters: [SettingFilter] = []
  ) throws -> AblationTable {
    try AblationTable(
      TableRequest(rows: rows, columns: columns, metric: metric, filters: filters),
      of: OutcomeSelection(merging: cells))
  }

  @Test func entriesAreRunMeansPooledByRliable() throws {
    let table = try table(MadeUp.ablation())
    #expect(table.rowValues == [.number(1), .number(3)])
    #expect(table.columnValues == [.string("cue-association"), .string("perceptual-decision")])
    #expect(!table.partial && table.planned == 20 && table.ended == 20)
    let cell = try #require(table[.number(3), .string("cue-association")])
    #expect(cell.runs == 5 && cell.networks == 15 && cell.resampled == .runs)
    // Runs 0.70, 0.72, 0.74, 0.76, 0.78: one is cut from each end.
    #expect(close(cell.mean, 0.74) && close(cell.iqm, 0.74))
    let wanted = Statistics.stratifiedBootstrap([[0.7, 0.72, 0.74, 0.76, 0.78]], of: .interquartileMean)
    #expect(close(cell.low, wanted.low) && close(cell.high, wanted.high))
    #expect(cell.chance == 0.5 && cell.shortcut == 0.5 && cell.ceiling == 0.9)
    #expect(close(cell.none, 0.48) && close(cell.start, 0.6))
    #expect(cell.lifetimes == 50 && cell.gigaflop == 10)
    #expect(table.pooled.isEmpty)
  }

  @Test func oneRunResamplesItsNetworksAndSaysSo() throws {
    let table = try table([MadeUp.cell(degree: 1, [0.5, 0.6, 0.9, 0.8])])
    let cell = table.cells[0]
    #expect(cell.resampled == .networks && cell.runs == 1 && cell.networks == 4)
    #expect(close(cell.iqm, 0.7))
    #expect(cell.low != nil && cell.low == cell.networkLow && cell.high == cell.networkHigh)
    #expect(try table.printed(as: .text).contains("say nothing about other seeds"))
  }

  @Test func oneNetworkHasNoInterval() throws {
    let cell = try table([MadeUp.cell(degree: 1, [0.5])]).cells[0]
    #expect(cell.iqm == 0.5 && cell.low == nil && cell.high == nil)
  }

  @Test(arguments: [
    (Metric.accuracy, "absolute", 0.0), (.reward, "absolute", -2), (.reward, "binary", 0),
    (.normalisedAccuracy, "absolute", -1.25),
  ])
  func divergedNetworksCount(metric: Metric, reward: String, score: Double) throws {
    var cell = MadeUp.cell(degree: 1, [0.9, 0.9], more: ["reward": .string(reward)])
    cell.learned[0].divergedAt = 0
    cell.learned[1].lateAccuracy = .nan
    cell.learned[1].lateReward = .nan
    let entry = try table([cell], metric).cells[0]
    #expect(close(entry.mean, score))
    #expect(entry.divergedNetworks == 1 && entry.runs == 1)
  }

  /// Only networks of a task with such trials have a number; a diverged one has 0, and no policy has any.
  @Test func incongruentTrialsHaveAMetricOfTheirOwn() throws {
    var context = MadeUp.cell(degree: 1, task: "context-integration", [0.8, 0.9, 0.7])
    for (network, score) in [0.25, 0.5, 0.75].enumerated() {
      context.learned[network].lateIncongruentAccuracy = score
      context.none[network].lateIncongruentAccuracy = 0.5
    }
    let table = try table([context, MadeUp.cell(degree: 1, [0.9, 0.9])], .incongruentAccuracy)
    let cell = try #require(table[.number(1), .string("context-integration")])
    #expect(close(cell.mean, 0.5) && close(cell.none, 0.5))
    #expect(cell.chance == nil && cell.shortcut == nil && cell.ceiling == nil && cell.start == nil)
    let other = try #require(table[.number(1), .string("cue-association")])
    #expect(other.mean == nil && other.iqm == nil && other.runs == 1)
    context.learned[2].divergedAt = 0
    #expect(try close(self.table([context], .incongruentAccuracy).cells[0].mean, 0.25))
  }

  @Test func divergedCellsWithoutNetworksCountAndFailedOnesShow() throws {
    let cells = [
      MadeUp.cell(degree: 1, seed: 0, [0.8, 0.8]), MadeUp.cell(degree: 1, seed: 1, [], status: .diverged),
      MadeUp.cell(degree: 1, seed: 2, [], status: .failed),
      MadeUp.cell(degree: 1, seed: 3, [], status: .unfinished),
    ]
    let table = try table(cells)
    let cell = table.cells[0]
    #expect(cell.runs == 2 && cell.diverged == 1 && cell.failed == 1 && cell.unfinished == 1)
    #expect(close(cell.mean, 0.4))
    #expect(table.partial && table.ended == 3 && table.planned == 4)
    let text = try table.printed(as: .text)
    for part in ["PARTIAL: 3 of 4", "1 diverged", "1 failed", "1 to come"] { #expect(text.contains(part)) }
  }

  @Test func nothingButFailuresIsAnEntryWithoutNumbers() throws {
    let table = try table([MadeUp.cell(degree: 1, [], status: .failed)])
    #expect(table.cells[0].mean == nil && table.cells[0].failed == 1)
    #expect(try table.printed(as: .text).contains("- (1 failed)"))
    #expect(try table.printed(as: .json).contains("\"mean\" : null"))
  }

  @Test func criterionIsNeverReplacedByTheRunLength() throws {
    var cell = MadeUp.cell(degree: 1, [0.9, 0.9, 0.9, 0.9])
    for (index, trial) in [20, 30, 40, 50].enumerated() { cell.learned[index].trialsToCriterion = trial }
    let full = try table([cell], .trialsToCriterion).cells[0]
    #expect(full.median == 35 && full.q25 == 27.5 && full.quantiles == .sample && full.censored == 0)

    cell.learned[0].trialsToCriterion = nil
    cell.learned[3].divergedAt = 0  // it met the criterion before, which does not count
    let censored = try table([cell], .trialsToCriterion)
    let entry = censored.cells[0]
    #expect(entry.median == 40 && entry.q75 == nil && entry.censored == 2 && entry.quantiles == .kaplanMeier)
    #expect(entry.mean == nil && entry.iqm == nil)
    #expect(try censored.printed(as: .text).contains("40 [30, not reached] (2/4 censored"))

    for index in 0..<4 { cell.learned[index].trialsToCriterion = nil }
    let never = try table([cell], .trialsToCriterion)
    #expect(never.cells[0].median == nil && never.cells[0].censored == 4)
    #expect(try never.printed(as: .text).contains("not reached (4/4 censored"))
  }

  @Test func rowsPooledOverAnotherSettingSaySo() throws {
    let cells = [16.0, 32].flatMap { units in
      (0..<3).map { MadeUp.cell(degree: 1, seed: $0, [0.5, 0.7], more: ["network.units": .number(units)]) }
    }
    let table = try table(cells)
    #expect(table.pooled == ["network.units": 2])
    #expect(try table.printed(as: .text).contains("Entries pool over network.units (2 values)"))
    // Two sizes of three seeds are three runs, and three are few.
    let cell = table.cells[0]
    #expect(cell.runs == 3 && cell.networks == 12 && cell.resampled == .runs)
    let text = try table.printed(as: .text)
    #expect(text.contains("3 x 4") && text.contains("Intervals of 2 to 4 runs are too narrow"))
    let byUnits = try self.table(cells, columns: "network.units")
    #expect(byUnits.pooled.isEmpty && byUnits.columnValues == [.number(16), .number(32)])
  }

  /// A run that pools sizes is the mean over them, network by network; one that diverged before its evaluation counts
  /// with all networks of the others.
  @Test func aPooledRunIsTheMeanOverItsCells() throws {
    func cell(_ seed: Int, _ units: Double, _ scores: [Double], _ status: CellOutcome.Status = .done)
      -> CellOutcome
    {
      MadeUp.cell(degree: 1, seed: seed, scores, status: status, more: ["network.units": .number(units)])
    }
    let cells = [
      cell(0, 16, [0.5, 0.6]), cell(0, 32, [0.7, 0.9]), cell(1, 16, [0.4, 0.8]), cell(1, 32, [], .diverged),
    ]
    let entry = try table(cells).cells[0]
    #expect(entry.runs == 2 && close(entry.mean, (0.675 + 0.3) / 2))
    let wanted = Statistics.stratifiedBootstrap([[0.675, 0.3]], of: .interquartileMean)
    #expect(close(entry.low, wanted.low) && close(entry.high, wanted.high))
    let one = try table(Array(cells[..<2])).cells[0]
    #expect(one.runs == 1 && one.resampled == .networks)
    let networks = Statistics.stratifiedBootstrap([[0.6, 0.75]], of: .interquartileMean)
    #expect(close(one.low, networks.low) && close(one.high, networks.high))
  }

  /// In a folder of tests on the networks of one seed the runs are the rules, by the seeds they were learned with.
  @Test func rulesLearnedElsewhereAreRunsByTheirTrainingSeed() throws {
    let cells = (0..<3).map {
      MadeUp.cell(degree: 1, seed: 1000, [0.5, 0.7], more: ["evaluate.training-seed": .string("\($0)")])
    }
    let table = try table(cells)
    #expect(table.cells[0].runs == 3 && table.pooled.isEmpty)
  }

  /// Three seeds on two tasks are three runs, resampled within each task.
  @Test func seedsOfSeveralTasksAreTheSameRuns() throws {
    let cells = ["a", "b"].flatMap { task in
      (0..<3).map {
        MadeUp.cell(degree: 1, task: task, seed: $0, [0.5 + 0.1 * Double($0), task == "a" ? 0.5 : 0.9])
      }
    }
    let entry = try table(cells, columns: "network.units").cells[0]
    #expect(entry.runs == 3 && entry.networks == 12)
    let wanted = Statistics.stratifiedBootstrap(
      [[0.5, 0.55, 0.6], [0.7, 0.75, 0.8]], of: .interquartileMean)
    #expect(close(entry.low, wanted.low) && close(entry.high, wanted.high))
  }

  @Test func theJSONHoldsWhatTheTextSays() throws {
    let cells = (0..<3).map { MadeUp.cell(degree: 1, seed: $0, [0.5, 0.7]) }
    let table = try table(cells + [MadeUp.cell(degree: 3, [], status: .unfinished)])
    let text = try table.printed(as: .text)
    let parsed = try #require(
      JSONSerialization.jsonObject(with: Data(try table.printed(as: .json).utf8)) as? [String: Any])
    let lines = try #require(parsed["warnings"] as? [String]) + #require(parsed["notes"] as? [String])
    #expect(
      lines.contains { $0.hasPrefix("Intervals of 2 to 4 runs") }
        && lines.contains { $0.hasPrefix("PARTIAL") })
    for line in lines { #expect(text.contains(line)) }
    let printed = try #require(parsed["printed"] as? [String: Any])
    let rows = try #require(printed["rows"] as? [[String]])
    let references = try #require(printed["references"] as? [[String]])
    #expect(rows.count == 2 && references.contains { $0[0] == "runs x networks" })
    for field in (rows + references).flatMap({ $0 }) where !field.isEmpty { #expect(text.contains(field)) }
  }

  @Test func filtersAndTheirMistakes() throws {
    let cells = MadeUp.ablation()
    let one = try table(cells, where: [SettingFilter(parsing: "task=cue-association")])
    #expect(one.columnValues == [.string("cue-association")])
    let two = try table(cells, where: [SettingFilter(parsing: "seed=0|1.0")])
    #expect(two.cells.allSatisfy { $0.runs == 2 })
    func message(_ body: () throws -> Void) -> String {
      do { try body() } catch { return "\(error)" }
      return ""
    }
    #expect(
      message { _ = try table(cells, where: [SettingFilter(parsing: "task=cue")]) }
        == "--where task=cue: no cell has it; task is cue-association, perceptual-decision")
    #expect(
      message { _ = try table(cells, rows: "rule.degre") }
        == "rule.degre is no setting of these cells; settings that vary here: rule.degree, seed, task")
    #expect(
      message { _ = try SettingFilter(parsing: "task") }.hasPrefix("--where task: a filter is PATH=VALUE"))
    #expect(message { _ = try table(cells, rows: "task") }.hasPrefix("rows and columns are both task"))
    #expect(message { _ = try table([]) } == "there are no cells in these folders")
  }

  @Test func severalFoldersMergeAndTheSameKeyCountsOnce() throws {
    let done = MadeUp.cell(degree: 1, [0.8, 0.9])
    var waiting = done
    waiting.status = .unfinished
    waiting.learned = []
    let merged = OutcomeSelection(merging: [waiting, done, done])
    #expect(merged.cells == [done])
  }

  @Test func jsonKeepsTheContract() throws {
    let text = try table(MadeUp.ablation()).printed(as: .json)
    let parsed = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(parsed["rows"] as? String == "rule.degree" && parsed["columns"] as? String == "task")
    #expect(parsed["metric"] as? String == "accuracy" && parsed["partial"] as? Bool == false)
    let cells = try #require(parsed["cells"] as? [[String: Any]])
    #expect(cells.count == 4)
    let keys: Set = [
      "row", "column", "runs", "networks", "mean", "iqm", "low", "high", "chance", "shortcut", "none",
      "start", "diverged", "failed", "search_lifetimes",
    ]
    for cell in cells { #expect(keys.isSubset(of: cell.keys)) }
    #expect(cells[0]["row"] as? Int == 1 && cells[0]["column"] as? String == "cue-association")
  }

  @Test func markdownCsvAndLatex() throws {
    let table = try table(MadeUp.ablation())
    let markdown = try table.printed(as: .markdown)
    #expect(
      markdown.contains(
        "| rule.degree \\ task | cue-association | perceptual-decision | lifetimes |\n| --- | --- | --- | --- |"
      ))
    let csv = try table.printed(as: .csv).split(separator: "\n")
    #expect(csv.count == 5 && csv[0].hasPrefix("row,column,runs,networks,mean,iqm,low,high,"))
    #expect(csv[1].hasPrefix("1,cue-association,5,15,"))
    let latex = try table.printed(as: .latex)
    for part in [
      "\\toprule", "\\midrule", "\\bottomrule", "{rule.degree \\textbackslash{} task} & {cue-association}",
    ] {
      #expect(latex.contains(part))
    }
  }

  @Test func numbersPrintWithoutNegativeZero() {
    #expect(printed(-0.0001, decimals: 3) == "0.000")
    #expect(printed(-0.0126, decimals: 3) == "-0.013")
    #expect(printed(12.5, decimals: 0) == "13")
    #expect(printed(.infinity, decimals: 2) == "inf")
    #expect(printed(1e300, decimals: 3) == "1e+300")
  }
}

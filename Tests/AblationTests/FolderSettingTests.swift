import Foundation
import ResultStore
import TestSupport
import Testing

@testable import Ablation

/// Folders as a setting of their cells, and what they must have in common.
@Suite struct FolderSettingTests {
  @Test func foldersHaveNamesWhereTheyAreAskedForOrNamed() throws {
    #expect(try ResultFolder.all(["a/out", "b/x/"]).map(\.name) == [nil, nil])
    #expect(try ResultFolder.all(["a/out", "b/x/"], isAsked: true).map(\.name) == ["out", "x"])
    let named = try ResultFolder.all(["old=a/out", "b/x", "old=c"])
    #expect(named.map(\.name) == ["old", "x", "old"] && named.map(\.path) == ["a/out", "b/x", "c"])
    // What is there, and what only looks like NAME=DIR.
    let folder = try TemporaryFolder()
    _ = try folder.write("", to: "eta=0.1/sweep.json")
    let path = folder.file("eta=0.1")
    #expect(try ResultFolder.all([path], isAsked: true) == [ResultFolder(path, name: "eta=0.1")])
    let here = FileManager.default.currentDirectoryPath.split(separator: "/").last.map(String.init)
    #expect(try ResultFolder.all(["."], isAsked: true).map(\.name) == [here])
  }

  @Test func twoFoldersOfOneNameAreRefused() {
    let error = #expect(throws: AblationError.self) {
      try ResultFolder.all(["a/out", "b/out"], isAsked: true)
    }
    #expect(
      error?.description == "the folders a/out and b/out are both called out; name them: A=a/out B=b/out")
  }

  /// The same cells in two folders, one of them better by 0.1, and one task more in the second.
  private func cells(_ folder: String, gain: Double, tasks: [String] = ["cue-association"]) -> [CellOutcome] {
    tasks.flatMap { task in
      (0..<5).map { seed in
        var cell = MadeUp.cell(degree: 3, task: task, seed: seed, [0.6 + 0.02 * Double(seed) + gain])
        cell.settings = cell.settings.setting(ResultFolder.setting, to: .string(folder))
        return cell
      }
    }
  }

  @Test func theSameCellOfTwoFoldersIsTwo() throws {
    let all = OutcomeSelection(merging: cells("a", gain: 0) + cells("b", gain: 0.1))
    #expect(all.cells.count == 10 && Set(all.cells.map(\.key)).count == 5)
    let table = try AblationTable(TableRequest(rows: "folder", columns: "task"), of: all)
    #expect(table.rowValues == [.string("a"), .string("b")] && close(table.cells[1].mean, 0.74))
    let comparison = try Comparison(ComparisonRequest(axis: "folder", baseline: "a"), of: all)
    #expect(
      comparison.rows.count == 1 && comparison.rows[0].seeds == 5 && close(comparison.rows[0].difference, 0.1)
    )
  }

  @Test func entriesMixNoFolders() throws {
    let all = OutcomeSelection(merging: cells("a", gain: 0) + cells("b", gain: 0.1))
    let message =
      "entries would mix the folders a, b: name folder as one of the settings that are set out, or keep one of them: "
      + "--where folder=a"
    let table = #expect(throws: AblationError.self) { try AblationTable(TableRequest(), of: all) }
    #expect(table?.description == message)
    let more = OutcomeSelection(
      merging: all.cells
        + all.cells.map { cell in
          var other = cell
          other.key &+= 1
          other.settings = cell.settings.setting("rule.degree", to: 1)
          return other
        })
    let comparison = #expect(throws: AblationError.self) {
      try Comparison(ComparisonRequest(axis: "rule.degree", baseline: "1"), of: more)
    }
    #expect(comparison?.description == message)
    let one = try SettingFilter(parsing: "folder=b")
    #expect(try AblationTable(TableRequest(filters: [one]), of: all).cells.count == 1)
  }

  @Test func entriesPoolTheSameValues() throws {
    let all = OutcomeSelection(
      merging: cells("a", gain: 0) + cells("b", gain: 0.1, tasks: ["cue-association", "delayed-xor"]))
    let error = #expect(throws: AblationError.self) {
      try AblationTable(TableRequest(rows: "folder", columns: "rule.degree"), of: all)
    }
    #expect(
      error?.description
        == "task is cue-association in a and cue-association, delayed-xor in b, so entries that pool it could not be "
        + "compared: set task out too, or keep the same values of it, such as --where task=cue-association")
    #expect(try AblationTable(TableRequest(rows: "task", columns: "folder"), of: all).cells.count == 3)
    // What follows a row is not pooled, though the other folder has it otherwise.
    let following = OutcomeSelection(
      merging: all.cells.map { cell in
        var other = cell
        let isOld = cell["folder"] == "a" || cell["task"] == "delayed-xor"
        other.settings = cell.settings.setting("trials", to: isOld ? 100 : 200)
        return other
      })
    #expect(try AblationTable(TableRequest(rows: "task", columns: "folder"), of: following).cells.count == 3)
    // What differs between folders and not within one is what they are compared for.
    let units = OutcomeSelection(
      merging: all.cells.map { cell in
        var other = cell
        other.settings = cell.settings.setting("network.units", to: cell["folder"] == "a" ? 16 : 32)
        return other
      })
    #expect(try AblationTable(TableRequest(rows: "task", columns: "folder"), of: units).pooled.isEmpty)
  }

  @Test func severalMetricsAreOneTable() throws {
    let all = OutcomeSelection(merging: MadeUp.ablation())
    let request = TableRequest()
    let metrics: [Metric] = [.accuracy, .reward, .trialsToCriterion]
    let tables = try MetricTables(request, metrics: metrics, of: all)
    #expect(tables.tables[1] == (try AblationTable(TableRequest(metric: .reward), of: all)))
    let text = try tables.printed(as: .text)
    #expect(
      text.hasPrefix("late accuracy; late reward; trials to criterion\n\nrule.degree \\ task   metric "),
      "\(text)")
    for (row, metric) in [("1", "accuracy"), ("1", "reward"), ("3", "trials-to-criterion")] {
      #expect(text.contains(try Regex("\n\(row) +\(metric) +[-0-9n]")), "\(text)")
    }
    #expect(text.components(separatedBy: "\nruns x networks").count == 2)
    #expect(text.components(separatedBy: "Lifetimes: training").count == 2, "a note stands once")
    let csv = try tables.printed(as: .csv).split(separator: "\n")
    #expect(
      csv.count == 1 + 3 * 4 && csv[0].hasPrefix("metric,row,column,runs") && csv[5].hasPrefix("reward,1,"))
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(tables.printed(as: .json).utf8)) as? [String: Any])
    #expect(json["metrics"] as? [String] == metrics.map(\.rawValue))
    #expect((json["tables"] as? [[String: Any]])?.map { $0["metric"] as? String } == metrics.map(\.rawValue))
  }
}

import Foundation
import Model
import ResultStore
import TestSupport
import Testing

@testable import Ablation

/// Outcomes from real result folders.
@Suite struct OutcomeLoaderTests {
  private func plan(_ cells: [(key: UInt64, degree: Int)], name: String = "made-up") -> SweepManifest {
    SweepManifest(
      name: name, question: "Is it read?", simd: "baseline",
      cells: cells.map { cell in
        ManifestCell(
          key: cell.key,
          settings: [
            "rule.degree": .number(Double(cell.degree)), "task": "cue-association", "seed": 0,
            "network.units": 32,
          ], chance: 0.5, shortcut: 0.6, ceiling: 1)
      })
  }

  private func evaluation(
    _ cell: UInt64, _ network: UInt32, _ role: RuleRole = .learned, accuracy: Double = 0.9,
    diverged: Int? = nil,
    criterion: Int? = nil
  ) -> EncodedRecord {
    EvaluationRecord(cell: cell) {
      $0.network = network
      $0.role = role
      $0.trials = 200
      $0.evaluation.divergedAt = diverged
      $0.evaluation.trialsToCriterion = criterion
      $0.evaluation.reward = -0.5
      $0.evaluation.accuracy = accuracy - 0.1
      $0.evaluation.lateReward = -0.4
      $0.evaluation.lateAccuracy = accuracy
      $0.evaluation.rewardCurve = Array(repeating: -0.5, count: NetworkEvaluation.bins)
      $0.evaluation.accuracyCurve = Array(repeating: 0.5, count: NetworkEvaluation.bins)
    }.encoded(degree: 1)
  }

  private func result(
    _ cell: UInt64, _ status: CellStatus, evaluations: UInt32, message: String = ""
  ) -> EncodedRecord {
    ResultRecord(cell: cell) {
      $0.status = status
      $0.lifetimes = 480
      $0.divergedLifetimes = 1
      $0.evaluations = evaluations
      $0.validationReward = -0.4
      $0.seconds = 1
      $0.gigaflop = 12
      $0.theta = [0, 0, 0, 0.3]
      $0.scale = [1, 1, 1, 1]
      $0.constants = Array(repeating: 0, count: LocalConstant.allCases.count)
      $0.message = message
    }.encoded(degree: 1)
  }

  private func write(_ folder: TemporaryFolder, _ manifest: SweepManifest, _ records: [EncodedRecord]) throws
  {
    let writer = try StoreWriter(folder.path)
    try writer.save(manifest)
    for record in records { try writer.append(record) }
    try writer.close()
  }

  @Test func everyKindOfEnding() throws {
    let folder = try TemporaryFolder()
    try write(
      folder, plan([(1, 1), (2, 2), (3, 3), (4, 4), (5, 5)]),
      [
        evaluation(1, 1, accuracy: 0.8, criterion: 40), evaluation(1, 0, diverged: 12),
        evaluation(1, 0, .start),
        evaluation(1, 0, .none, accuracy: 0.5), result(1, .done, evaluations: 4),
        result(2, .failed, evaluations: 0, message: "no room"),
        result(3, .diverged, evaluations: 0),
        evaluation(4, 0),  // half evaluated: no result yet
      ])
    let loaded = try LoadedOutcomes(folders: [folder.path])
    let cells = loaded.selection.cells
    #expect(cells.map(\.status) == [.done, .failed, .diverged, .unfinished, .unfinished])
    #expect(cells[0].learned.map(\.network) == [0, 1], "by index, whatever the order of the records")
    #expect(cells[0].learned[0].diverged && !cells[0].learned[1].diverged)
    #expect(cells[0].learned[0].trialsToCriterion == nil && cells[0].learned[1].trialsToCriterion == 40)
    #expect(cells[0].learned[1].lateAccuracy == 0.8 && cells[0].learned[1].accuracy == 0.8 - 0.1)
    #expect(cells[0].start.count == 1 && cells[0].none[0].lateAccuracy == 0.5)
    #expect(cells[0].chance == 0.5 && cells[0].shortcut == 0.6 && cells[0].ceiling == 1)
    #expect(cells[0].lifetimes == 480 && cells[0].gigaflop == 12)
    #expect(cells[1].message == "no room")
    #expect(cells[3].learned.isEmpty, "networks of a cell without a result do not count")
    #expect(cells[2]["network.units"] == .number(32) && cells[2]["no.such"] == .null)
    #expect(loaded.sweeps == ["made-up"] && loaded.notes.isEmpty)

    let table = try AblationTable(TableRequest(), of: loaded.selection)
    #expect(table.partial && table.ended == 3 && table.planned == 5)
    #expect(table.failures == ["0000000000000002: no room"])
    #expect(close(table.cells[0].mean, 0.4))
  }

  @Test func cellsOfEarlierPlansComeWhenAskedFor() throws {
    let folder = try TemporaryFolder()
    try write(
      folder, plan([(1, 1), (2, 2), (3, 3)]),
      [
        evaluation(1, 0), result(1, .done, evaluations: 1), evaluation(2, 0),
        result(2, .done, evaluations: 1),
      ])
    try write(folder, plan([(2, 2), (4, 4)]), [])
    #expect(try LoadedOutcomes(folders: [folder.path]).selection.cells.map(\.key) == [2, 4])
    let all = try LoadedOutcomes(folders: [folder.path], allPlans: true).selection.cells
    #expect(all.map(\.key) == [2, 4, 1], "cell 3 has no result, and no run will give it one")
    #expect(all[2].status == .done && all[2]["rule.degree"] == 1 && all[2].learned.count == 1)
  }

  @Test func aCellThatHasLostNetworksIsRefused() throws {
    let folder = try TemporaryFolder()
    try write(
      folder, plan([(1, 1)]), (0..<5).map { evaluation(1, $0) } + [result(1, .done, evaluations: 18)])
    let error = #expect(throws: StoreError.self) { try LoadedOutcomes(folders: [folder.path]) }
    #expect(
      error?.description.contains(
        "cell 0000000000000001: its result counts 0 iterations and 18 evaluations; 0 and 5 are stored; missing: "
          + "networks learned 5, start 0-5, none 0-5") == true, "\(String(describing: error))")
  }

  @Test func slicesMergeAndARetriedCellCountsOnce() throws {
    let (first, second) = (try TemporaryFolder(), try TemporaryFolder())
    let whole = plan([(1, 1), (2, 2)])
    try write(
      first, whole, [evaluation(1, 0), result(1, .done, evaluations: 1), result(2, .failed, evaluations: 0)])
    try write(second, whole, [evaluation(2, 0, accuracy: 0.7), result(2, .done, evaluations: 1)])
    let cells = try LoadedOutcomes(folders: [first.path, second.path]).selection.cells
    #expect(cells.map(\.status) == [.done, .done])
    #expect(cells[1].learned[0].lateAccuracy == 0.7)
  }

  @Test func settingsThatDifferBetweenFoldersVary() throws {
    let (first, second) = (try TemporaryFolder(), try TemporaryFolder())
    try write(first, plan([(1, 1)]), [evaluation(1, 0), result(1, .done, evaluations: 1)])
    try write(second, plan([(9, 3)], name: "other"), [evaluation(9, 0), result(9, .done, evaluations: 1)])
    let loaded = try LoadedOutcomes(folders: [first.path, second.path])
    #expect(loaded.selection.varyingPaths() == ["rule.degree"])
    #expect(loaded.sweeps == ["made-up", "other"])
  }

  @Test func aTornEndIsNotedAndDamageRefused() throws {
    let folder = try TemporaryFolder()
    let writer = try StoreWriter(folder.path)
    try writer.save(plan([(1, 1)]))
    for network in 0..<3 { try writer.append(evaluation(1, UInt32(network))) }
    try writer.append(result(1, .done, evaluations: 3))
    writer.abandon()
    let shard = folder.path + "/shards/evaluation-d1.00000.npy"
    let whole = try Data(contentsOf: URL(filePath: shard))
    try (whole + Data([1, 2, 3])).write(to: URL(filePath: shard))
    let torn = try LoadedOutcomes(folders: [folder.path])
    #expect(torn.notes.count == 1 && torn.selection.cells[0].learned.count == 3)

    var damaged = whole
    damaged[damaged.count - 500] ^= 0xFF  // in the record before the last
    try damaged.write(to: URL(filePath: shard))
    #expect(throws: StoreError.self) { try LoadedOutcomes(folders: [folder.path]) }
    #expect(throws: StoreError.self) { try LoadedOutcomes(folders: [folder.path + "-no-such"]) }
  }
}

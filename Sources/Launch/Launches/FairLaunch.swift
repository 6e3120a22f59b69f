import Ablation
import Experiment
import Foundation
import Kernels
import MPI
import Model
import Plasticity
import ResultStore
import Sweep

/// One launch of `compare --against` on one rank. It runs the rival's searches as a sweep, tests learned rules and best
/// starts on the same fresh networks, and compares them. The same command resumes both stores.
public struct FairLaunch {
  private let request: FairRequest
  private let ranksPerCell: RanksPerCell
  private let level: SIMDLevel
  private let world: Communicator

  public init(_ request: FairRequest, ranksPerCell: RanksPerCell, level: SIMDLevel, world: Communicator) {
    self.request = request
    self.ranksPerCell = ranksPerCell
    self.level = level
    self.world = world
  }

  private var searchFolder: String { request.out + "/search" }

  /// - Parameter report: called on rank 0 with the comparison, unless a drain came before.
  /// - Returns: the exit code: 0, or 75 where the searches or the tests were drained.
  public func run(_ report: (FairComparison) throws -> Void) throws -> Int32 {
    if world.rank == 0 {
      if let note = request.plan.rival.note { printError("note: \(note)") }
      try makeFolder()
    }
    var searches = SweepRequest(request.sweep, in: searchFolder)
    searches.ranksPerCell = ranksPerCell
    searches.replace = true
    let code = try SweepLaunch(searches, level: level, world: world).run()
    guard code == 0 else { return code }
    // Rank 0 reads what all have stored, and tells the others.
    let findings = try world.broadcast(world.rank == 0 ? try findings() : nil)
    let tests = try FairTests(request.plan, findings: findings, networks: request.networks)
    let evaluation = EvaluationRequest(
      name: request.sweep.name, sweepFile: String(decoding: request.sweep.bytes, as: UTF8.self),
      seed: request.plan.rules[0].cell.settings.seed, plan: tests.plan, transfer: false)
    return try EvaluationLaunch(evaluation, world: world, folder: request.out + "/evaluation").run {
      results, _ in
      let comparison = try FairComparison(
        of: try groups(tests, findings, results), rival: request.plan.rival.name, metric: request.metric,
        resamples: request.resamples)
      // What `--format json` prints, for the report that figures make of the folder.
      let document = Array(try comparison.printed(as: .json).utf8)
      try OutputFile.write(document, to: request.out + "/comparison.json")
      try report(comparison)
    }
  }

  private func makeFolder() throws {
    try OutputFile.makeFolder(request.out)
  }

  /// What the searches found, in the order of the plan's cells.
  private func findings() throws -> [FairFinding] {
    let results = try StoreReader(searchFolder).results()
    return try request.plan.cells.map { cell in
      guard let result = results[cell.key], result.status != .failed else {
        throw UsageError(
          "the search \(cell.keyText) (\(cell.label)) failed: \(results[cell.key]?.message ?? "no result"). "
            + "Run it again by removing \(searchFolder), or leave its cell out by --where")
      }
      return FairFinding(
        validationReward: result.validationReward, lifetimes: Int(result.lifetimes) - Int(result.evaluations),
        theta: result.theta, constants: LocalConstants(values: result.constants))
    }
  }

  /// Learned rules that differ in their seed alone, at each budget.
  private func groups(
    _ tests: FairTests, _ findings: [FairFinding], _ results: EvaluationResults
  ) throws -> [FairGroup] {
    let plan = request.plan
    var labels: [String] = []
    for rule in plan.rules where !labels.contains(rule.group) { labels.append(rule.group) }
    return try labels.flatMap { label in
      try FairBudget.allCases.enumerated().map { place, budget in
        let members = plan.rules.indices.filter { plan.rules[$0].group == label }
        let pairs = try members.map { rule in
          let searches = plan.searches(of: rule, budget)
          let best = plan.cells[tests.best[rule][place]]
          return (
            learned: try outcome(
              plan.rules[rule].cell, tests, results, found: plan.rules[rule].spent),
            rival: try outcome(
              best, tests, results, found: searches.reduce(0) { $0 + findings[$1].lifetimes })
          )
        }
        let chosen = members.map { rule in
          plan.starts[plan.searches(of: rule, budget).firstIndex(of: tests.best[rule][place])!]
        }
        let counts = plan.starts.map { start in
          "\(String(format: "%.3g", start)): \(chosen.count { $0 == start })"
        }
        return FairGroup(
          label: label, budget: budget.label, pairs: pairs, starts: counts.joined(separator: ", "))
      }
    }
  }

  private func outcome(
    _ cell: Cell, _ tests: FairTests, _ results: EvaluationResults, found: Int
  ) throws -> CellOutcome {
    let networks = tests.results(of: cell, in: results) ?? []
    let settings = CanonicalForm.values(of: cell.settings).mapValues { ManifestValue(settingText: $0) }
    let yardsticks = try CellConfiguration(cell.settings).yardsticks
    return CellOutcome(
      key: cell.key, settings: CellSettings(settings), status: networks.isEmpty ? .unfinished : .done,
      learned: networks.enumerated().map { index, one in
        NetworkScores(network: index, trials: cell.settings.trials, evaluation: one)
      }, chance: yardsticks.chance, shortcut: yardsticks.shortcut, ceiling: yardsticks.ceiling,
      searchLifetimes: UInt64(found))
  }
}

import Experiment
import Foundation
import Kernels
import MPI
import Model
import Plasticity
import ResultStore
import Sweep

/// What pruning found: every step, and what it did on fresh networks.
public struct PruneFinding {
  public var request: PruneRequest
  /// The rule with all terms, tuned as long as all steps together.
  public var reference: PruneStep
  public var steps: [PruneStep]
  /// The rule as it was learned, the reference, and every step, by fresh network.
  public var outcomes:
    (learned: [NetworkEvaluation], reference: [NetworkEvaluation], steps: [[NetworkEvaluation]])
}

/// One launch of `rule --prune` on one rank. Every step is a search, run as a sweep of its own; then all steps are tested
/// on the same fresh networks. The same command resumes searches and tests.
public struct PruneLaunch {
  private let request: PruneRequest
  private let world: Communicator
  private let level: SIMDLevel

  public init(_ request: PruneRequest, level: SIMDLevel, world: Communicator) {
    self.request = request
    self.level = level
    self.world = world
  }

  private var searchFolder: String { request.out + "/search" }

  /// - Parameter report: called on rank 0 with all steps, unless a drain came before.
  /// - Returns: the exit code: 0, or 75 where it was drained.
  public func run(_ report: (PruneFinding) throws -> Void) throws -> Int32 {
    if world.rank == 0 { try OutputFile.makeFolder(searchFolder) }
    let level = try keptLevel()
    var notes = PruneNotes(of: request.out)
    var steps: [PruneStep] = []
    var rule = try request.pruning.start(
      theta: request.learned.theta, constants: request.learned.constants, level: level)
    let whole = try request.pruning.search(rule, times: rule.terms.count, level: level)
    say("all \(rule.terms.count) terms, tuned as long as all steps together")
    let code = try search([whole])
    guard code == 0 else { return code }
    let reference = try found(whole, after: nil, dropped: nil, level: level)
    var dropped: String?
    while true {
      let cell = try request.pruning.search(rule, level: level)
      let count = rule.terms.count
      say(
        "step \(steps.count): \(count) term\(count == 1 ? "" : "s")"
          + (dropped.map { ", without \($0)" } ?? ""))
      let code = try search([whole] + steps.map(\.cell) + [cell])
      guard code == 0 else { return code }
      let step = try found(cell, after: steps.last, dropped: dropped, level: level)
      steps.append(step)
      guard step.rule.terms.count > 1 else { break }
      guard let losses = try losses(of: step, &notes, level: level) else { return 75 }
      // The first of equals.
      let place = losses.indices.reduce(0) { losses[$1] > losses[$0] ? $1 : $0 }
      let term = step.rule.terms[place]
      dropped = step.rule.name(of: term)
      rule = step.rule.without(term)
    }
    return try test(reference, steps, report)
  }

  /// The level that the searches were begun at, if there are any: keys of searches depend on it.
  private func keptLevel() throws -> SIMDLevel {
    let lowest = try world.lowest(level)
    guard world.rank == 0 else { return try world.broadcast(nil) }
    let isNew = try StoreFolder(searchFolder).isNew()
    let kept = isNew ? nil : SIMDLevel(rawValue: try StoreReader(searchFolder).manifest.simd)
    return try world.broadcast(min(kept ?? lowest, lowest))
  }

  private func search(_ cells: [Cell]) throws -> Int32 {
    var searches = SweepRequest(request.sweep(cells), in: searchFolder)
    searches.ranksPerCell = .always(world.size)
    searches.replace = true
    // Each search would say that the ones before it are done.
    return try SweepLaunch(searches, level: level, world: world).run { _ in }
  }

  private func found(
    _ cell: Cell, after step: PruneStep?, dropped: String?, level: SIMDLevel
  ) throws -> PruneStep {
    let finding = try world.broadcast(world.rank == 0 ? try finding(cell) : nil)
    return PruneStep(
      cell: cell, rule: try request.pruning.found(finding, in: cell, level: level),
      validationReward: finding.validationReward, lifetimes: finding.lifetimes + (step?.lifetimes ?? 0),
      dropped: dropped)
  }

  private func finding(_ cell: Cell) throws -> FairFinding {
    let result = try StoreReader(searchFolder).results()[cell.key]
    guard let result, result.status != .failed else {
      throw UsageError(
        "the search \(cell.keyText) failed: \(result?.message ?? "no result"). Run it again by removing "
          + searchFolder)
    }
    return FairFinding(
      validationReward: result.validationReward, lifetimes: Int(result.lifetimes) - Int(result.evaluations),
      theta: result.theta, constants: LocalConstants(values: result.constants))
  }

  /// nil after a drain.
  private func losses(of step: PruneStep, _ notes: inout PruneNotes, level: SIMDLevel) throws -> [Double]? {
    let kept = notes.losses(after: step.cell.key, terms: step.rule.terms.count)
    // Rank 0 says whether they are known.
    let known = try world.broadcast(world.rank == 0 ? kept ?? [] : nil)
    guard known.isEmpty else { return known }
    let team = WorldTeam(world) {}
    let found = try request.pruning.losses(of: step, level: level, team: team)
    if world.rank == 0 { try notes.keep(found, after: step.cell.key, in: request.out) }
    guard try !world.anyIs(Signals.seen().drain) else {
      say("drained: run the same command again to go on")
      return nil
    }
    return found
  }

  private func test(
    _ reference: PruneStep, _ steps: [PruneStep], _ report: (PruneFinding) throws -> Void
  ) throws -> Int32 {
    let learned = request.learned.contender(name: "", group: "", source: nil)
    let tests = try PruneTests(
      request.pruning, learned: learned, reference: reference, steps: steps, networks: request.networks)
    let sweep = request.sweep([reference.cell] + steps.map(\.cell))
    let evaluation = EvaluationRequest(
      name: sweep.name, sweepFile: String(decoding: sweep.bytes, as: UTF8.self),
      seed: request.pruning.learned.settings.seed, plan: tests.plan, transfer: false)
    return try EvaluationLaunch(evaluation, world: world, folder: request.out + "/evaluation").run {
      results, _ in
      try report(
        PruneFinding(
          request: request, reference: reference, steps: steps, outcomes: tests.outcomes(results)))
    }
  }

  private func say(_ text: String) { if world.rank == 0 { printError(text) } }
}

extension PruneFinding {
  /// The rule of a step, or of the reference for nil, as a file that lacks nothing.
  public func file(ofStep place: Int?) -> RuleFile {
    let step = place.map { steps[$0] } ?? reference
    let all = reference.rule.terms.count
    var file = RuleFile(
      degree: step.rule.shape.degree, theta: step.rule.theta, scale: step.rule.scales[0],
      plastic: step.cell.settings.rule.plastic == [.recurrent] ? nil : step.cell.settings.rule.plastic,
      hasThetaByLayer: !step.rule.shape.layers.isEmpty,
      provenance: [
        "pruned from the rule of cell \(request.pruning.learned.keyText) of the sweep \(request.sweepName): "
          + "\(step.rule.terms.count) of \(all) terms",
        "its constants were tuned with \(step.lifetimes) lifetimes in all",
        "written by trifactor \(Build.version) (\(Build.commit))",
      ])
    let settings = step.cell.settings
    for constant in LocalConstant.allCases where settings.rule.uses(constant) {
      file.constants[constant] = step.rule.constants[constant]
      let start = settings.constants[constant]
      if start != step.rule.constants[constant] { file.calibration[constant] = start }
    }
    file.exploration = settings.exploration.kind
    if step.rule.constants[.traceMean] > 0 { file.traceMeanBy = settings.rule.traceMeanBy }
    file.critic = settings.rule.critic
    file.normalise = settings.rule.normalise
    return file
  }
}

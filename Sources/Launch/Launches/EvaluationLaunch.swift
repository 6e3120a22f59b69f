import Experiment
import Foundation
import Kernels
import MPI
import Model
import Plasticity
import ResultStore
import Sweep

/// The results of an evaluation by pair, in the plan's order; nil for a rival that has nothing to learn from.
public typealias EvaluationResults = [[NetworkEvaluation]?]

/// One launch of `evaluate` on one rank: the networks of every pair are spread over all ranks, and rank 0 stores their
/// results in batches. SIGUSR1 to any rank ends it after the networks that are being tested.
public struct EvaluationLaunch {
  private let request: EvaluationRequest
  private let world: Communicator
  private let folder: String?

  public init(_ request: EvaluationRequest, world: Communicator, folder: String?) {
    self.request = request
    self.world = world
    self.folder = folder
  }

  /// - Parameter report: called on rank 0 with all results, unless a drain came before.
  /// - Returns: the exit code: 75 ("run the same command again") after a drain.
  public func run(_ report: (EvaluationResults, SIMDLevel) throws -> Void) throws -> Int32 {
    try run { results, _, level in try report(results, level) }
  }

  /// The same with the records of alignment, nil where the request asks for none.
  public func run(_ report: (EvaluationResults, AlignmentResults?, SIMDLevel) throws -> Void) throws -> Int32
  {
    let plan = request.plan
    let own = try SIMDLevel.resolve(environment: ProcessInfo.processInfo.environment)
    let lowest = try world.lowest(own)
    let store =
      world.rank == 0
      ? try folder.map { try EvaluationStore($0, request, lowest: lowest, ranks: world.size) } : nil
    let progress = TestProgress(networks: plan.pairs.count * plan.networks, world)
    defer { progress.finish() }
    do {
      // Rank 0 says which level the folder was begun at and how many networks of each pair are stored.
      let isFirst = world.rank == 0
      let level = try world.broadcast(isFirst ? store?.level ?? lowest : nil)
      let counts = try world.broadcast(
        isFirst ? plan.pairs.map { store?.stored[$0.key]?.count ?? 0 } : nil)
      let team = WorldTeam(world) { try store?.tick() }
      var results: EvaluationResults = []
      var isDrained = false
      // Two contenders may be the same on one target, such as learned rules that both stayed at their start.
      var computed: [UInt64: [NetworkEvaluation]] = [:]
      for (place, pair) in plan.pairs.enumerated() where !isDrained {
        if let found = computed[pair.key] {
          results.append(found)
          continue
        }
        let start = counts[place]
        let before = store?.stored[pair.key] ?? []
        if start == plan.networks {
          results.append(before)
          continue
        }
        let found = try plan.run(pair, from: start, level: level, team: team) { first, some in
          try store?.save(some, from: first, of: pair)
          progress.show("tested", place * plan.networks + first + some.count)
          isDrained = try world.anyIs(Signals.seen().drain)
          return !isDrained
        }
        if let found, start + found.count < plan.networks { break }
        results.append(found.map { before + $0 })
        if let found {
          computed[pair.key] = before + found
          try store?.finish(pair, before + found)
        }
      }
      let isTested = results.count == plan.pairs.count
      var alignment: AlignmentResults?
      if isTested, let wanted = request.alignment {
        let pass = AlignmentPass(
          evaluation: plan, alignment: wanted, world: world, level: level, store: store, progress: progress)
        alignment = try pass.run(team)
      }
      progress.finish()
      let isWhole = isTested && (request.alignment == nil || alignment != nil)
      try store?.close(isWhole ? "done" : "drained")
      if world.rank == 0 {
        if isWhole {
          try report(results, alignment, level)
        } else {
          printError(drainNote(pairs: results.count))
        }
      }
      return isWhole ? 0 : 75
    } catch {
      store?.abandon(error)
      throw error
    }
  }
}

extension EvaluationLaunch {
  /// The message after a drain.
  private func drainNote(pairs: Int) -> String {
    let state = "drained: \(pairs) of \(request.plan.pairs.count) tests done; "
    return folder == nil
      ? state
        + "nothing was kept, since there is no --out: give one, and the same command goes on where it stopped"
      : state + "run the same command again to go on"
  }
}

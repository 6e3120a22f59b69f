import Experiment
import Kernels
import MPI
import Model
import Plasticity
import ResultStore
import Sweep

/// The records of alignment by pair, in the plan's order, and by network; nil for a rival that has nothing to learn from.
/// Complete on rank 0 only.
public typealias AlignmentResults = [[[AlignmentRecord]]?]

/// The second part of `evaluate --alignment`, once every pair has been tested: networks that the folder lacks are spread
/// over all ranks, and rank 0 stores their records as they come.
struct AlignmentPass {
  let evaluation: EvaluationPlan
  let alignment: AlignmentPlan
  let world: Communicator
  let level: SIMDLevel
  let store: EvaluationStore?
  let progress: TestProgress

  /// - Returns: nil after a drain.
  func run(_ team: any Team) throws -> AlignmentResults? {
    var results: AlignmentResults = []
    var computed: [UInt64: [[AlignmentRecord]]] = [:]
    for pair in evaluation.pairs {
      if let found = computed[pair.key] {
        results.append(found)
        continue
      }
      guard evaluation.refusal(pair) == nil else {
        results.append(nil)
        continue
      }
      guard let found = try run(pair, team, after: results.count * evaluation.networks) else { return nil }
      computed[pair.key] = found
      results.append(found)
    }
    return results
  }

  /// - Parameter done: networks of the pairs before.
  private func run(_ pair: EvaluationPair, _ team: any Team, after done: Int) throws -> [[AlignmentRecord]]? {
    let networks = 0..<evaluation.networks
    var found = store?.alignment(of: pair.key, alignment) ?? [:]
    // Rank 0 says what is missing.
    let lacking = try world.broadcast(world.rank == 0 ? networks.filter { found[$0] == nil } : nil)
    for start in stride(from: 0, to: lacking.count, by: team.size) {
      let some = Array(lacking[start..<min(lacking.count, start + team.size)])
      let measured =
        try evaluation.align(pair, alignment, networks: some, level: level, team: team) ?? []
      for (network, one) in zip(some, measured) {
        let records = pair.records(one, network: network, plan: alignment, level: level)
        found[network] = records
        try store?.save(records, of: pair)
      }
      progress.show("measured for alignment", done + found.count)
      if try world.anyIs(Signals.seen().drain) { return nil }
    }
    return networks.map { found[$0] ?? [] }
  }
}

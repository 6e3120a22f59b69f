import Experiment
import Kernels
import Model
import Plasticity
import ResultStore

/// The result folder of an evaluation: every pair is a cell, so that `table` and `export` read it like any other.
final class EvaluationStore {
  /// Results that were stored before, by key: those of networks 0, 1, ... up to the first gap.
  private(set) var stored: [UInt64: [NetworkEvaluation]] = [:]
  /// Records of alignment that were stored before, by key and network.
  private var aligned: [UInt64: [Int: [AlignmentRecord]]] = [:]
  private let session: StoreSession
  private let plan: EvaluationPlan

  var level: SIMDLevel { session.level }

  /// - Throws: `StoreError`; `UsageError` where the folder was begun at a higher SIMD level.
  init(_ folder: String, _ request: EvaluationRequest, lowest: SIMDLevel, ranks: Int) throws {
    let plan = request.plan
    self.plan = plan
    var keys: Set<UInt64> = []
    let cells = plan.pairs.filter { plan.refusal($0) == nil && keys.insert($0.key).inserted }.map {
      $0.manifestCell(plan.targets[$0.target])
    }
    let tasks = request.taskFiles.map { ($0.parts.first?.asked ?? $0.identity, $0) }
    session = try StoreSession(
      folder, sweepFile: request.sweepFile, tasks: Dictionary(tasks) { first, _ in first }, lowest: lowest,
      ranks: ranks, log: printError
    ) { found, level in
      let name = "evaluate-" + request.name
      if let found, found.name != name {
        throw StoreError(
          .damaged,
          "\(folder) holds the results of '\(found.name)', not of '\(name)'; nothing was changed. Give --out another "
            + "folder")
      }
      // What an earlier evaluation of the same sweep left behind stays in the plan.
      let earlier = found?.cells.filter { !keys.contains($0.key) } ?? []
      return SweepManifest(name: name, question: "", simd: level.rawValue, cells: earlier + cells)
    }
    do { try readStored(folder, keys) } catch {
      session.abandon(error)
      throw error
    }
  }

  private func readStored(_ folder: String, _ keys: Set<UInt64>) throws {
    let index = session.store.index
    guard keys.contains(where: { index.cells[$0] != nil }) else { return }
    var networks: [UInt64: [Int: NetworkEvaluation]] = [:]
    let reader = try StoreReader(folder)
    try reader.forEachEvaluation { record in
      if keys.contains(record.cell) {
        networks[record.cell, default: [:]][Int(record.network)] = record.evaluation
      }
    }
    aligned = try reader.kept(AlignmentRecord.self).filter { keys.contains($0.key) }.mapValues { records in
      Dictionary(grouping: records) { Int($0.network) }
    }
    for (key, found) in networks {
      var whole = (0..<found.count).prefix { found[$0] != nil }.map { found[$0]! }
      // All networks are there without the record that says so: the last one is tested again, compared, and completes the
      // pair.
      if index.cells[key]?.isComplete != true, whole.count == plan.networks { whole.removeLast() }
      stored[key] = whole
    }
  }

  func save(_ results: [NetworkEvaluation], from first: Int, of pair: EvaluationPair) throws {
    for record in pair.records(results, from: first, target: plan.targets[pair.target]) {
      try session.store.append(record)
    }
    try session.store.tick()
  }

  /// Says that a pair is complete.
  func finish(_ pair: EvaluationPair, _ results: [NetworkEvaluation]) throws {
    try session.store.append(
      pair.result(
        results, target: plan.targets[pair.target], level: level, launch: session.launch))
  }

  /// The stored records of the networks of a pair that have all of their points, made with as many draws.
  func alignment(of key: UInt64, _ plan: AlignmentPlan) -> [Int: [AlignmentRecord]] {
    let trials = self.plan.pairs.first { $0.key == key }.map {
      plan.trials(of: self.plan.targets[$0.target].configuration.method.trials).map { UInt32($0) }
    }
    return (aligned[key] ?? [:]).filter { _, records in
      records.map(\.trial) == trials
        && records.allSatisfy { $0.wanted == plan.draws && $0.points == records.count }
    }
  }

  func save(_ records: [AlignmentRecord], of pair: EvaluationPair) throws {
    for record in records { try session.store.append(record.encoded(shape: pair.shape)) }
    try session.store.tick()
  }

  func tick() throws { try session.store.tick() }

  func close(_ outcome: String) throws { try session.close(outcome) }

  func abandon(_ error: any Error) { session.abandon(error) }
}

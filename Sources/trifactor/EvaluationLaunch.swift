import Experiment
import Foundation
import Kernels
import MPI
import Plasticity
import ResultStore
import Sweep

/// Ablation has a type of this name too: what its tables read from a store.
typealias EvaluatedNetwork = Plasticity.NetworkEvaluation

/// The results of an evaluation: by pair, in the plan's order; nil where a rival has nothing to learn from.
typealias EvaluationResults = [[NetworkEvaluation]?]

/// One launch of `evaluate` on one rank: every pair's networks are spread over all ranks, and rank 0 stores them.
struct EvaluationLaunch {
  private let request: EvaluationRequest
  private let world: Communicator
  private let folder: String?

  init(_ request: EvaluationRequest, world: Communicator, folder: String?) {
    self.request = request
    self.world = world
    self.folder = folder
  }

  /// - Parameter report: called on rank 0 with all results.
  func run(_ report: (EvaluationResults, SIMDLevel) throws -> Void) throws {
    let plan = request.plan
    let own = try SIMDLevel.resolve(environment: ProcessInfo.processInfo.environment)
    let lowest = SIMDLevel(code: Int(try world.allReduce([Int64(own.code)], .minimum)[0]))!
    let store =
      world.rank == 0
      ? try folder.map { try EvaluationStore($0, request, lowest: lowest, ranks: world.size) } : nil
    do {
      // Rank 0 says which level the folder was begun at and which pairs are stored.
      let opening = try world.broadcast(
        world.rank == 0
          ? [UInt8(store?.level.code ?? lowest.code)]
            + plan.pairs.map { store?.stored[$0.key] == nil ? 0 : 1 } : [])
      let level = SIMDLevel(code: Int(opening[0]))!
      let team = WorldTeam(world) { try store?.tick() }
      var results: EvaluationResults = []
      // Two contenders may do the same on one target, such as learned rules that both stayed at their start.
      var computed: [UInt64: [NetworkEvaluation]] = [:]
      for (place, pair) in plan.pairs.enumerated() {
        if opening[place + 1] == 1 {
          results.append(store?.stored[pair.key])
          continue
        }
        if let found = computed[pair.key] {
          results.append(found)
          continue
        }
        let found = try plan.run(pair, level: level, team: team)
        results.append(found)
        if let found {
          computed[pair.key] = found
          try store?.save(found, of: pair)
        }
      }
      try store?.close()
      if world.rank == 0 { try report(results, level) }
    } catch {
      store?.abandon()
      throw error
    }
  }
}

/// All ranks as the team that networks are spread over.
final class WorldTeam: Team {
  private let world: Communicator
  private let beat: () throws -> Void

  /// - Parameter beat: called between lifetimes.
  init(_ world: Communicator, beat: @escaping () throws -> Void) {
    self.world = world
    self.beat = beat
  }

  var member: Int { world.rank }
  var size: Int { world.size }
  func pulse() throws { try beat() }

  func gather(_ numbers: [Double]) throws -> [[Double]] {
    // Ranks that are done early wait asleep.
    try world.politeBarrier(whileWaiting: beat)
    return try world.allGather(numbers.withUnsafeBytes { Array($0) }).map { bytes in
      bytes.withUnsafeBytes { raw in
        (0..<raw.count / 8).map { raw.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
      }
    }
  }
}

/// The result folder of an evaluation: one cell a pair, so that `table` and `export` read it like any other.
final class EvaluationStore {
  let level: SIMDLevel
  /// Complete results that were there before, by key.
  private(set) var stored: [UInt64: [NetworkEvaluation]] = [:]
  private let store: StoreWriter
  private let plan: EvaluationPlan
  private var manifest: SweepManifest
  private let launch: Int

  /// - Throws: `StoreError`; `UsageError` where the folder was begun at a higher SIMD level.
  init(_ folder: String, _ request: EvaluationRequest, lowest: SIMDLevel, ranks: Int) throws {
    let plan = request.plan
    self.plan = plan
    store = try StoreWriter(folder, log: printError)
    do {
      level = try Leader.level(of: store.found, lowest: lowest, folder: folder)
      let name = "evaluate-" + request.name
      if let found = store.found, found.name != name {
        throw StoreError(
          .damaged,
          "\(folder) holds the results of '\(found.name)', not of '\(name)'; nothing was changed. Give --out another "
            + "folder")
      }
      let plan = request.plan
      var keys: Set<UInt64> = []
      let cells = plan.pairs.filter { plan.refusal($0) == nil && keys.insert($0.key).inserted }.map {
        $0.manifestCell(plan.targets[$0.target])
      }
      // What an earlier evaluation of the same sweep left behind stays in the plan.
      let earlier = store.found?.cells.filter { !keys.contains($0.key) } ?? []
      launch = store.found?.launches.count ?? 0
      manifest = SweepManifest(
        name: name, question: "", simd: level.rawValue, cells: earlier + cells,
        launches: (store.found?.launches ?? []) + [Build.provenance(ranks: ranks, level: level)])
      try store.saveSweepFile(request.sweepFile)
      try store.save(manifest)
      try readStored(folder, keys)
    } catch {
      store.abandon()
      throw error
    }
  }

  private func readStored(_ folder: String, _ keys: Set<UInt64>) throws {
    let complete = keys.filter { store.index.cells[$0]?.isComplete == true }
    guard !complete.isEmpty else { return }
    var networks: [UInt64: [UInt32: NetworkEvaluation]] = [:]
    try StoreReader(folder).forEachEvaluation { record in
      if complete.contains(record.cell) {
        networks[record.cell, default: [:]][record.network] = NetworkEvaluation(record)
      }
    }
    stored = networks.mapValues { found in found.sorted { $0.key < $1.key }.map(\.value) }
  }

  func save(_ results: [NetworkEvaluation], of pair: EvaluationPair) throws {
    for record in pair.records(results, target: plan.targets[pair.target], level: level, launch: launch) {
      try store.append(record)
    }
    try store.tick()
  }

  func tick() throws { try store.tick() }

  func close() throws {
    manifest.launches[launch].ended = Build.timestamp()
    manifest.launches[launch].outcome = "done"
    try store.save(manifest)
    try store.close()
  }

  func abandon() { store.abandon() }
}

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

/// One launch of `evaluate` on one rank: every pair's networks are spread over all ranks, and rank 0 stores them some
/// at a time. SIGUSR1 to any rank ends it after the networks that are being tested.
struct EvaluationLaunch {
  private let request: EvaluationRequest
  private let world: Communicator
  private let folder: String?

  init(_ request: EvaluationRequest, world: Communicator, folder: String?) {
    self.request = request
    self.world = world
    self.folder = folder
  }

  /// - Parameter report: called on rank 0 with all results, unless a drain came before.
  /// - Returns: the exit code: 75 ("run the same command again") after a drain.
  func run(_ report: (EvaluationResults, SIMDLevel) throws -> Void) throws -> Int32 {
    let plan = request.plan
    let own = try SIMDLevel.resolve(environment: ProcessInfo.processInfo.environment)
    let lowest = SIMDLevel(code: Int(try world.allReduce([Int64(own.code)], .minimum)[0]))!
    let store =
      world.rank == 0
      ? try folder.map { try EvaluationStore($0, request, lowest: lowest, ranks: world.size) } : nil
    do {
      // Rank 0 says which level the folder was begun at and how many networks of each pair are stored.
      let opening = try world.broadcast(
        world.rank == 0
          ? [UInt8(store?.level.code ?? lowest.code)]
            + plan.pairs.flatMap { Self.bytes(store?.stored[$0.key]?.count ?? 0) } : [])
      let level = SIMDLevel(code: Int(opening[0]))!
      let team = WorldTeam(world) { try store?.tick() }
      var results: EvaluationResults = []
      var isDrained = false
      // Two contenders may do the same on one target, such as learned rules that both stayed at their start.
      var computed: [UInt64: [NetworkEvaluation]] = [:]
      for (place, pair) in plan.pairs.enumerated() where !isDrained {
        if let found = computed[pair.key] {
          results.append(found)
          continue
        }
        let start = Self.number(opening[(1 + 4 * place)..<(5 + 4 * place)])
        let before = store?.stored[pair.key] ?? []
        if start == plan.networks {
          results.append(before)
          continue
        }
        let found = try plan.run(pair, from: start, level: level, team: team) { first, some in
          try store?.save(some, from: first, of: pair)
          isDrained = try world.allReduce([Signals.seen().drain ? 1 : 0], .maximum)[0] == 1
          return !isDrained
        }
        if let found, start + found.count < plan.networks { break }
        results.append(found.map { before + $0 })
        if let found {
          computed[pair.key] = before + found
          try store?.finish(pair, before + found)
        }
      }
      let isWhole = results.count == plan.pairs.count
      try store?.close(isWhole ? "done" : "drained")
      if world.rank == 0 {
        if isWhole { try report(results, level) } else { printError(drainNote(pairs: results.count)) }
      }
      return isWhole ? 0 : 75
    } catch {
      store?.abandon()
      throw error
    }
  }
}

extension EvaluationLaunch {
  /// What is said after a drain.
  private func drainNote(pairs: Int) -> String {
    let state = "drained: \(pairs) of \(request.plan.pairs.count) tests done; "
    return folder == nil
      ? state
        + "nothing was kept, since there is no --out: give one, and the same command goes on where it stopped"
      : state + "run the same command again to go on"
  }

  /// A count of networks in four bytes, most significant first, and back.
  private static func bytes(_ count: Int) -> [UInt8] {
    (0..<4).reversed().map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
  }
  private static func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }
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
  /// Results that were there before, by key: those of networks 0, 1, ... as far as they go without a gap.
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
      let tasks = plan.targets.flatMap { $0.cell.settings.taskFiles.values.map { ($0.parts[0].asked, $0) } }
      try store.save(files: KeptFiles.files(of: Dictionary(tasks) { first, _ in first }))
      try store.save(manifest)
      try readStored(folder, keys)
    } catch {
      store.abandon()
      throw error
    }
  }

  private func readStored(_ folder: String, _ keys: Set<UInt64>) throws {
    guard keys.contains(where: { store.index.cells[$0] != nil }) else { return }
    var networks: [UInt64: [Int: NetworkEvaluation]] = [:]
    try StoreReader(folder).forEachEvaluation { record in
      if keys.contains(record.cell) {
        networks[record.cell, default: [:]][Int(record.network)] = NetworkEvaluation(record)
      }
    }
    for (key, found) in networks {
      var whole = (0..<found.count).prefix { found[$0] != nil }.map { found[$0]! }
      // All networks without the record that says so: the last is tested again, compared, and completes the pair.
      if store.index.cells[key]?.isComplete != true, whole.count == plan.networks { whole.removeLast() }
      stored[key] = whole
    }
  }

  func save(_ results: [NetworkEvaluation], from first: Int, of pair: EvaluationPair) throws {
    for record in pair.records(results, from: first, target: plan.targets[pair.target]) {
      try store.append(record)
    }
    try store.tick()
  }

  /// Says that a pair is complete.
  func finish(_ pair: EvaluationPair, _ results: [NetworkEvaluation]) throws {
    try store.append(
      pair.result(results, target: plan.targets[pair.target], level: level, launch: launch))
  }

  func tick() throws { try store.tick() }

  func close(_ outcome: String) throws {
    manifest.launches[launch].ended = Build.timestamp()
    manifest.launches[launch].outcome = outcome
    try store.save(manifest)
    try store.close()
  }

  func abandon() { store.abandon() }
}

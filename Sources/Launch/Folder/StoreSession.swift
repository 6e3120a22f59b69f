import Foundation
import Kernels
import ResultStore
import Sweep

/// One launch's hold on a result folder: its lock, the SIMD level the folder keeps, the plan in `sweep.json`, and this
/// launch at the end of the list there.
public final class StoreSession {
  public let store: StoreWriter
  /// The level the folder was begun at; all ranks must compute at it.
  public let level: SIMDLevel
  /// The number of this launch in `sweep.json`.
  public let launch: Int
  private var manifest: SweepManifest

  /// Opens the folder, making it where there is none, and writes down the plan and the beginning of this launch.
  ///
  /// - Parameters:
  ///   - sweepFile: the text that `sweep.yaml` is to hold.
  ///   - tasks: the tasks of files that the folder is to keep, by their paths.
  ///   - lowest: the best SIMD level that all ranks have.
  ///   - log: takes one line for each repair of the folder.
  ///   - plan: the manifest of what is to be run, from the one that was found (nil in a new folder); the launches in
  ///     it are replaced. What it throws leaves the folder as it was.
  /// - Throws: `StoreError`; `UsageError` where the folder was begun at a higher level than `lowest`.
  public init(
    _ folder: String, sweepFile: String, tasks: [String: TaskFile] = [:], lowest: SIMDLevel, ranks: Int,
    log: (String) -> Void,
    plan: (_ found: SweepManifest?, _ level: SIMDLevel) throws -> SweepManifest
  ) throws {
    store = try StoreWriter(folder, log: log)
    do {
      level = try Self.level(of: store.found, lowest: lowest, folder: folder)
      manifest = try plan(store.found, level)
      manifest.launches = store.found?.launches ?? []
      launch = manifest.launches.count
      manifest.launches.append(Build.provenance(ranks: ranks, level: level))
      try store.saveSweepFile(sweepFile)
      try store.save(files: KeptFiles.files(of: tasks))
      try store.save(manifest)
    } catch {
      store.abandon()
      throw error
    }
  }

  /// Writes down how the launch ended, seals the shards and releases the lock.
  public func close(_ outcome: String) throws {
    end(outcome)
    try store.save(manifest)
    try store.close()
  }

  /// To be called after an error: what is stored stays good, and the error becomes the outcome of the launch.
  public func abandon(_ error: any Error) {
    end("\(error)")
    try? store.save(manifest)
    store.abandon()
  }

  private func end(_ outcome: String) {
    manifest.launches[launch].ended = Build.timestamp()
    manifest.launches[launch].outcome = outcome
  }

  /// The level to compute at: a folder keeps the level it was begun at, since results of two levels differ in their last
  /// bits.
  /// - Throws: `StoreError` where the folder names no level; `UsageError` where not all ranks have its level.
  static func level(of found: SweepManifest?, lowest: SIMDLevel, folder: String) throws -> SIMDLevel {
    guard let found else { return lowest }
    guard let kept = SIMDLevel(rawValue: found.simd) else {
      throw StoreError(
        .damaged, "\(folder)/sweep.json names the SIMD level '\(found.simd)', which does not exist")
    }
    guard kept <= lowest else {
      throw UsageError(
        "the sweep in \(folder) was begun at SIMD level \(kept.rawValue), and at least one rank only has "
          + "\(lowest.rawValue). Results would differ in their last bits: run it on machines with \(kept.rawValue) "
          + "(and without a lower TRIFACTOR_SIMD), or begin a new folder")
    }
    return kept
  }
}

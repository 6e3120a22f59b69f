import Dynamics
import Experiment
import Foundation
import Kernels
import ResultStore
import Sweep

/// The stored records of one network of one cell, with what names them.
public struct NamedDynamics {
  public var cell: Cell
  /// Where the cell lies on the axes, without its seed.
  public var group: String
  public var network: Int
  /// By stage and condition, no input first.
  public var records: [DynamicsRecord]
}

/// One launch of `dynamics`: analyses fresh networks of cells that have ended, except those that the folder has.
public struct DynamicsLaunch {
  private let folder: String
  /// Random starts of each search.
  private let starts: Int
  /// Fixed points of each search whose linear dynamics are analysed.
  private let points: Int
  private let source: RuleSource

  /// - Throws: `UsageError` for a sweep file; `StoreError` for a damaged folder.
  public init(_ folder: String, starts: Int, points: Int) throws {
    self.folder = folder
    self.starts = starts
    self.points = points
    source = try RuleSource(folder)
    guard source.isFolder else {
      throw UsageError("\(folder) is a sweep file; wanted: the folder that was --out of `trifactor run`")
    }
  }

  /// - Parameters:
  ///   - keys: of the cells, or their first digits; none for all that have ended.
  ///   - environment: what may force a SIMD level.
  ///   - each: called with every network, whose dynamics are then computed even if the folder has them; nil to compute
  ///     only what is missing.
  /// - Returns: all of them, and how many were computed now.
  public func run(
    cells keys: [String], networks: [Int], environment: [String: String],
    each: ((CellDynamics) throws -> Void)?
  ) throws -> (found: [NamedDynamics], computed: Int) {
    let level = try level(environment)
    let chosen = try chosen(keys)
    var settings = FixedPointSettings()
    settings.starts = starts
    let store = try DynamicsStore(folder, starts: starts, points: points)
    var found: [NamedDynamics] = []
    var computed = 0
    do {
      for learned in chosen {
        let cell = source.cells[learned.place]
        for index in networks {
          var records = store.records(of: cell.key, network: index)
          if records == nil || each != nil {
            try store.keepLock()
            let dynamics = try CellDynamics(
              of: cell, learned: (learned.theta, learned.scale, learned.constants), network: index,
              settings: settings, limit: points, level: level, eachStage: store.keepLock)
            if records == nil {
              let made = dynamics.records(
                settings: settings, limit: points, level: level, program: Build.identity)
              try store.keep(dynamics, made, degree: learned.degree)
              records = made
              computed += 1
            }
            try each?(dynamics)
          }
          found.append(
            NamedDynamics(cell: cell, group: learned.groupLabel, network: index, records: records ?? []))
        }
      }
      try store.close()
    } catch {
      store.abandon()
      throw error
    }
    return (found, computed)
  }

  /// The level of the stored results, so that a lifetime computed here equals that of the evaluation bit for bit.
  private func level(_ environment: [String: String]) throws -> SIMDLevel {
    let name = try StoreReader(folder).manifest.simd
    guard let level = SIMDLevel(rawValue: name) else {
      throw StoreError(
        .damaged, "\(folder)/sweep.json: the SIMD level is '\(name)'; wanted: baseline, v3 or v4")
    }
    let own = try SIMDLevel.resolve(environment: environment)
    guard level <= own else {
      throw UsageError(
        "\(folder) was computed at SIMD level \(level.rawValue), here it is \(own.rawValue); "
          + "run this on a machine of that level")
    }
    return level
  }

  private func chosen(_ keys: [String]) throws -> [RuleSource.Learned] {
    guard !keys.isEmpty else { return source.learned }
    return try keys.map { text in
      let key = try CellChoice(text).cell(of: source.cells).key
      guard let learned = source.learned.first(where: { $0.key == key }) else {
        throw UsageError(
          "cell \(CanonicalForm.text(ofKey: key)) has no learned rule yet; "
            + "`trifactor status \(folder)` says how far it is")
      }
      return learned
    }
  }
}

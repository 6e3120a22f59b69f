import Experiment
import Foundation
import Model
import Plasticity
import ResultStore
import Sweep

/// A sweep file, or a result folder with the rules that were learned in it.
struct RuleSource {
  /// A rule as its cell's result holds it.
  struct Learned {
    /// Place of its cell in `cells`.
    var place: Int
    var key: UInt64
    /// The rival that was tuned, nil for a rule of theta.
    var rival: RivalRule?
    var degree: Int
    var theta: [Double]
    var scale: [Double]
    var constants: LocalConstants
    /// Those that `meta.learn` named.
    var learnedConstants: [LocalConstant: Double]
    /// Lifetimes of training and validation.
    var lifetimes: Int
    var seed: UInt64
    /// Where its cell lies on the axes, with and without the seed.
    var label: String
    var groupLabel: String
  }

  var name: String
  /// The sweep file as it was given.
  var text: String
  var isFolder: Bool
  var cells: [Cell]
  /// In the order of the cells; empty for a sweep file.
  var learned: [Learned] = []

  /// - Throws: `SweepFileError`, `StoreError`, or `UsageError` for a folder without a learned rule.
  /// - Parameter sent: files that another rank has read, by their paths in the sweep file.
  init(_ path: String, sent: [String: [UInt8]] = [:]) throws {
    isFolder = FileManager.default.fileExists(atPath: StoreFolder(path).manifest)
    guard isFolder else {
      let sweep = try SweepFile.load(path, schema: .trifactor, sent: sent)
      name = sweep.name
      text = String(decoding: sweep.bytes, as: UTF8.self)
      cells = sweep.cells
      return
    }
    let reader = try StoreReader(path)
    name = reader.manifest.name
    let copy = StoreFolder(path).sweepFile
    text = FileManager.default.contents(atPath: copy).map { String(decoding: $0, as: UTF8.self) } ?? ""
    // The copy knows the axes; without the rule files it names, the stored settings do.
    cells = try (try? SweepFile.load(copy, schema: .trifactor))?.cells ?? reader.manifest.sweepCells(of: path)
    let results = try reader.results()
    for (place, cell) in cells.enumerated() {
      guard let result = results[cell.key], result.status != .failed else { continue }
      learned.append(Learned(result, cell: cell, place: place))
    }
    guard !learned.isEmpty else {
      throw UsageError(
        description: "\(path) holds no learned rule yet: none of its \(cells.count) cells has ended. "
          + "`trifactor status \(path)` says how far it is")
    }
  }
}

extension RuleSource.Learned {
  fileprivate init(_ result: ResultRecord, cell: Cell, place: Int) {
    let names = cell.settings.meta.learn
    let constants = LocalConstants(values: result.constants)
    let searched = ConstantSetting.all.filter { names.contains($0.name) }.flatMap(\.constants)
    self.init(
      place: place, key: cell.key, rival: cell.settings.learner.rival,
      degree: Int(Double(result.theta.count).squareRoot()) - 1,
      theta: result.theta,
      scale: result.scale, constants: constants,
      learnedConstants: Dictionary(uniqueKeysWithValues: searched.map { ($0, constants[$0]) }),
      lifetimes: Int(result.lifetimes) - Int(result.evaluations), seed: cell.settings.seed, label: cell.label,
      groupLabel: cell.coordinates.filter { $0.path != "seed" }.map(\.text)
        .joined(separator: " "))
  }

  /// The rule, or the rival, with the constants that were learned.
  func contender(name: String, group: String, source: Int?) -> Contender {
    Contender(
      rival.map { .rival($0) } ?? .rule(degree: degree, theta: theta), name: name, group: group,
      source: source,
      trainingSeed: seed, gain: rival == nil ? 1 : theta[0], lifetimes: lifetimes, constants: learnedConstants
    )
  }
}

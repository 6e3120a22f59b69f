import Experiment
import Foundation
import Model
import Plasticity
import ResultStore
import Sweep

/// A sweep file, or a result folder with the rules that were learned in it.
public struct RuleSource {
  /// A rule as its cell's result holds it.
  public struct Learned {
    /// Place of its cell in `cells`.
    public var place: Int
    public var key: UInt64
    /// The rival that was tuned, nil for a rule of theta.
    public var rival: RivalRule?
    public var degree: Int
    public var theta: [Double]
    public var scale: [Double]
    public var constants: LocalConstants
    /// The settings of its cell.
    public var settings: Settings
    /// The values of the constants that `meta.learn` names.
    public var learnedConstants: [LocalConstant: Double]
    /// Lifetimes of training and validation.
    public var lifetimes: Int
    public var seed: UInt64
    /// Where its cell lies on the axes, with and without the seed.
    public var label: String
    public var groupLabel: String
  }

  public var name: String
  /// The sweep file as it was given.
  public var text: String
  public var isFolder: Bool
  public var cells: [Cell]
  /// In the order of the cells; empty for a sweep file.
  public var learned: [Learned] = []

  /// - Parameters:
  ///   - sent: files that another rank has read, by their paths in the sweep file.
  ///   - overrides: settings in place of those of the sweep file.
  /// - Throws: `SweepFileError`, `StoreError`, or `UsageError` for a folder without a learned rule and for one whose
  ///   settings are to be others.
  public init(_ path: String, sent: [String: [UInt8]] = [:], overrides: [SettingOverride] = []) throws {
    isFolder = try !StoreFolder(path).isNew()
    guard isFolder else {
      let sweep = try SweepFile.load(path, schema: .trifactor, sent: sent, overrides: overrides)
      name = sweep.name
      text = String(decoding: sweep.bytes, as: UTF8.self)
      cells = sweep.cells
      return
    }
    if let override = overrides.first {
      throw UsageError(
        "--set \(override.text) changes a sweep file, and \(path) is a folder of results, whose rules were learned with "
          + "the settings that it holds; give a sweep file, or leave --set out")
    }
    let reader = try StoreReader(path)
    name = reader.manifest.name
    let copy = StoreFolder(path).sweepFile
    let isThere = FileDoor.kind(of: copy) == .file
    text = isThere ? (try? InputFile.bytes(of: copy)).map { String(decoding: $0, as: UTF8.self) } ?? "" : ""
    let planned = reader.manifest.cells
    guard planned.first?.settings["evaluate.contender"] == nil else {
      throw UsageError(
        "\(path) holds the tests of `trifactor evaluate`, which learned nothing; give the --out of a `trifactor run`"
      )
    }
    // The copy knows the axes. Where it is not the file of this plan, or without the rule files it names, the stored
    // settings are what counts.
    let copied = isThere ? (try? SweepFile.load(copy, schema: .trifactor))?.cells ?? [] : []
    let keys = Set(copied.map(\.key))
    cells =
      planned.allSatisfy { keys.contains($0.key) } && !copied.isEmpty
      ? copied : try reader.manifest.sweepCells(of: path)
    guard !cells.isEmpty else {
      throw UsageError("\(path) has a plan without cells, so there is no rule in it")
    }
    let results = try reader.results()
    for (place, cell) in cells.enumerated() {
      guard let result = results[cell.key], result.status != .failed else { continue }
      learned.append(Learned(result, cell: cell, place: place))
    }
    guard !learned.isEmpty else {
      throw UsageError(
        "\(path) holds no learned rule yet: none of its \(cells.count) cells has ended. "
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
      degree: cell.settings.rule.degree,
      theta: result.theta,
      scale: result.scale, constants: constants, settings: cell.settings,
      learnedConstants: Dictionary(uniqueKeysWithValues: searched.map { ($0, constants[$0]) }),
      lifetimes: Int(result.lifetimes) - Int(result.evaluations), seed: cell.settings.seed, label: cell.label,
      groupLabel: cell.coordinates.filter { $0.path != "seed" }.map(\.text)
        .joined(separator: " "))
  }

  /// The rule as a file that lacks nothing.
  public func file(provenance: [String]) -> RuleFile {
    var file = RuleFile(
      degree: degree, theta: theta, scale: scale,
      plastic: settings.rule.plastic == [.recurrent] ? nil : settings.rule.plastic,
      hasThetaByLayer: !settings.rule.shape.layers.isEmpty, provenance: provenance)
    for constant in LocalConstant.allCases where settings.rule.uses(constant) {
      file.constants[constant] = constants[constant]
      let start = settings.constants[constant]
      if start != constants[constant] { file.calibration[constant] = start }
    }
    file.exploration = settings.exploration.kind
    if constants[.traceMean] > 0 { file.traceMeanBy = settings.rule.traceMeanBy }
    file.critic = settings.rule.critic
    file.normalise = settings.rule.normalise
    return file
  }

  /// The rule, or the rival, with the constants that were learned.
  public func contender(name: String, group: String, source: Int?) -> Contender {
    Contender(
      rival.map { .rival($0) } ?? .rule(degree: degree, theta: theta, layers: settings.rule.shape.layers),
      name: name, group: group,
      source: source,
      trainingSeed: seed, gain: rival == nil ? 1 : theta[0], lifetimes: lifetimes,
      constants: learnedConstants,
      frame: RuleFrame(settings))
  }
}

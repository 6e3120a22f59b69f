import Ablation
import Experiment
import Foundation
import Model
import Plasticity
import ResultStore
import Sweep

/// What `compare --against` was asked for, checked: every rank makes the same one before MPI starts.
public struct FairRequest {
  public var plan: FairPlan
  public var sweep: SweepFile
  /// The folder beside the results, with the searches and the tests in it.
  public var out: String
  public var networks: Int
  public var metric: Metric
  public var resamples: Int

  /// - Parameters:
  ///   - folder: results with learned rules, complete.
  ///   - text: the rival: a hand-made rule, a rival learner or a rule file.
  ///   - tuned: the rival's constants to tune, as `meta.learn` names them; empty for all that have an effect.
  ///   - starts: factors of eta where its searches begin.
  ///   - filters: which cells of the folder are compared.
  ///   - bestOf: a setting with several starts, of which the best on validation counts.
  /// - Throws: `UsageError` for an unknown rule and for results that are not complete, and what reading throws.
  public init(
    folder: String, rule text: String, tuned: [String], starts: [Double], out: String?, networks: Int,
    metric: Metric, filters: [SettingFilter], bestOf: String?, resamples: Int
  ) throws {
    let rival = try RivalSearch(naming: text, tuned: tuned)
    let chosen = try Self.rules(of: folder, filters: filters, bestOf: bestOf)
    plan = try FairPlan(chosen, rival: rival, starts: starts)
    self.out = out ?? "\(folder)/against-\(rival.name)"
    self.networks = networks
    self.metric = metric
    self.resamples = resamples
    sweep = SweepFile(
      name: "against-\(rival.name)",
      question: "How good is \(rival.name), tuned as hard as the rules of \(folder)?",
      cells: plan.cells,
      text: "# These cells were made by `trifactor compare \(folder) --against \(text) --equal-budget`.\n")
  }

  /// The learned rules of a folder that is complete, in the order of its cells; tuned rivals are left out.
  private static func rules(of folder: String, filters: [SettingFilter], bestOf: String?) throws -> [FairRule]
  {
    let selection = try LoadedOutcomes(folders: [folder]).selection
    let wanted: OutcomeSelection
    do {
      wanted = try selection.filtered(filters)
    } catch let error as AblationError {
      throw UsageError(error.description)
    }
    let missing = wanted.cells.filter { $0.status == .unfinished || $0.status == .failed }
    guard missing.isEmpty else {
      let named = missing.prefix(5).map { "\(hex($0.key)) (\($0.status.rawValue))" }.joined(separator: ", ")
      throw UsageError(
        "\(missing.count) of \(wanted.cells.count) cells of \(folder) have no learned rule: \(named)"
          + (missing.count > 5 ? ", ..." : "")
          + ". Finish the sweep by `trifactor run` (--retry failed), or leave cells out by --where PATH=VALUE"
      )
    }
    let source = try RuleSource(folder)
    let spent = try chosen(wanted, bestOf: bestOf)
    let rules = source.learned.filter { spent[$0.key] != nil && $0.rival == nil }.map { one in
      let cell = source.cells[one.place]
      let telling = cell.coordinates.filter { $0.path != "seed" && $0.path != bestOf }
      let label = telling.map(\.text).joined(separator: " ")
      let group = label.isEmpty ? TaskFile.shownName(cell.settings.tasks.joined(separator: "+")) : label
      return FairRule(
        cell: cell, group: group, lifetimes: one.lifetimes, spent: spent[one.key],
        contender: one.contender(name: group, group: group, source: nil))
    }
    guard !rules.isEmpty else {
      throw UsageError(
        "\(folder) holds no learned rule of theta to compare: all of its cells tune rivals")
    }
    return rules
  }
}

extension FairRequest {
  /// The cells to compare, and the lifetimes that found each: of several starts the best, and what all of them took.
  private static func chosen(_ wanted: OutcomeSelection, bestOf: String?) throws -> [UInt64: Int] {
    do {
      let best = try bestOf.map { try wanted.best(of: $0) } ?? wanted
      return Dictionary(uniqueKeysWithValues: best.cells.map { ($0.key, Int($0.searchLifetimes)) })
    } catch let error as AblationError {
      throw UsageError(error.description)
    }
  }
}

extension RivalSearch {
  /// A hand-made rule, a rival learner or a rule file.
  /// - Throws: `UsageError` for a name that is none of them, `SweepFileError` for a wrong rule file.
  public init(naming text: String, tuned: [String]) throws {
    if let named = HandMadeRule.named(text) {
      self.init(name: text, kind: .rule(degree: named.degree, theta: named.theta), tuned: tuned)
    } else if let rival = RivalRule(rawValue: text) {
      self.init(name: text, kind: .rival(rival), tuned: tuned)
    } else if FileManager.default.fileExists(atPath: text) {
      let file = try RuleFile.load(text)
      let name = URL(fileURLWithPath: text).deletingPathExtension().lastPathComponent
      self.init(
        name: name, kind: .rule(degree: file.degree, theta: file.theta, layers: file.layers),
        constants: file.constants,
        tuned: tuned, frame: RuleFrame(file))
      note = file.assumption(file: text, source: "the cells that it is compared with")
    } else {
      let names = HandMadeRule.all.map(\.name) + RivalRule.allCases.map(\.rawValue)
      throw UsageError(
        "--against '\(text)' is neither a rule file nor one of \(names.joined(separator: ", "))")
    }
  }
}

import Ablation
import Experiment
import Foundation
import Model
import Plasticity
import ResultStore
import Sweep

/// What `compare --against` was asked for, checked: every rank makes the same one before MPI starts.
struct FairRequest {
  var plan: FairPlan
  var sweep: SweepFile
  /// The folder beside the results, with the searches and the tests in it.
  var out: String
  var networks: Int
  var metric: Metric
  var format: TableFormat
  var resamples: Int

  /// - Throws: `UsageError` for an unknown rule and for results that are not complete, and what reading throws.
  init(
    folder: String, rule text: String, tuned: [String], starts: [Double], out: String?, networks: Int,
    outcomes: OutcomeOptions
  ) throws {
    let rival = try RivalSearch(naming: text, tuned: tuned)
    let chosen = try Self.rules(of: folder, filters: try outcomes.settingFilters(), bestOf: outcomes.bestOf)
    plan = try FairPlan(chosen, rival: rival, starts: starts)
    self.out = out ?? "\(folder)/against-\(rival.name)"
    self.networks = networks
    metric = outcomes.metric
    format = outcomes.format
    resamples = outcomes.resamples
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
      throw UsageError(description: error.description)
    }
    let missing = wanted.cells.filter { $0.status == .unfinished || $0.status == .failed }
    guard missing.isEmpty else {
      let named = missing.prefix(5).map { "\(hex($0.key)) (\($0.status.rawValue))" }.joined(separator: ", ")
      throw UsageError(
        description:
          "\(missing.count) of \(wanted.cells.count) cells of \(folder) have no learned rule: \(named)"
          + (missing.count > 5 ? ", ..." : "")
          + ". Finish the sweep by `trifactor run` (--retry failed), or leave cells out by --where PATH=VALUE"
      )
    }
    let source = try RuleSource(folder)
    let spent = try Self.chosen(wanted, bestOf: bestOf)
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
        description: "\(folder) holds no learned rule of theta to compare: all of its cells tune rivals")
    }
    return rules
  }
}

extension FairRequest {
  /// The cells to compare, and the lifetimes that found each: of several starts the best, and what all of them took.
  fileprivate static func chosen(_ wanted: OutcomeSelection, bestOf: String?) throws -> [UInt64: Int] {
    do {
      let best = try bestOf.map { try wanted.best(of: $0) } ?? wanted
      return Dictionary(uniqueKeysWithValues: best.cells.map { ($0.key, Int($0.searchLifetimes)) })
    } catch let error as AblationError {
      throw UsageError(description: error.description)
    }
  }
}

extension RivalSearch {
  /// A hand-made rule, a rival learner or a rule file.
  /// - Throws: `UsageError` for a name that is none of them, `SweepFileError` for a wrong rule file.
  init(naming text: String, tuned: [String]) throws {
    if let named = HandMadeRule.named(text) {
      self.init(name: text, kind: .rule(degree: named.degree, theta: named.theta), tuned: tuned)
    } else if let rival = RivalRule(rawValue: text) {
      self.init(name: text, kind: .rival(rival), tuned: tuned)
    } else if FileManager.default.fileExists(atPath: text) {
      let file = try RuleFile.load(text)
      let name = URL(fileURLWithPath: text).deletingPathExtension().lastPathComponent
      self.init(
        name: name, kind: .rule(degree: file.degree, theta: file.theta), constants: file.constants,
        tuned: tuned)
    } else {
      let names = HandMadeRule.all.map(\.name) + RivalRule.allCases.map(\.rawValue)
      throw UsageError(
        description: "--against '\(text)' is neither a rule file nor one of \(names.joined(separator: ", "))")
    }
  }
}

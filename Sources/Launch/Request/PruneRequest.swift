import Experiment
import Foundation
import Model
import ResultStore
import Sweep

/// What `rule --prune` was asked for, checked: every rank makes the same one before MPI starts.
public struct PruneRequest {
  public var sweepName: String
  public var learned: RuleSource.Learned
  public var pruning: Pruning
  /// The folder of the searches and tests.
  public var out: String
  /// How much less late reward a smaller rule may have.
  public var margin: Double
  public var networks: Int
  public var resamples: Int

  /// - Parameters:
  ///   - folder: results with learned rules.
  ///   - cell: the key of one of its cells, or its first digits.
  ///   - lifetimes: of every search; nil for as many as the search that found the rule.
  /// - Throws: `UsageError` for a source without such a rule, and what reading throws.
  public init(
    folder: String, cell: String?, lifetimes: Int?, out: String?, margin: Double, networks: Int,
    resamples: Int
  ) throws {
    guard try !StoreFolder(folder).isNew() else {
      throw UsageError(
        "--prune takes a folder of results, and '\(folder)' is none; give the --out of a `run`")
    }
    let source = try RuleSource(folder)
    guard cell != nil || source.cells.count == 1 else {
      throw UsageError(
        "--prune takes one rule, and \(folder) has \(source.cells.count) cells; choose one by --cell KEY")
    }
    let chosen = try CellChoice(cell).cell(of: source.cells)
    guard let learned = source.learned.first(where: { $0.key == chosen.key }) else {
      throw UsageError(
        "cell \(chosen.keyText) has no learned rule yet; `trifactor status \(folder)` says why")
    }
    if let rival = learned.rival {
      throw UsageError(
        "cell \(chosen.keyText) learns by \(rival.rawValue), which has no terms to prune; choose another by --cell KEY"
      )
    }
    guard learned.theta.contains(where: { $0 != 0 }) else {
      throw UsageError("the rule of cell \(chosen.keyText) has no term that is not 0, so none to prune")
    }
    sweepName = source.name
    self.learned = learned
    pruning = Pruning(chosen, lifetimes: lifetimes ?? max(1, learned.lifetimes))
    self.out = out ?? "\(folder)/pruned-\(chosen.keyText)"
    self.margin = margin
    self.networks = networks
    self.resamples = resamples
  }

  /// The searches as a sweep.
  func sweep(_ cells: [Cell]) -> SweepFile {
    SweepFile(
      name: "prune-\(pruning.learned.keyText)",
      question: "Which terms does the rule of cell \(pruning.learned.keyText) need?", cells: cells,
      text:
        "# These cells were made by `trifactor rule --prune` from cell \(pruning.learned.keyText) of the sweep "
        + "\(sweepName).\n")
  }
}

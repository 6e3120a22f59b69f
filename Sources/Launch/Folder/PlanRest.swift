import ResultStore
import Sweep

/// What a run of a sweep into a folder of results would still have to do.
public struct PlanRest {
  public let folder: String
  /// How the plan differs from the sweep that was last run into the folder; nil for a new folder.
  public let difference: PlanDifference?
  /// True where the plan has no cell of that sweep.
  public let replacesEverything: Bool
  public let done: Int
  /// Cells that ended as diverged or failed; run again by `--retry` only.
  public let ended: Int
  /// Cells without a result of which something is stored.
  public let begun: Int
  /// The cells without a result.
  public let left: Plan

  /// - Throws: `StoreError` for a damaged folder.
  public init(of plan: Plan, in folder: String) throws {
    self.folder = folder
    guard try !StoreFolder(folder).isNew() else {
      difference = nil
      replacesEverything = false
      (done, ended, begun, left) = (0, 0, 0, plan)
      return
    }
    let reader = try StoreReader(folder)
    let index = reader.index
    difference = PlanDifference(old: reader.manifest.cells.map(\.key), new: plan.cells.map(\.cell.key))
    replacesEverything = difference?.unchanged.isEmpty == true && !reader.manifest.cells.isEmpty
    let histories = plan.cells.map { index.cells[$0.cell.key] }
    func hasEnded(_ history: CellHistory?) -> Bool { history?.isComplete ?? false }
    done = histories.count { hasEnded($0) && $0?.status == .done }
    ended = histories.count { hasEnded($0) && $0?.status != .done }
    begun = histories.count { $0 != nil && !hasEnded($0) }
    left = plan.filter { !hasEnded(index.cells[$0.key]) }
  }
}

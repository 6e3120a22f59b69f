import ResultStore
import Sweep

/// What a run of a sweep into a folder of results would still have to do.
struct PlanRest {
  let folder: String
  /// Against the sweep that was last run into the folder; nil for a new folder.
  let difference: PlanDifference?
  /// True where no cell of that sweep is left.
  let replacesEverything: Bool
  let done: Int
  /// Cells that ended as diverged or failed; run again by `--retry` only.
  let ended: Int
  /// Cells of which something is stored.
  let begun: Int
  /// The cells without a result.
  let left: Plan

  /// - Throws: `StoreError` for a damaged folder.
  init(of plan: Plan, in folder: String) throws {
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

  var lines: [String] {
    guard let difference else { return ["\(folder) is new: all of them would run"] }
    let change = difference.isEmpty ? "the same cells as before" : difference.summary
    return [
      "in \(folder): \(change)" + (replacesEverything ? ": a run asks for --replace, or another folder" : ""),
      "\(done) done, \(ended) diverged or failed, \(begun) begun; left: "
        + "\(PlanReport.count(left.cells.count, "cell")), \(PlanReport.threeDigits(left.gigaflop)) GFLOP",
    ]
  }

  struct JSON: Encodable {
    var folder: String
    var added: Int?
    var removed: Int?
    var unchanged: Int?
    var done: Int
    var ended: Int
    var begun: Int
    var left: [String]
  }

  var json: JSON {
    JSON(
      folder: folder, added: difference?.added.count, removed: difference?.removed.count,
      unchanged: difference?.unchanged.count, done: done, ended: ended, begun: begun,
      left: left.cells.map(\.cell.keyText))
  }
}

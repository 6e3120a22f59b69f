import Kernels
import ResultStore
import Sweep

/// What of a plan is left to do, given what the store holds.
struct WorkList {
  var items: [SweepItem] = []
  private var finished = 0
  private var resumed = 0
  private var keptFailed = 0
  private var keptDiverged = 0
  private let total: Int

  /// - Parameter retry: ends that are run again.
  init(plan: Plan, store: StoreWriter, retry: Set<CellStatus>) throws {
    total = plan.cells.count
    for (place, planned) in plan.cells.enumerated() {
      let history = store.index.cells[planned.cell.key]
      if let history, let status = history.status, history.isComplete, !retry.contains(status) {
        switch status {
        case .done: finished += 1
        case .diverged: keptDiverged += 1
        case .failed: keptFailed += 1
        }
        continue
      }
      // A cell that is tried again after its end begins anew; one that was interrupted goes on.
      let state = history?.status == nil ? try store.state(of: planned.cell.key) : nil
      if state != nil { resumed += 1 }
      let iterations = max(1, planned.cell.settings.meta.iterations)
      let left = 1 - Double(state == nil ? 0 : history!.stateIteration) / Double(iterations)
      items.append(SweepItem(cell: place, cost: planned.gigaflop * max(left, 0.05), state: state))
    }
  }

  func summary(of name: String, folder: String, ranks: Int, level: SIMDLevel) -> String {
    var parts = ["\(items.count) of \(total) cells to run"]
    if resumed > 0 { parts.append("\(resumed) of them from a stored state") }
    if finished > 0 { parts.append("\(finished) done before") }
    if keptDiverged > 0 { parts.append("\(keptDiverged) diverged (--retry diverged runs them again)") }
    if keptFailed > 0 { parts.append("\(keptFailed) failed (--retry failed runs them again)") }
    return "sweep \(name) in \(folder), \(ranks) rank\(ranks == 1 ? "" : "s"), SIMD \(level.rawValue): "
      + parts.joined(separator: ", ")
  }
}

import Launch
import Sweep

extension PlanRest {
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

import Foundation
import Launch
import Model
import Sweep

/// A plan as text, JSON or a Slurm command.
public struct PlanReport {
  let sweep: SweepFile
  let path: String
  /// The folder of results, where one was given.
  let out: String?
  let plan: Plan
  /// What is left of it in a folder of results.
  let rest: PlanRest?
  let ranks: Int
  let ranksPerCell: Int
  let speed: CoreSpeed

  /// - Parameter path: of the sweep file.
  public init(
    sweep: SweepFile, path: String, out: String?, plan: Plan, rest: PlanRest?, ranks: Int, ranksPerCell: Int,
    speed: CoreSpeed
  ) {
    self.sweep = sweep
    self.path = path
    self.out = out
    self.plan = plan
    self.rest = rest
    self.ranks = ranks
    self.ranksPerCell = ranksPerCell
    self.speed = speed
  }

  /// Wall time of the cells that are left.
  private var wallSeconds: Double {
    (rest?.left ?? plan).wallSeconds(ranks: ranks, ranksPerCell: ranksPerCell, at: speed)
  }

  /// Credited GFLOP/s a core over all cells of a plan; 0 where there are none.
  private func rate(_ plan: Plan) -> Double {
    plan.cells.isEmpty ? 0 : plan.gigaflop / (3600 * plan.coreHours(at: speed))
  }

  /// Seconds of a cell that a crash may cost without a warning: longer than the time between two stored states.
  private static let usualLoss = 10.0

  /// Cells shown of a long plan, at each end.
  private static let shownAtEnds = 10

  public func lines(all: Bool) -> [String] {
    var lines = ["sweep \(sweep.name)" + (sweep.question.isEmpty ? "" : ": \(sweep.question)")]
    for axis in sweep.axes { lines.append("  \(Self.summary(of: axis))") }
    lines += ["", Self.row("key", "GFLOP", "MB/rank", "cell")]
    let cells = plan.cells
    let skipped = all ? 0 : max(0, cells.count - 2 * Self.shownAtEnds)
    for (place, planned) in cells.enumerated() {
      if skipped > 1 {
        if place == Self.shownAtEnds { lines.append("... \(skipped) more cells (--all lists them)") }
        if place >= Self.shownAtEnds && place < Self.shownAtEnds + skipped { continue }
      }
      lines.append(
        Self.row(
          planned.cell.keyText, Self.threeDigits(planned.gigaflop), Self.threeDigits(planned.bytes / 1e6),
          planned.cell.label))
    }
    let left = rest?.left ?? plan
    lines += [
      "",
      "\(Self.count(cells.count, "cell")), \(Self.threeDigits(plan.gigaflop)) GFLOP, at most "
        + "\(Self.threeDigits(plan.bytes / 1e6)) MB a rank for a cell",
    ]
    lines += rest?.lines ?? []
    guard !left.cells.isEmpty else { return lines + ["nothing is left to run"] }
    lines += [
      "\(Self.threeDigits(left.coreHours(at: speed))) core hours at \(Self.threeDigits(rate(left))) GFLOP/s a core"
        + (speed == .standard
          ? ", as a fast one with AVX-512 does; others take up to twice as long (--measured)" : ""),
      "about \(Self.duration(wallSeconds)) on \(Self.count(ranks, "rank"))"
        + (ranksPerCell > 1 ? ", \(ranksPerCell) to a cell" : "") + ", longest cell first",
    ]
    let iteration = left.cells.map { $0.cost.longestIteration(ranks: ranksPerCell, at: speed) }.max() ?? 0
    if iteration > Self.usualLoss {
      lines.append(
        "a meta-iteration takes up to \(Self.duration(iteration)): a crash repeats the one it interrupts, from its beginning"
      )
    }
    return lines + engineHint(left)
  }

  /// Where the other engine has the same gradient in much less time: the forward one is for cells whose lifetimes several
  /// ranks share, and for lifetimes too long for a tape.
  private func engineHint(_ plan: Plan) -> [String] {
    let others = plan.cells.compactMap { planned -> (own: Double, adjoint: Double)? in
      guard ranksPerCell <= planned.cost.settings.meta.lifetimes, let other = planned.cost.byAdjoint else {
        return nil
      }
      return (planned.cost.seconds(at: speed), other.seconds(at: speed))
    }
    let own = others.reduce(0) { $0 + $1.own }
    let share = others.reduce(0) { $0 + $1.adjoint } / own
    guard !others.isEmpty, share < Self.worthASwitch else { return [] }
    return [
      "by `engine: adjoint`, which has the same gradient, \(Self.count(others.count, "cell")) would take about "
        + "\(Self.threeDigits(share)) of that time"
    ]
  }

  /// Above this share of the time, the other engine is not worth a word.
  private static let worthASwitch = 0.7

  /// The longest job, in days; no batch system allows more.
  private static let longestJob = 3650.0

  /// Half as much time again and five minutes, twice the memory and 300 MB, both rounded up; three times the time where
  /// nothing is known of the cores.
  /// - Throws: `UsageError` for a sweep that would take ten years.
  public func sbatchLine() throws -> String {
    guard wallSeconds < Self.longestJob * 86400 else {
      throw UsageError(
        "the sweep would take \(Self.duration(wallSeconds)) on \(Self.count(ranks, "rank")), and no batch system runs a "
          + "job for so long; give --ranks more, or make the cells smaller")
    }
    let reserve = speed == .standard ? 3.0 : 1.5
    let minutes = Int(((wallSeconds * reserve + 300) / 300).rounded(.up)) * 5
    let time = String(format: "%d-%02d:%02d:00", minutes / 1440, minutes / 60 % 24, minutes % 60)
    let megabytes = Int(((plan.bytes * 2 / 1e6 + 300) / 100).rounded(.up)) * 100
    return
      "sbatch \(Self.word("--job-name=\(sweep.name)")) --ntasks=\(ranks) --cpus-per-task=1 --time=\(time) "
      + "--mem-per-cpu=\(megabytes)M slurm/sweep.sbatch \(Self.path(path)) \(Self.path(out ?? "out/\(sweep.name)"))"
      + (ranksPerCell > 1 ? " --ranks-per-cell \(ranksPerCell)" : "")
      + sweep.overrides.map { " --set \(Self.word($0.text))" }.joined()
  }

  /// One word of a shell command: in single quotes where the shell would take it for anything else.
  private static func word(_ text: String) -> String {
    let isPlain =
      !text.isEmpty
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "/._-+=:,@%".utf8.contains(byte)
        }
      }
    return isPlain ? text : "'" + text.replacing("'", with: "'\\''") + "'"
  }

  /// A path as a word; one that begins like an option is a path all the same.
  private static func path(_ path: String) -> String { word(path.hasPrefix("-") ? "./" + path : path) }

  public func json() throws -> String {
    let object = JSONPlan(
      name: sweep.name, question: sweep.question, ranks: ranks, ranks_per_cell: ranksPerCell,
      rate: rate(plan), gflop: plan.gigaflop, bytes_per_rank: plan.bytes,
      core_hours: plan.coreHours(at: speed),
      wall_seconds: wallSeconds, rest: rest?.json, warnings: sweep.warnings.map(\.description),
      axes: sweep.axes.map { axis in
        JSONAxis(settings: axis.paths, values: axis.points.map { $0.map(\.description) })
      },
      cells: plan.cells.map { planned in
        JSONCell(
          key: planned.cell.keyText, gflop: planned.gigaflop, bytes_per_rank: planned.bytes,
          axes: Dictionary(uniqueKeysWithValues: planned.cell.coordinates.map { ($0.path, $0.value) }),
          settings: CanonicalForm.values(of: planned.cell.settings))
      })
    return try printedJSON(object)
  }

  private static func summary(of axis: Axis) -> String {
    let columns = axis.paths.indices.map { column in
      let values = axis.points.map { TaskFile.shownName($0[column].description) }
      let shown = values.count > 8 ? values.prefix(3) + ["..."] + values.suffix(1) : values[...]
      return "\(axis.paths[column]): \(shown.joined(separator: ", "))"
        + (values.count > 8 ? " (\(values.count))" : "")
    }
    return columns.joined(separator: "  with  ")
  }

  private static func row(_ key: String, _ work: String, _ memory: String, _ label: String) -> String {
    func pad(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    return key + String(repeating: " ", count: max(0, 16 - key.count)) + pad(work, 10) + pad(memory, 10)
      + "  " + label
  }

  static func count(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  static func threeDigits(_ number: Double) -> String {
    number >= 1000 ? String(format: "%.0f", number) : String(format: "%.3g", number)
  }

  /// `45 s`, `12 min`, `3.4 h` or `2.5 days`.
  static func duration(_ seconds: Double) -> String {
    switch seconds {
    case ..<90: String(format: "%.0f s", max(1, seconds))
    case ..<5400: String(format: "%.0f min", seconds / 60)
    case ..<172_800: String(format: "%.1f h", seconds / 3600)
    default: String(format: "%.1f days", seconds / 86400)
    }
  }
}

private struct JSONPlan: Encodable {
  var name: String
  var question: String
  var ranks: Int
  var ranks_per_cell: Int
  var rate: Double
  var gflop: Double
  var bytes_per_rank: Double
  var core_hours: Double
  var wall_seconds: Double
  var rest: PlanRest.JSON?
  var warnings: [String]
  var axes: [JSONAxis]
  var cells: [JSONCell]
}

private struct JSONAxis: Encodable {
  var settings: [String]
  var values: [[String]]
}

private struct JSONCell: Encodable {
  var key: String
  var gflop: Double
  var bytes_per_rank: Double
  var axes: [String: String]
  var settings: [String: String]
}

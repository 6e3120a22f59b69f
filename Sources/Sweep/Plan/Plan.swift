import HeapModule
import Model

/// What a sweep will cost, cell by cell, before anything runs.
public struct Plan: Sendable {
  public let cells: [PlannedCell]

  /// - Parameter schema: the one that the cells were made with.
  /// - Throws: `SettingsProblem` where a task refuses its settings (never for the cells of a read `SweepFile`).
  public init(_ cells: [Cell], schema: SettingsSchema, ranksPerCell: Int = 1) throws {
    var shapes: [String: [TaskShape]] = [:]
    self.cells = try cells.map { cell in
      let settings = cell.settings
      let identity =
        "\(settings.tasks) \(settings.form) \(settings.options.sorted { $0.key < $1.key }) \(settings.time)"
      let shape = try shapes[identity] ?? schema.shapes(of: settings)
      shapes[identity] = shape
      let model = CostModel(settings, shapes: shape)
      return PlannedCell(
        cell: cell, cost: model, gigaflop: model.gigaflop, bytes: model.bytes(ranksPerCell: ranksPerCell))
    }
  }

  private init(cells: [PlannedCell]) { self.cells = cells }

  /// The plan of some of its cells.
  public func filter(_ isKept: (Cell) -> Bool) -> Plan { Plan(cells: cells.filter { isKept($0.cell) }) }

  public var gigaflop: Double { cells.reduce(0) { $0 + $1.gigaflop } }

  /// Bytes of the largest cell, on each rank.
  public var bytes: Double { cells.map(\.bytes).max() ?? 0 }

  /// Core hours of everything.
  public func coreHours(at speed: CoreSpeed) -> Double {
    cells.reduce(0) { $0 + $1.cost.seconds(at: speed) } / 3600
  }

  /// Places in `cells`, the longest first; equal cells in their own order.
  public var longestFirst: [Int] {
    cells.indices.sorted { (-cells[$0].gigaflop, $0) < (-cells[$1].gigaflop, $1) }
  }

  /// Wall seconds of a run: the longest cell goes to the team that is free first.
  ///
  /// - Parameter ranksPerCell: ranks of a team; the last team may be smaller. A team takes as long as its rank with most
  ///   to do.
  public func wallSeconds(ranks: Int, ranksPerCell: Int = 1, at speed: CoreSpeed) -> Double {
    invariant(ranks > 0 && ranksPerCell > 0, "ranks and ranks per cell must be above 0")
    var sizes = [Int](repeating: ranksPerCell, count: ranks / ranksPerCell)
    if !ranks.isMultiple(of: ranksPerCell) { sizes.append(ranks % ranksPerCell) }
    var free = EarliestFree(sizes)
    for place in longestFirst {
      free.assign { cells[place].cost.seconds(ranks: $0, at: speed) }
    }
    return free.latest
  }
}

/// A cell and its costs.
public struct PlannedCell: Sendable {
  public var cell: Cell
  public var cost: CostModel
  public var gigaflop: Double
  /// On every rank that works on it.
  public var bytes: Double
}

/// Teams by the time at which they are free, equal times in their own order.
private struct EarliestFree {
  private struct Team: Comparable {
    var time: Double
    var place: Int
    var ranks: Int

    static func < (a: Team, b: Team) -> Bool { (a.time, a.place) < (b.time, b.place) }
  }

  private var teams: Heap<Team>
  private(set) var latest = 0.0

  /// - Parameter sizes: ranks of each team; at least one team.
  init(_ sizes: [Int]) {
    teams = Heap(sizes.enumerated().map { Team(time: 0, place: $0, ranks: $1) })
  }

  /// Gives work to the first free team; `seconds` is the time that a team of so many ranks takes.
  mutating func assign(_ seconds: (Int) -> Double) {
    guard var team = teams.min else { return }
    team.time += seconds(team.ranks)
    latest = max(latest, team.time)
    teams.replaceMin(with: team)
  }
}

/// How the cells of a changed sweep file relate to those of the run it belongs to.
public struct PlanDifference: Sendable, Equatable {
  /// Keys that only the new file has, in its order.
  public var added: [UInt64]
  /// Keys that only the old file had, in its order. Their results stay in the store; tables leave them out.
  public var removed: [UInt64]
  public var unchanged: [UInt64]

  public init(old: [UInt64], new: [UInt64]) {
    let olds = Set(old)
    let news = Set(new)
    added = new.filter { !olds.contains($0) }
    unchanged = new.filter(olds.contains)
    removed = old.filter { !news.contains($0) }
  }

  public var isEmpty: Bool { added.isEmpty && removed.isEmpty }

  /// `12 cells added, 3 removed, 40 unchanged`.
  public var summary: String {
    "\(added.count) cells added, \(removed.count) removed, \(unchanged.count) unchanged"
  }
}

import HeapModule
import Model

/// Decides which team runs which cell. A pure state machine: events in, actions out; no clock, no IO.
///
/// Longest cell first. A team holds at most two cells: the one it runs and the next, so that it never waits for rank 0
/// between them. The next cell is handed out early only where that does not spoil the balance: while enough work is
/// waiting to even out any difference, or when the running cell is nearly done. When nothing is waiting any more and a
/// team is idle, the longest cell that another team holds but has not begun is asked back.
///
/// Items are those of the work list (`WorkNumber`), one cell each; every item ends (finished or failed) exactly once.
/// During a drain nothing is handed out, and an item that its team gives up stays unfinished.
///
/// Where items say how many teams can share them, idle teams help running ones once nothing is waiting, always with the
/// item that has the most work left for each of its teams. Helpers are free again when the item ends.
public struct Scheduler: Sendable {
  public enum Event: Equatable, Sendable {
    /// All ranks of the team are there.
    case ready(team: Int)
    /// The team is at work on the first cell it holds, of whose cost so much is left.
    case working(team: Int, left: Double)
    /// The item has ended on the team: its result or its failure is known.
    case ended(team: Int, item: WorkNumber)
    /// Answer to `recall`: the item had not begun and is no longer with the team.
    case returned(team: Int, item: WorkNumber)
    /// The item was given up because of the drain.
    case drained(team: Int, item: WorkNumber)
    /// Stop handing out.
    case drain
  }

  public enum Action: Equatable, Sendable {
    case assign(item: WorkNumber, team: Int)
    case recall(item: WorkNumber, team: Int)
    case drain(team: Int)
    /// From the next step of the item on, the team shares it with these teams, and no others.
    case share(item: WorkNumber, team: Int, helpers: [Int])
    /// No team holds anything, and nothing more will be handed out.
    case complete
  }

  /// What one team holds, the running item first.
  struct Load: Sendable {
    var isReady = false
    var held: [WorkNumber] = []
    /// An item asked back and not yet answered.
    var recalled: WorkNumber?
    /// Cost that is left of the running item.
    var left = 0.0
    /// Teams that share the running item.
    var helpers: [Int] = []
  }

  /// An item that came back, by cost; of equal ones the lowest number is the greatest.
  private struct Returned: Comparable, Sendable {
    var cost: Double
    var item: WorkNumber

    static func < (a: Returned, b: Returned) -> Bool { (a.cost, b.item) < (b.cost, a.item) }
  }

  private let costs: [Double]
  private let widths: [Int]?
  /// Items by falling cost, equal ones by number.
  private let order: [WorkNumber]
  private var front = 0
  /// Items that came back; the greatest goes out next.
  private var back = Heap<Returned>()
  private(set) var teams: [Load]
  private(set) var idle: [Int] = []
  /// Items to ask back, by rising cost; made when the first team finds nothing waiting, nil before. Some are stale
  /// and dropped when met.
  private var recallable: [(item: WorkNumber, team: Int)]?
  private(set) var recallsOpen = 0
  /// Cost of all waiting items.
  private(set) var waitingCost = 0.0
  private(set) var teamsHolding = 0
  private var complete = false
  public private(set) var ended = 0
  public private(set) var isDraining = false
  /// True to check the whole state after every event and trap where it contradicts itself; for tests.
  var checksInvariants = false

  /// - Parameters:
  ///   - costs: one positive number an item, in any unit.
  ///   - teams: how many teams there are, at least 1.
  ///   - widths: how many teams can share each item; nil where none ever do.
  public init(costs: [Double], teams: Int, widths: [Int]? = nil) {
    invariant(teams > 0, "a sweep needs at least one team, got \(teams)")
    invariant(costs.allSatisfy { $0 > 0 && $0 < .infinity }, "every cost must be a positive finite number")
    invariant(widths.map { $0.count == costs.count } ?? true, "every item has a width, or none")
    self.costs = costs
    self.widths = widths
    waitingCost = costs.reduce(0, +)
    order = costs.indices.map { WorkNumber($0) }.sorted { (costs[$0], $1) > (costs[$1], $0) }
    self.teams = Array(repeating: Load(), count: teams)
  }

  /// Items that no team holds and that have not ended.
  public var waiting: Int { order.count - front + back.count }
  /// Items that have not ended.
  public var left: Int { costs.count - ended }
  var size: Int { costs.count }
  var totalCost: Double { costs.reduce(0, +) }
  var waitingItems: [WorkNumber] { order[front...] + back.unordered.map(\.item) }
  func cost(of items: [WorkNumber]) -> Double { items.reduce(0) { $0 + costs[$1] } }
  /// Items a team holds, the running one first.
  public func held(by team: Int) -> [WorkNumber] { teams[team].held }

  /// Takes one event and returns what is to be done now, in order.
  public mutating func handle(_ event: Event) -> [Action] {
    var actions: [Action] = []
    switch event {
    case .ready(let team):
      invariant(!teams[team].isReady, "team \(team) says a second time that it is ready")
      teams[team].isReady = true
      idle.append(team)
    case .working(let team, let left):
      invariant(!teams[team].held.isEmpty, "team \(team) is at work without a cell")
      teams[team].left = left
      prefetch(for: team, &actions)
    case .ended(let team, let item):
      release(item, from: team, isFirst: true)
      ended += 1
    case .returned(let team, let item):
      release(item, from: team, isFirst: false)
      back.insert(Returned(cost: costs[item], item: item))
      waitingCost += costs[item]
    case .drained(let team, let item):
      invariant(isDraining, "item \(item) was given up by team \(team) although nothing drains")
      release(item, from: team, isFirst: false)
    case .drain:
      if isDraining { return [] }
      isDraining = true
      for team in teams.indices where !teams[team].held.isEmpty { actions.append(.drain(team: team)) }
    }
    if !isDraining { handOut(&actions) }
    if !complete, teamsHolding == 0, isDraining || ended == costs.count {
      complete = true
      actions.append(.complete)
    }
    if checksInvariants { checkInvariants() }
    return actions
  }

  private mutating func handOut(_ actions: inout [Action]) {
    while waiting > 0, let team = idle.popLast() { assign(next(), to: team, &actions) }
    if waiting == 0, !idle.isEmpty { recall(&actions) }
    if waiting == 0, recallsOpen < idle.count, let widths { share(widths, &actions) }
  }

  /// Gives every idle team that waits for no recalled item to the running item with the most work left a team.
  private mutating func share(_ widths: [Int], _ actions: inout [Action]) {
    var changed: [Int] = []
    while recallsOpen < idle.count {
      var best: (left: Double, team: Int)?
      for team in teams.indices {
        guard let item = teams[team].held.first, teams[team].helpers.count + 1 < widths[item] else {
          continue
        }
        let left = teams[team].left / Double(teams[team].helpers.count + 1)
        if left > best?.left ?? 0 { best = (left, team) }
      }
      guard let leader = best?.team else { break }
      teams[leader].helpers.append(idle.removeLast())
      if !changed.contains(leader) { changed.append(leader) }
    }
    for team in changed {
      actions.append(.share(item: teams[team].held[0], team: team, helpers: teams[team].helpers))
    }
  }

  /// Asks back what others hold but have not begun, one item for every idle team. Once this is needed, nothing is handed
  /// out early any more, so the list of candidates is made only once.
  private mutating func recall(_ actions: inout [Action]) {
    if recallable == nil {
      let held = teams.indices.flatMap { team in teams[team].held.dropFirst().map { (item: $0, team: team) } }
      recallable = held.sorted { (costs[$0.item], $1.item) < (costs[$1.item], $0.item) }
    }
    while recallsOpen < idle.count, let (item, team) = recallable?.popLast() {
      guard teams[team].recalled == nil, teams[team].held.dropFirst().contains(item) else { continue }
      teams[team].recalled = item
      recallsOpen += 1
      actions.append(.recall(item: item, team: team))
    }
  }

  private mutating func assign(_ item: WorkNumber, to team: Int, _ actions: inout [Action]) {
    if teams[team].held.isEmpty {
      teamsHolding += 1
      teams[team].left = costs[item]
    }
    teams[team].held.append(item)
    waitingCost -= costs[item]
    actions.append(.assign(item: item, team: team))
  }

  /// Hands out the next item early: while four times the running cell's cost is waiting for every team, or when a
  /// tenth of the running cell is left; and only while every team has work.
  private mutating func prefetch(for team: Int, _ actions: inout [Action]) {
    guard !isDraining, idle.isEmpty, waiting > 0, let item = teams[team].held.first,
      teams[team].held.count == 1
    else { return }
    let isLevelled = waitingCost >= 4 * costs[item] * Double(teams.count)
    let isNearlyDone = teams[team].left <= 0.1 * costs[item] && waiting >= teams.count
    if isLevelled || isNearlyDone { assign(next(), to: team, &actions) }
  }

  private mutating func release(_ item: WorkNumber, from team: Int, isFirst: Bool) {
    let place = teams[team].held.firstIndex(of: item)
    invariant(
      isFirst ? place == 0 : place != nil, "team \(team) gives up item \(item) but holds \(teams[team].held)")
    teams[team].held.remove(at: place!)
    if place == 0 {
      idle += teams[team].helpers
      teams[team].helpers = []
      teams[team].left = teams[team].held.first.map { costs[$0] } ?? 0
    }
    if teams[team].held.isEmpty {
      teamsHolding -= 1
      idle.append(team)
    }
    // A recall is answered by the return of the item, or by news that it has begun (it is first now) or is gone.
    if let recalled = teams[team].recalled,
      teams[team].held.first == recalled || !teams[team].held.contains(recalled)
    {
      teams[team].recalled = nil
      recallsOpen -= 1
    }
  }

  private mutating func next() -> WorkNumber {
    if let first = back.max, front == order.count || first.cost >= costs[order[front]] {
      return back.removeMax().item
    }
    defer { front += 1 }
    return order[front]
  }
}

/// Decides which team runs which cell. A pure state machine: events in, actions out; no clock, no IO.
///
/// Longest cell first. A team holds at most two cells: the one it runs and, while more than a whole wave is still
/// waiting, the next, so that it never waits for rank 0 between them. When nothing is waiting any more and a team is
/// idle, the longest cell that another team holds but has not begun is asked back.
///
/// Items are numbered 0 ..< costs.count; every item ends (finished or failed) exactly once. During a drain nothing is
/// handed out, and an item that its team gives up stays unfinished.
public struct Scheduler: Sendable {
  public enum Event: Equatable, Sendable {
    /// All ranks of the team are there.
    case ready(team: Int)
    /// The team has begun the first cell it holds, or is at work on it.
    case working(team: Int)
    /// The item has ended on the team: its result or its failure is known.
    case ended(team: Int, item: Int)
    /// Answer to `recall`: the item had not begun and is no longer with the team.
    case returned(team: Int, item: Int)
    /// The item was given up because of the drain.
    case drained(team: Int, item: Int)
    /// Stop handing out.
    case drain
  }

  public enum Action: Equatable, Sendable {
    case assign(item: Int, team: Int)
    case recall(item: Int, team: Int)
    case drain(team: Int)
    /// No team holds anything, and nothing more will be handed out.
    case complete
  }

  /// What one team holds, the running item first.
  struct Team: Sendable {
    var isReady = false
    var held: [Int] = []
    /// An item asked back and not yet answered.
    var recalled: Int?
  }

  private let costs: [Double]
  /// Items by falling cost, equal ones by number.
  private let order: [Int]
  private var front = 0
  /// Items that came back, rising cost.
  private var back: [Int] = []
  private(set) var teams: [Team]
  private var idle: [Int] = []
  /// Cells to ask back, by rising cost; made when the first team finds nothing waiting, nil before. Some are stale
  /// and dropped when met.
  private var recallable: [(item: Int, team: Int)]?
  private var recallsOpen = 0
  private var teamsHolding = 0
  private var complete = false
  public private(set) var ended = 0
  public private(set) var isDraining = false

  /// - Parameters:
  ///   - costs: one positive number an item, in any unit.
  ///   - teams: how many teams there are, at least 1.
  public init(costs: [Double], teams: Int) {
    precondition(teams > 0, "a sweep needs at least one team, got \(teams)")
    precondition(costs.allSatisfy { $0 > 0 && $0 < .infinity }, "every cost must be a positive finite number")
    self.costs = costs
    order = costs.indices.sorted { (costs[$0], $1) > (costs[$1], $0) }
    self.teams = Array(repeating: Team(), count: teams)
  }

  /// Items that no team holds and that have not ended.
  public var waiting: Int { order.count - front + back.count }
  /// Items that have not ended.
  public var left: Int { costs.count - ended }
  /// Items a team holds, the running one first.
  public func held(by team: Int) -> [Int] { teams[team].held }

  /// Takes one event and says what is to be done now, in order.
  public mutating func handle(_ event: Event) -> [Action] {
    var actions: [Action] = []
    switch event {
    case .ready(let team):
      precondition(!teams[team].isReady, "team \(team) says a second time that it is ready")
      teams[team].isReady = true
      idle.append(team)
    case .working(let team):
      precondition(!teams[team].held.isEmpty, "team \(team) is at work without a cell")
      prefetch(for: team, &actions)
    case .ended(let team, let item):
      release(item, from: team, isFirst: true)
      ended += 1
    case .returned(let team, let item):
      release(item, from: team, isFirst: false)
      back.append(item)
      back.sort { (costs[$0], $1) < (costs[$1], $0) }
    case .drained(let team, let item):
      precondition(isDraining, "item \(item) was given up by team \(team) although nothing drains")
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
    return actions
  }

  private mutating func handOut(_ actions: inout [Action]) {
    while waiting > 0, let team = idle.popLast() { assign(next(), to: team, &actions) }
    if waiting == 0, !idle.isEmpty { recall(&actions) }
  }

  /// Asks back what others hold but have not begun, one item for every idle team. Nothing is handed out early any
  /// more when this is first needed, so the list of candidates is made once.
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

  private mutating func assign(_ item: Int, to team: Int, _ actions: inout [Action]) {
    if teams[team].held.isEmpty { teamsHolding += 1 }
    teams[team].held.append(item)
    actions.append(.assign(item: item, team: team))
  }

  /// The next item goes along early only while every team has work and a wave of items is waiting.
  private mutating func prefetch(for team: Int, _ actions: inout [Action]) {
    guard !isDraining, teams[team].held.count == 1, waiting >= teams.count, idle.isEmpty else { return }
    assign(next(), to: team, &actions)
  }

  private mutating func release(_ item: Int, from team: Int, isFirst: Bool) {
    let place = teams[team].held.firstIndex(of: item)
    precondition(
      isFirst ? place == 0 : place != nil, "team \(team) gives up item \(item) but holds \(teams[team].held)")
    teams[team].held.remove(at: place!)
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

  private mutating func next() -> Int {
    if let item = back.last, front == order.count || costs[item] >= costs[order[front]] {
      back.removeLast()
      return item
    }
    defer { front += 1 }
    return order[front]
  }
}

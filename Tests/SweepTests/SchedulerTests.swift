import TestSupport
import Testing

@testable import Sweep

/// Teams that answer the scheduler with messages in flight, any order between teams.
struct SchedulerWorld {
  var scheduler: Scheduler
  var dice: SeededRandom
  /// What each team holds in its own view, the running item first.
  var holding: [[WorkNumber]]
  var draining: [Bool]
  var toTeams: [[Scheduler.Action]]
  var toRank0: [[Scheduler.Event]]
  var ended: [WorkNumber] = []
  var given: [WorkNumber] = []
  var completed = 0
  var assignments = 0
  var shares = 0

  init(costs: [Double], teams: Int, seed: Int, widths: [Int]? = nil) {
    scheduler = Scheduler(costs: costs, teams: teams, widths: widths)
    scheduler.checksInvariants = true
    dice = SeededRandom(UInt64(seed))
    holding = Array(repeating: [], count: teams)
    draining = Array(repeating: false, count: teams)
    toTeams = Array(repeating: [], count: teams)
    toRank0 = (0..<teams).map { [.ready(team: $0)] }
  }

  mutating func feed(_ event: Scheduler.Event) {
    for action in scheduler.handle(event) {
      switch action {
      case .assign(_, let team):
        assignments += 1
        toTeams[team].append(action)
      case .recall(_, let team), .drain(let team): toTeams[team].append(action)
      case .share(let item, let team, let helpers):
        shares += 1
        let all = helpers + [team]
        #expect(Set(all).count == all.count && scheduler.held(by: team).first == item)
        for helper in helpers {
          #expect(scheduler.held(by: helper).isEmpty, "a helper has a cell of its own")
        }
      case .complete: completed += 1
      }
    }
  }

  mutating func receive(_ team: Int) {
    switch toTeams[team].removeFirst() {
    case .assign(let item, _): holding[team].append(item)
    case .recall(let item, _):
      guard let place = holding[team].firstIndex(of: item), place > 0 else { return }
      holding[team].remove(at: place)
      toRank0[team].append(.returned(team: team, item: item))
    case .drain: draining[team] = true
    case .share, .complete: break
    }
  }

  mutating func work(_ team: Int) {
    guard let item = holding[team].first else { return }
    if draining[team] {
      holding[team].removeFirst()
      given.append(item)
      toRank0[team].append(.drained(team: team, item: item))
    } else if Bool.random(using: &dice) {
      toRank0[team].append(.working(team: team, left: Double.random(in: 0...1, using: &dice)))
    } else {
      holding[team].removeFirst()
      ended.append(item)
      toRank0[team].append(.ended(team: team, item: item))
    }
  }

  /// Anything that can happen next happens, at random, until nothing can.
  /// - Returns: steps taken.
  mutating func run(drainAfter: Int?) -> Int {
    var steps = 0
    while steps < 200_000 {
      if steps == drainAfter { feed(.drain) }
      let teams = holding.indices
      var moves = teams.filter { !toTeams[$0].isEmpty }.map { ($0, 0) }
      moves += teams.filter { !toRank0[$0].isEmpty }.map { ($0, 1) }
      moves += teams.filter { !holding[$0].isEmpty }.map { ($0, 2) }
      guard let (team, kind) = moves.randomElement(using: &dice) else { break }
      switch kind {
      case 0: receive(team)
      case 1: feed(toRank0[team].removeFirst())
      default: work(team)
      }
      steps += 1
    }
    return steps
  }
}

@Suite struct SchedulerTests {
  @Test("Every item ends exactly once in any order of messages, and nothing is left in flight")
  func everyItemOnce() {
    var shares = 0
    for seed in 0..<400 {
      var dice = SeededRandom(UInt64(seed))
      let teams = Int.random(in: 1...9, using: &dice)
      let items = Int.random(in: 0...40, using: &dice)
      let costs = (0..<items).map { _ in Double(Int.random(in: 1...6, using: &dice)) }
      let widths = seed % 2 == 0 ? nil : costs.map { Int($0) }
      var world = SchedulerWorld(costs: costs, teams: teams, seed: seed, widths: widths)
      _ = world.run(drainAfter: nil)
      #expect(world.ended.sorted() == (0..<items).map { WorkNumber($0) })
      #expect(world.completed == 1)
      #expect(world.scheduler.left == 0 && world.scheduler.waiting == 0)
      #expect(world.holding.allSatisfy { $0.isEmpty })
      shares += world.shares
    }
    #expect(shares > 100)
  }

  @Test("A drain at any moment ends with every item ended, given up or never handed out")
  func drain() {
    for seed in 0..<400 {
      var dice = SeededRandom(UInt64(seed))
      let teams = Int.random(in: 1...9, using: &dice)
      let items = Int.random(in: 0...40, using: &dice)
      let costs = (0..<items).map { _ in Double.random(in: 1...6, using: &dice) }
      var world = SchedulerWorld(
        costs: costs, teams: teams, seed: seed, widths: seed % 2 == 0 ? nil : costs.map { Int($0) })
      _ = world.run(drainAfter: Int.random(in: 0...150, using: &dice))
      #expect(Set(world.ended).count == world.ended.count)
      #expect(Set(world.ended).isDisjoint(with: world.given))
      #expect(world.completed == 1)
      #expect(world.scheduler.left == items - world.ended.count)
      #expect(world.holding.allSatisfy { $0.isEmpty })
    }
  }

  @Test func longestFirstAndOneAhead() {
    var scheduler = Scheduler(costs: [1, 5, 3, 5, 2] + Array(repeating: 1, count: 30), teams: 2)
    #expect(scheduler.handle(.ready(team: 1)) == [.assign(item: 1, team: 1)])
    // 40 are waiting, 20 for each team: enough to level what comes of handing out early.
    #expect(scheduler.handle(.working(team: 1, left: 4)) == [.assign(item: 3, team: 1)])
    #expect(scheduler.handle(.working(team: 1, left: 3)) == [])
    #expect(scheduler.handle(.ready(team: 0)) == [.assign(item: 2, team: 0)])
    #expect(scheduler.handle(.ended(team: 1, item: 1)) == [])
    #expect(scheduler.held(by: 1) == [3])
    // Not enough any more for a cell of 5; but when it is nearly done the next goes along.
    #expect(scheduler.handle(.working(team: 1, left: 4)) == [])
    #expect(scheduler.handle(.working(team: 1, left: 0.4)) == [.assign(item: 4, team: 1)])
  }

  @Test func asksBackWhatHasNotBegun() {
    var scheduler = Scheduler(costs: [9, 8, 7, 6], teams: 2)
    _ = scheduler.handle(.ready(team: 0))
    _ = scheduler.handle(.ready(team: 1))
    #expect(scheduler.handle(.working(team: 0, left: 0.5)) == [.assign(item: 2, team: 0)])
    // One waits now, less than a wave: team 1 asks when it is done.
    #expect(scheduler.handle(.working(team: 1, left: 0.5)) == [])
    #expect(scheduler.handle(.ended(team: 1, item: 1)) == [.assign(item: 3, team: 1)])
    #expect(scheduler.handle(.ended(team: 1, item: 3)) == [.recall(item: 2, team: 0)])
    #expect(scheduler.handle(.returned(team: 0, item: 2)) == [.assign(item: 2, team: 1)])
    #expect(scheduler.handle(.ended(team: 0, item: 0)) == [])
    #expect(scheduler.handle(.ended(team: 1, item: 2)) == [.complete])
  }

  @Test func idleTeamsHelpWhereMostIsLeft() {
    var scheduler = Scheduler(costs: [8, 6, 1, 1], teams: 4, widths: [3, 3, 1, 1])
    for team in 0..<4 {
      #expect(scheduler.handle(.ready(team: team)) == [.assign(item: WorkNumber(team), team: team)])
    }
    #expect(scheduler.handle(.working(team: 0, left: 4)) == [])
    #expect(scheduler.handle(.ended(team: 2, item: 2)) == [.share(item: 1, team: 1, helpers: [2])])
    #expect(scheduler.handle(.ended(team: 3, item: 3)) == [.share(item: 0, team: 0, helpers: [3])])
    // Team 1 and its helper are free: both help the last item, which takes three teams at most.
    #expect(scheduler.handle(.ended(team: 1, item: 1)) == [.share(item: 0, team: 0, helpers: [3, 1])])
    #expect(scheduler.handle(.ended(team: 0, item: 0)) == [.complete])
  }

  @Test func nothingToDo() {
    var scheduler = Scheduler(costs: [], teams: 3)
    #expect(scheduler.handle(.ready(team: 2)) == [.complete])
    #expect(scheduler.handle(.ready(team: 0)) == [])
  }

  @Test func drainBeforeAnyoneIsThere() {
    var scheduler = Scheduler(costs: [1, 2], teams: 2)
    #expect(scheduler.handle(.drain) == [.complete])
    #expect(scheduler.handle(.ready(team: 0)) == [])
    #expect(scheduler.left == 2)
  }

  @Test func watchNamesTheSilentAndForgivesOwnAbsence() {
    var watch = Watch(count: 3, patience: 10, now: 0)
    watch.heard(1, patience: 100)
    for second in 1...9 {
      #expect(watch.look(now: Double(second)).isEmpty)
      watch.heard(2)
    }
    // This rank was away for an hour: only five seconds of it count.
    #expect(watch.look(now: 3609).map(\.index) == [0])
    watch.heard(0)
    watch.heard(2)
    for second in 1...9 { #expect(watch.look(now: 3609 + Double(second)).isEmpty) }
  }
}

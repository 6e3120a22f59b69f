import Glibc
import Model

/// Plays a sweep through the real scheduler without ranks, messages or waiting, to find how busy so many ranks would be,
/// how long the tail is, what reaches rank 0, and what failures cost.
///
/// A cell is its seconds on one rank. Messages take `latency`, and rank 0, which computes, looks at them only every
/// `look` seconds. Any death ends the whole job, as under mpirun: every running cell falls back to its last state,
/// and the job starts again after `restart` seconds.
public struct Simulation: Sendable {
  /// The ranks and what is known of their machine.
  public struct Machine: Sendable {
    public var ranks: Int
    public var ranksPerCell = 1
    /// Seconds a message takes.
    public var latency = 1e-4
    /// Seconds between two looks of rank 0 at its messages: a trial or a lifetime.
    public var look = 0.05
    /// Seconds between two states of a cell.
    public var stateInterval = 3.0
    /// Mean seconds between two failures of one rank; nil for none.
    public var failureTime: Double?
    /// Seconds from a death until the ranks work again.
    public var restart = 60.0
    /// True where idle ranks help running cells, with `sharing` of an additional rank's work of use.
    public var helping = false
    public var sharing = 0.9
    /// Seed of the times of death.
    public var seed: UInt64 = 1

    public init(ranks: Int) { self.ranks = ranks }
  }

  /// What came out; times in seconds.
  public struct Outcome: Sendable, Equatable {
    public var wall = 0.0
    /// Useful work on all ranks in units of ranks x wall time: 1 if nobody ever waits. Lost and repeated work and restarts
    /// lower it.
    public var utilisation = 0.0
    /// From the moment the first team finds nothing to do until the end.
    public var tail = 0.0
    public var deaths = 0
    /// True if failures come so fast that next to nothing is done between them; the simulation then stops.
    public var isEndless = false
    /// Work that was lost in failures, in rank seconds.
    public var lost = 0.0
    /// Messages to and from rank 0.
    public var messages = 0
    public var messagesPerSecond: Double { wall > 0 ? Double(messages) / wall : 0 }
  }

  private enum Event: Sendable {
    case atRank0(Scheduler.Event, launch: Int)
    case atTeam(Scheduler.Action, launch: Int)
    case nears(team: Int, version: Int, launch: Int)
    case finishes(team: Int, version: Int, launch: Int)
    case death(launch: Int)
  }

  /// A team as it sees itself.
  private struct Desk: Sendable {
    var queue: [WorkNumber] = []
    var began = 0.0
    /// Seconds of one rank's work left at `began`, and ranks' worth of speed since.
    var left = 0.0
    var speed = 1.0
    var version = 0
  }

  private let machine: Machine
  private let costs: [Double]
  private let iterations: [Int]
  private let widths: [Int]
  private var remaining: [Double]
  /// Cells by work number: those that have not ended at the last start.
  private var items: [Int] = []
  private var scheduler: Scheduler
  private var teams: [Desk] = []
  private var queue = EventQueue<Event>()
  private var now = 0.0
  private var launch = 0
  private var firstIdle: Double?
  private var finished = false
  private var outcome = Outcome()
  private var random: UInt64
  /// Work left when failures were last counted.
  private var lastLeft = 0.0

  /// - Parameters:
  ///   - costs: seconds of every cell on one rank.
  ///   - iterations: meta-iterations of every cell: a message to rank 0 each, where they are not so short that
  ///     several go together, and one back.
  ///   - widths: how many ranks can share each cell; all 1 where not given.
  public static func run(
    costs: [Double], iterations: [Int], widths: [Int]? = nil, on machine: Machine
  ) -> Outcome {
    invariant(
      costs.count == iterations.count, "\(costs.count) cells have \(iterations.count) iteration counts")
    var simulation = Simulation(costs, iterations, widths ?? costs.map { _ in 1 }, machine)
    return simulation.run()
  }

  private init(_ costs: [Double], _ iterations: [Int], _ widths: [Int], _ machine: Machine) {
    self.machine = machine
    self.costs = costs
    self.iterations = iterations
    self.widths = widths
    remaining = costs
    lastLeft = costs.reduce(0, +)
    random = machine.seed
    scheduler = Scheduler(costs: [], teams: 1)
    begin(at: 0)
  }

  private var teamCount: Int { (machine.ranks + machine.ranksPerCell - 1) / machine.ranksPerCell }

  private mutating func run() -> Outcome {
    while !finished, let (time, event) = queue.popFirst() {
      now = time
      switch event {
      case .atRank0(let event, let from): if from == launch { handle(event) }
      case .atTeam(let action, let from): if from == launch { receive(action) }
      case .nears(let team, let version, let from):
        if from == launch, teams[team].version == version {
          tell(.working(team: team, left: 0.1 * remaining[items[teams[team].queue[0]]]))
        }
      case .finishes(let team, let version, let from):
        if from == launch, teams[team].version == version { finish(team) }
      case .death(let from): if from == launch { die() }
      }
    }
    outcome.wall = now
    outcome.tail = firstIdle.map { now - $0 } ?? 0
    let work = costs.reduce(0, +)
    outcome.utilisation = now > 0 ? work / (now * Double(machine.ranks)) : 1
    return outcome
  }

  /// All ranks start, with what is left to do.
  private mutating func begin(at time: Double) {
    launch += 1
    firstIdle = nil
    items = remaining.indices.filter { remaining[$0] > 0 }
    let shared: [Int]? =
      machine.helping
      ? items.map { [widths] in (widths[$0] + machine.ranksPerCell - 1) / machine.ranksPerCell } : nil
    scheduler = Scheduler(costs: items.map { remaining[$0] }, teams: teamCount, widths: shared)
    teams = Array(repeating: Desk(), count: teamCount)
    for team in 0..<teamCount {
      queue.add(.atRank0(.ready(team: team), launch: launch), at: time)
    }
    if let mean = machine.failureTime {
      queue.add(.death(launch: launch), at: time - mean / Double(machine.ranks) * log(uniform()))
    }
  }

  private mutating func handle(_ event: Scheduler.Event) {
    outcome.messages += 1
    for action in scheduler.handle(event) {
      switch action {
      case .complete: finished = true
      case .assign, .recall, .drain, .share:
        outcome.messages += 1
        queue.add(.atTeam(action, launch: launch), at: now + machine.latency)
      }
    }
    if firstIdle == nil, scheduler.waiting == 0, case .ended(let team, _) = event,
      scheduler.held(by: team).isEmpty
    {
      firstIdle = now
    }
  }

  /// Rank 0 looks at full multiples of `look`; its own team is no exception.
  private mutating func tell(_ event: Scheduler.Event) {
    let arrival = now + machine.latency
    let seen = machine.look > 0 ? (arrival / machine.look).rounded(.up) * machine.look : arrival
    queue.add(.atRank0(event, launch: launch), at: max(seen, arrival))
  }

  private mutating func receive(_ action: Scheduler.Action) {
    switch action {
    case .assign(let item, let team):
      teams[team].queue.append(item)
      if teams[team].queue.count == 1 { start(team) }
    case .recall(let item, let team):
      guard let place = teams[team].queue.firstIndex(of: item), place > 0 else { return }
      teams[team].queue.remove(at: place)
      tell(.returned(team: team, item: item))
    case .share(let item, let team, let helpers):
      guard teams[team].queue.first == item else { return }
      teams[team].left -= (now - teams[team].began) * teams[team].speed
      teams[team].began = now
      teams[team].speed = baseSpeed(team) * (1 + machine.sharing * Double(helpers.count))
      schedule(team)
    case .drain, .complete: break
    }
  }

  /// The speed of a team: sharing a cell costs several ranks as much as it costs helpers.
  private func baseSpeed(_ team: Int) -> Double {
    let members = min(machine.ranksPerCell, machine.ranks - team * machine.ranksPerCell)
    return 1 + machine.sharing * Double(members - 1)
  }

  private mutating func start(_ team: Int) {
    guard let item = teams[team].queue.first else { return }
    teams[team].began = now
    teams[team].left = remaining[items[item]]
    teams[team].speed = baseSpeed(team)
    schedule(team)
    tell(.working(team: team, left: remaining[items[item]]))
    // A team sends messages at the beginning and near the end of a cell. All other records are only counted, since they
    // change nothing in the scheduler.
    let seconds = teams[team].left / teams[team].speed
    let flush = SweepOptions().scaled(to: machine.ranks).flushInterval
    let flushes = min(Double(iterations[items[item]]), (seconds / flush).rounded(.down) + 1)
    outcome.messages += 2 * max(0, Int(flushes) - 2)
  }

  private mutating func schedule(_ team: Int) {
    teams[team].version += 1
    let end = now + teams[team].left / teams[team].speed
    let near = end - 0.1 * remaining[items[teams[team].queue[0]]] / teams[team].speed
    queue.add(.nears(team: team, version: teams[team].version, launch: launch), at: max(now, near))
    queue.add(.finishes(team: team, version: teams[team].version, launch: launch), at: end)
  }

  private mutating func finish(_ team: Int) {
    let item = teams[team].queue.removeFirst()
    remaining[items[item]] = 0
    tell(.ended(team: team, item: item))
    start(team)
  }

  private mutating func die() {
    outcome.deaths += 1
    for team in teams {
      guard let item = team.queue.first else { continue }
      let done = (now - team.began) * team.speed
      let step = max(
        machine.stateInterval * team.speed, costs[items[item]] / Double(max(1, iterations[items[item]])))
      let kept = (done / step).rounded(.down) * step
      remaining[items[item]] = team.left - kept
      outcome.lost += done - kept
    }
    if outcome.deaths.isMultiple(of: Self.deathsWatched) {
      let left = remaining.reduce(0, +)
      outcome.isEndless = lastLeft - left < Self.leastProgress * costs.reduce(0, +)
      lastLeft = left
      if outcome.isEndless { finished = true }
    }
    begin(at: now + machine.restart)
  }

  /// A job that gets less than this share of its work done in so many deaths never ends.
  private static let (deathsWatched, leastProgress) = (200, 0.01)

  /// In (0, 1], a step of a 64-bit linear congruential generator.
  private mutating func uniform() -> Double {
    random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (Double(random >> 11) + 1) * 0x1p-53
  }
}

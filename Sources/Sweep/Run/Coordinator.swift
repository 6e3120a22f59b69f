import MPI
import ResultStore

/// The coordinating half of rank 0: carries out what the scheduler says, stores records and acknowledges them,
/// and watches for silent ranks.
final class Coordinator {
  private let lead: SweepLead
  private let cells: [Cell]
  private let post: Post
  private let teams: TeamLayout
  private let itemOfCell: [CellNumber: WorkNumber]
  private var scheduler: Scheduler
  private var watch: Watch
  private var progress: Progress
  private var summary = SweepSummary()
  private var missing: [Int]
  private var peers: [(host: String, process: Int32)]
  private var stored: [Int]
  /// What the next commit makes durable and is then acknowledged: bytes of results by rank, and cells that have ended.
  private var waiting: [Int: Int] = [:]
  private var ended: [(item: WorkNumber, status: CellStatus)] = []
  private var pace = CommitPace()
  private let clock: () -> Double
  private var announced: Double
  private var lastLook: Double
  /// Seconds between two checks for silent ranks.
  private static let lookInterval = 0.25

  /// - Parameter clock: seconds on any steady clock.
  init(lead: SweepLead, cells: [Cell], post: Post, options: SweepOptions, clock: @escaping () -> Double) {
    let now = clock()
    self.clock = clock
    self.lead = lead
    self.cells = cells
    self.post = post
    let teams = TeamLayout(ranks: post.size, perTeam: options.ranksPerCell)
    itemOfCell = Dictionary(uniqueKeysWithValues: lead.items.enumerated().map { ($1.cell, WorkNumber($0)) })
    let widths = lead.items.map { ($0.width + options.ranksPerCell - 1) / options.ranksPerCell }
    scheduler = Scheduler(
      costs: lead.items.map(\.cost), teams: teams.count, widths: options.helping ? widths : nil)
    watch = Watch(count: post.size, patience: options.patience, now: now)
    progress = Progress(costs: lead.items.map(\.cost), teams: teams.count, now: now)
    self.teams = teams
    missing = (0..<teams.count).map { teams.members(of: $0).count }
    peers = Array(repeating: (host: "a host not known yet", process: 0), count: post.size)
    stored = Array(repeating: 0, count: post.size)
    announced = options.patience
    lastLook = now
  }

  /// - Parameter patience: how many seconds others should wait for this rank.
  func receive(_ message: Message, from source: Int, patience: Double) throws {
    let team = teams.team(of: source)
    switch message {
    case .hello(let host, let process):
      peers[source] = (host, process)
      watch.heard(source)
      if source != 0 { try post.send(.hello(host: peers[0].host, process: peers[0].process), to: source) }
      missing[team] -= 1
      if missing[team] == 0 { try carryOut(.ready(team: team)) }
    case .beat(let theirs):
      watch.heard(source, patience: theirs)
      try post.send(.beat(patience: patience), to: source)
    case .records(let cell, let iteration, let iterations, let records):
      watch.heard(source)
      var bytes = 0
      for record in records {
        try storing { try lead.sink.append(record) }
        if record.kind == .result {
          waiting[source, default: 0] += record.bytes.count
        } else {
          bytes += record.bytes.count
        }
      }
      try acknowledge(bytes, of: source)
      let item = try item(cell)
      progress.note(item: item, iteration: iteration, iterations: iterations)
      try carryOut(.working(team: team, left: progress.costLeft(of: item)))
    case .finished(let cell, let status):
      try end(cell, team: team, status)
    case .failed(let cell, let text):
      _ = try item(cell)
      try storing { try lead.sink.recordFailure(of: cells[cell], message: text, rank: source) }
      try end(cell, team: team, .failed)
    case .returned(let cell): try carryOut(.returned(team: team, item: try item(cell)))
    case .drained(let cell):
      progress.stop(item: try item(cell))
      try carryOut(.drained(team: team, item: try item(cell)))
    case .drainWanted: try carryOut(.drain)
    default: throw MessageError(description: "rank \(source) sent \(message.tag) to rank 0")
    }
  }

  /// Looks after results that wait for the disk, silent ranks, the lock's heartbeat and the progress; to be called often,
  /// after the messages that have arrived.
  func look(now: Double, patience: Double) throws {
    if patience > announced {
      for rank in 1..<max(1, post.size) { try post.send(.beat(patience: patience), to: rank) }
    }
    announced = patience
    if pace.isDue(now: now), !ended.isEmpty || !waiting.isEmpty { try commit() }
    guard now - lastLook >= Self.lookInterval else { return }
    lastLook = now
    watch.heard(0)
    if let (rank, seconds) = watch.look(now: now).first {
      let held = scheduler.held(by: teams.team(of: rank)).first
      throw SweepError.silent(
        rank: rank, host: peers[rank].host, process: peers[rank].process,
        cell: held.map { cells[lead.items[$0].cell].keyText }, seconds: seconds)
    }
    try storing { try lead.sink.keepAlive() }
    lead.report(progress, now)
  }

  /// Stores what has arrived, if that still works; to be called before the job is aborted.
  func abandon() { try? lead.sink.commit() }

  /// The team gets its next cell at once; this one counts as ended when its result is on the disk.
  private func end(_ cell: CellNumber, team: Int, _ status: CellStatus) throws {
    let item = try item(cell)
    ended.append((item, status))
    try carryOut(.ended(team: team, item: item))
  }

  /// Makes everything durable and acknowledges what waited for that.
  private func commit() throws {
    let began = clock()
    try storing { try lead.sink.commit() }
    pace.note(began: began, ended: clock())
    for (rank, bytes) in waiting { try acknowledge(bytes, of: rank) }
    waiting = [:]
    for (item, status) in ended {
      switch status {
      case .done: summary.done += 1
      case .diverged: summary.diverged += 1
      case .failed: summary.failed += 1
      }
      progress.end(item: item, status: status)
    }
    ended = []
  }

  private func acknowledge(_ bytes: Int, of rank: Int) throws {
    stored[rank] += bytes
    try post.send(.stored(bytes: stored[rank]), to: rank)
  }

  private func carryOut(_ event: Scheduler.Event) throws {
    for action in scheduler.handle(event) {
      switch action {
      case .assign(let index, let team):
        let item = lead.items[index]
        let members = teams.members(of: team)
        progress.start(item: index)
        try post.send(
          .assign(cell: item.cell, state: item.state, members: Array(members), pulse: item.pulse),
          to: members.lowerBound)
      case .recall(let index, let team):
        try post.send(.recall(cell: lead.items[index].cell), to: teams.members(of: team).lowerBound)
      case .share(let index, let team, let helpers):
        let members = ([team] + helpers).flatMap { Array(teams.members(of: $0)) }
        try post.send(.share(cell: lead.items[index].cell, members: members), to: members[0])
      case .drain(let team): try post.send(.drain, to: teams.members(of: team).lowerBound)
      case .complete:
        try commit()
        summary.left = scheduler.left
        summary.drained = scheduler.left > 0
        for rank in (0..<post.size).reversed() { try post.send(.stop(summary), to: rank) }
      }
    }
  }

  private func item(_ cell: CellNumber) throws -> WorkNumber {
    guard let item = itemOfCell[cell] else {
      throw MessageError(description: "no cell of this run is number \(cell)")
    }
    return item
  }

  private func storing(_ body: () throws -> Void) throws {
    do { try body() } catch { throw SweepError.sink(error) }
  }
}

import MPI
import ResultStore

/// The computing half of a rank: leads cells that rank 0 has assigned, or follows another rank's lead.
final class Worker {
  private unowned let host: any WorkerHost
  private let cells: [Cell]
  private let workshop: any CellWorkshop
  private var queue: [Assignment] = []
  private var leading: Leading?
  /// The present cell first; messages about the next may arrive while the last step of this one is not over.
  private var following: [Following] = []
  private var rounds = 0
  private var draining = false
  private var outbox: Outbox
  /// True when the outbox must be sent before the next step.
  private var mustFlush = false
  /// Messages to rank 0 that follow the records in the outbox.
  private var afterFlush: [Message] = []
  private var longestStretch = 0.0
  /// Set when rank 0 says that the run is over.
  private(set) var summary: SweepSummary?

  private struct Assignment {
    var cell: CellNumber
    var state: EncodedRecord?
    var members: [Int]
    var pulse: Double
  }

  /// The cell this rank leads.
  private struct Leading {
    var cell: CellNumber
    var work: any CellWork
    var team: RankTeam
    /// The state in which it began; nil for the beginning.
    var start: EncodedRecord?
    var isAtStart = true
    /// Who shares the cell from the next step on; nil where that does not change.
    var newMembers: [Int]?
    /// Time of the last state record, and whether the cell has moved on since.
    var lastState: Double
    var moved = false
  }

  /// A cell this rank helps with.
  private final class Following {
    let cell: CellNumber
    let state: EncodedRecord?
    let team: RankTeam
    /// nil before it has begun, and if it could not begin.
    var work: (any CellWork)?
    var hasBegun = false
    /// Steps the leader has allowed and this rank has not done.
    var allowed = 0

    init(cell: CellNumber, state: EncodedRecord?, team: RankTeam) {
      self.cell = cell
      self.state = state
      self.team = team
    }
  }

  init(host: any WorkerHost, cells: [Cell], workshop: any CellWorkshop) {
    self.host = host
    self.cells = cells
    self.workshop = workshop
    outbox = Outbox(options: host.options)
  }

  /// How many seconds others should wait for a sign of life from this rank.
  var patience: Double { max(host.options.patience, 10 * longestStretch) }

  /// Takes note of how long this rank has not looked at its messages.
  func note(stretch: Double) {
    if leading != nil || !following.isEmpty { longestStretch = max(longestStretch, stretch) }
  }

  // MARK: Messages

  func receive(_ message: Message, from source: Int) throws {
    switch message {
    case .assign(let cell, let state, let members, let pulse):
      queue.append(Assignment(cell: cell, state: state, members: members, pulse: pulse))
    case .recall(let cell):
      if let place = queue.firstIndex(where: { $0.cell == cell }) {
        queue.remove(at: place)
        try host.post.send(.returned(cell: cell), to: 0)
      }
    case .share(let cell, let members):
      if leading?.cell == cell { leading?.newMembers = members }
    case .stored(let bytes): outbox.stored = bytes
    case .drain: draining = true
    case .stop(let summary): self.summary = summary
    case .join(let round, let cell, let state, let members):
      let team = RankTeam(host: host, round: round, members: members)
      following.append(Following(cell: cell, state: state, team: team))
    case .proceed(let round): followed(round, source)?.allowed += 1
    case .leave(let round): followed(round, source)?.team.dissolve()
    case .part(let round, let sequence, let numbers):
      if leading?.team.round == round { leading?.team.receive(numbers, sequence, from: source) }
    case .whole(let round, let sequence, let numbers):
      followed(round, source)?.team.receive(whole: numbers, sequence)
    case .trouble(let round, let text):
      if leading?.team.round == round { leading?.team.fail("rank \(source): \(text)") }
    default: throw MessageError(description: "rank \(source) sent \(message.tag) to rank \(host.post.rank)")
    }
  }

  private func followed(_ round: Int, _ leader: Int) -> Following? {
    following.first { $0.team.round == round && $0.team.members[0] == leader }
  }

  // MARK: Work

  /// Does one piece of work.
  /// - Returns: false where there is none.
  func step() throws -> Bool {
    if let followed = following.first { return try stepFollowing(followed) }
    if mustFlush { return try flush() }
    if leading == nil, draining, !queue.isEmpty {
      for assignment in queue { try host.post.send(.drained(cell: assignment.cell), to: 0) }
      queue = []
      return true
    }
    if leading == nil, !queue.isEmpty {
      try begin(queue.removeFirst())
      return true
    }
    guard leading != nil else { return false }
    if draining { try giveUp() } else { try stepLeading() }
    return true
  }

  private func begin(_ assignment: Assignment) throws {
    longestStretch = assignment.pulse
    let team = try gatherTeam(assignment.members, cell: assignment.cell, state: assignment.state)
    do {
      let work = try workshop.begin(cells[assignment.cell], from: assignment.state)
      leading = Leading(
        cell: assignment.cell, work: work, team: team, start: assignment.state,
        lastState: host.surroundings.now())
    } catch {
      try refuse(assignment.cell, team: team, error: error)
    }
  }

  /// Calls the other members into a new round.
  private func gatherTeam(_ members: [Int], cell: CellNumber, state: EncodedRecord?) throws -> RankTeam {
    rounds += 1
    let team = RankTeam(host: host, round: rounds, members: members)
    try team.sendToOthers(.join(round: rounds, cell: cell, state: state, members: members))
    return team
  }

  /// Continues the present cell in another team, whose other members begin from its present state.
  private func changeTeam(to members: [Int]) throws {
    guard let now = leading else { return }
    try now.team.sendToOthers(.leave(round: now.team.round))
    leading?.newMembers = nil
    leading?.team = try gatherTeam(
      members, cell: now.cell, state: now.isAtStart ? now.start : now.work.state())
  }

  private func stepLeading() throws {
    if let members = leading?.newMembers { try changeTeam(to: members) }
    guard let now = leading else { return }
    let progress: CellProgress
    do {
      try now.team.checkTrouble()
      try now.team.sendToOthers(.proceed(round: now.team.round))
      progress = try now.work.advance(in: now.team)
      try host.checkFatal()
    } catch {
      leading = nil
      try refuse(now.cell, team: now.team, error: error)
      return
    }
    leading?.moved = true
    leading?.isAtStart = false
    outbox.add(progress.records, of: now.cell, iteration: progress.iteration, iterations: progress.iterations)
    if progress.finished {
      leading = nil
      try flush(then: .finished(cell: now.cell, status: progress.status))
      return
    }
    let time = host.surroundings.now()
    if time - now.lastState >= host.options.stateInterval {
      outbox.add([now.work.state()])
      leading?.lastState = time
      leading?.moved = false
      try flush()
    } else if outbox.isDue(now: time) {
      try flush()
    }
  }

  /// Ends the present cell because of a drain.
  private func giveUp() throws {
    guard let now = leading else { return }
    leading = nil
    if now.moved { outbox.add([now.work.state()]) }
    try now.team.sendToOthers(.leave(round: now.team.round))
    try flush(then: .drained(cell: now.cell))
  }

  /// Reports a cell that threw an error; the run continues. An error of the run itself is rethrown.
  private func refuse(_ cell: CellNumber, team: RankTeam, error: any Error) throws {
    try checkOurs(error)
    try team.sendToOthers(.leave(round: team.round))
    try flush(then: .failed(cell: cell, text: "\(error)"))
  }

  // MARK: Following

  private func stepFollowing(_ followed: Following) throws -> Bool {
    do {
      if followed.team.isDissolved { throw TeamDissolved() }
      if !followed.hasBegun {
        followed.hasBegun = true
        longestStretch = 0
        followed.work = try workshop.begin(cells[followed.cell], from: followed.state)
        return true
      }
      guard followed.allowed > 0, let work = followed.work else { return false }
      followed.allowed -= 1
      let progress = try work.advance(in: followed.team)
      try host.checkFatal()
      if progress.finished { following.removeFirst() }
    } catch {
      try checkOurs(error)
      if error is TeamDissolved {
        following.removeFirst()
      } else {
        // The leader answers with the end of the round; until then there is nothing to do here.
        followed.work = nil
        try host.post.send(
          .trouble(round: followed.team.round, text: "\(error)"), to: followed.team.members[0])
      }
    }
    return true
  }

  /// Rethrows an error that concerns the whole run and not only the present cell.
  private func checkOurs(_ error: any Error) throws {
    try host.checkFatal()
    if error is SweepError || error is MPIError || error is MessageError { throw error }
  }

  // MARK: Records

  /// Sends the records that wait, and then `message`: now, or as soon as rank 0 has stored enough of the earlier ones.
  /// - Returns: true if they were sent.
  @discardableResult
  private func flush(then message: Message? = nil) throws -> Bool {
    if let message { afterFlush.append(message) }
    mustFlush = true
    guard outbox.mayGo else { return false }
    if !outbox.isEmpty {
      try host.post.send(outbox.takeMessage(now: host.surroundings.now()), to: 0)
      host.noteSent()
    }
    for message in afterFlush { try host.post.send(message, to: 0) }
    afterFlush = []
    mustFlush = false
    return true
  }
}

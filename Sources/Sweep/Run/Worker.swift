import MPI
import ResultStore

/// The computing half of a rank: leads cells that rank 0 has assigned, or follows another rank's lead.
final class Worker {
  private unowned let host: any WorkerHost
  private let cells: [Cell]
  private let workshop: any CellWorkshop
  private var queue: [Assignment] = []
  private var leading: Leading?
  /// The present one first; the next may begin to arrive while a step of the last is not quite over.
  private var following: [Following] = []
  private var rounds = 0
  private var draining = false
  private var outbox: Outbox
  /// True when the outbox has to leave before the next step.
  private var mustFlush = false
  /// What rank 0 is told once the records before it have left.
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
    var group: TeamGroup
    /// Where it began, and whether it is still there.
    var start: EncodedRecord?
    var isAtStart = true
    /// Who shares the cell from the next step on, where that changes.
    var newMembers: [Int]?
    /// Time of the last state record, and whether the cell has moved on since.
    var lastState: Double
    var moved = false
  }

  /// A cell this rank helps with.
  private final class Following {
    let cell: CellNumber
    let state: EncodedRecord?
    let group: TeamGroup
    /// nil before it has begun, and where it could not.
    var work: (any CellWork)?
    var hasBegun = false
    /// Steps the leader has allowed and this rank has not done.
    var allowed = 0

    init(cell: CellNumber, state: EncodedRecord?, group: TeamGroup) {
      self.cell = cell
      self.state = state
      self.group = group
    }
  }

  init(host: any WorkerHost, cells: [Cell], workshop: any CellWorkshop) {
    self.host = host
    self.cells = cells
    self.workshop = workshop
    outbox = Outbox(options: host.options)
  }

  /// Seconds others should wait for a sign of life from this rank.
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
      let group = TeamGroup(host: host, round: round, members: members)
      following.append(Following(cell: cell, state: state, group: group))
    case .proceed(let round): followed(round, source)?.allowed += 1
    case .leave(let round): followed(round, source)?.group.dissolve()
    case .part(let round, let sequence, let numbers):
      if leading?.group.round == round { leading?.group.receive(numbers, sequence, from: source) }
    case .whole(let round, let sequence, let numbers):
      followed(round, source)?.group.receive(whole: numbers, sequence)
    case .trouble(let round, let text):
      if leading?.group.round == round { leading?.group.fail("rank \(source): \(text)") }
    default: throw MessageError(description: "rank \(source) sent \(message.tag) to rank \(host.post.rank)")
    }
  }

  private func followed(_ round: Int, _ leader: Int) -> Following? {
    following.first { $0.group.round == round && $0.group.members[0] == leader }
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
    let group = try gatherTeam(assignment.members, cell: assignment.cell, state: assignment.state)
    do {
      let work = try makeWork(assignment.cell, from: assignment.state)
      leading = Leading(
        cell: assignment.cell, work: work, group: group, start: assignment.state,
        lastState: host.surroundings.now())
    } catch {
      try refuse(assignment.cell, group: group, error: error)
    }
  }

  /// Calls the other members into a new round.
  private func gatherTeam(_ members: [Int], cell: CellNumber, state: EncodedRecord?) throws -> TeamGroup {
    rounds += 1
    let group = TeamGroup(host: host, round: rounds, members: members)
    try group.sendToOthers(.join(round: rounds, cell: cell, state: state, members: members))
    return group
  }

  /// Goes on with the present cell in another team: all other members begin from where it is.
  private func changeTeam(to members: [Int]) throws {
    guard let now = leading else { return }
    try now.group.sendToOthers(.leave(round: now.group.round))
    leading?.newMembers = nil
    leading?.group = try gatherTeam(
      members, cell: now.cell, state: now.isAtStart ? now.start : now.work.state())
  }

  private func stepLeading() throws {
    if let members = leading?.newMembers { try changeTeam(to: members) }
    guard let now = leading else { return }
    let progress: CellProgress
    do {
      try now.group.checkTrouble()
      try now.group.sendToOthers(.proceed(round: now.group.round))
      progress = try now.work.advance(in: now.group)
      try host.checkFatal()
    } catch {
      leading = nil
      try refuse(now.cell, group: now.group, error: error)
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
    try now.group.sendToOthers(.leave(round: now.group.round))
    try flush(then: .drained(cell: now.cell))
  }

  /// A cell that threw is reported and the run goes on; an error of the run itself is thrown on.
  private func refuse(_ cell: CellNumber, group: TeamGroup, error: any Error) throws {
    try checkOurs(error)
    try group.sendToOthers(.leave(round: group.round))
    try flush(then: .failed(cell: cell, text: "\(error)"))
  }

  private func makeWork(_ cell: CellNumber, from state: EncodedRecord?) throws -> any CellWork {
    let work = try workshop.begin(cells[cell], from: state)
    work.pulse = { [unowned host] in try host.pulse() }
    return work
  }

  // MARK: Following

  private func stepFollowing(_ followed: Following) throws -> Bool {
    do {
      if followed.group.isDissolved { throw TeamDissolved() }
      if !followed.hasBegun {
        followed.hasBegun = true
        longestStretch = 0
        followed.work = try makeWork(followed.cell, from: followed.state)
        return true
      }
      guard followed.allowed > 0, let work = followed.work else { return false }
      followed.allowed -= 1
      let progress = try work.advance(in: followed.group)
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
          .trouble(round: followed.group.round, text: "\(error)"), to: followed.group.members[0])
      }
    }
    return true
  }

  /// Throws on what concerns the whole run and not only the present cell.
  private func checkOurs(_ error: any Error) throws {
    try host.checkFatal()
    if error is SweepError || error is MPIError || error is MessageError { throw error }
  }

  // MARK: Records

  /// Sends what waits, and then `message`, now or as soon as rank 0 has stored enough of what came before.
  /// - Returns: whether it has left.
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

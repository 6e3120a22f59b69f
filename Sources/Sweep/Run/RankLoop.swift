import MPI
import Model

/// The life of one rank in a run: look after messages, do one step of work, sleep where there is none.
///
/// Rank 0 has a coordinator besides its worker. Everything happens in one thread; `attend` is called between steps
/// and, through `Team.pulse`, within them.
final class RankLoop: WorkerHost {
  let post: Post
  let options: SweepOptions
  let surroundings: Surroundings
  private(set) var worker: Worker!
  private(set) var coordinator: Coordinator?
  private var lastLook: Double
  private var watchesRank0: Watch
  private var rank0 = (host: "", process: Int32(0))
  private var lastBeat = -Double.infinity
  private var announced = 0.0
  private var toldDrain = false
  private var terminateSeen: Double?
  private var attending = false
  /// The first error that concerns the whole run; work that swallows it cannot go on.
  private var fatal: (any Error)?
  private static let messagesPerLook = 4096

  /// - Parameter lead: what rank 0 brings; nil on the others.
  init(
    transport: any Transport, cells: [Cell], workshop: any CellWorkshop, lead: SweepLead?,
    options: SweepOptions, surroundings: Surroundings
  ) {
    invariant((transport.rank == 0) == (lead != nil), "rank 0, and only rank 0, leads the run")
    post = Post(transport)
    self.options = options.scaled(to: transport.size)
    self.surroundings = surroundings
    let now = surroundings.now()
    lastLook = now
    watchesRank0 = Watch(count: 1, patience: options.patience, now: now)
    worker = Worker(host: self, cells: cells, workshop: workshop)
    coordinator = lead.map {
      Coordinator(lead: $0, cells: cells, post: post, options: options, clock: surroundings.now)
    }
  }

  /// Goes through the whole run. An error leaves other ranks waiting: the caller must abort the job.
  func run() throws -> SweepSummary {
    do {
      try start()
      while worker.summary == nil {
        if try !turn() { surroundings.sleep(1e-3) }
      }
      try post.close()
      return worker.summary!
    } catch {
      coordinator?.abandon()
      throw error
    }
  }

  func start() throws { try post.send(.hello(host: surroundings.host, process: surroundings.process), to: 0) }

  /// One look at the messages and one step of work.
  /// - Returns: false where there was nothing to do.
  func turn() throws -> Bool {
    let heard = try attend()
    let worked = try worker.step()
    return heard || worked
  }

  /// What `Team.pulse` does: `attend`, at most once a millisecond.
  func pulse() throws {
    if fatal == nil, surroundings.now() - lastLook < 1e-3 { return }
    try attend()
  }

  /// Waits until `condition` holds, answering messages; the processor is given up more and more.
  func wait(until condition: () -> Bool) throws {
    var looks = 0
    while !condition() {
      if try attend() { looks = 0 }
      looks += 1
      if looks > 100 { surroundings.sleep(min(1e-3, Double(looks) * 1e-6)) }
    }
  }

  /// Handles signals and messages and gives signs of life: everything but the work.
  @discardableResult
  func attend() throws -> Bool {
    if let fatal { throw fatal }
    invariant(!attending, "a message handler must not wait for messages")
    attending = true
    defer { attending = false }
    do {
      let now = surroundings.now()
      worker.note(stretch: now - lastLook)
      lastLook = now
      try heedSignals()
      let heard = try post.deliver(limit: Self.messagesPerLook, to: receive)
      try coordinator?.look(now: now, patience: worker.patience)
      try keepInTouch(now: now)
      return heard
    } catch {
      fatal = error
      throw error
    }
  }

  /// Something has just been sent to rank 0, which is a sign of life too.
  func noteSent() { lastBeat = lastLook }

  /// Throws the error that concerns the whole run, if there is one.
  func checkFatal() throws { if let fatal { throw fatal } }

  private func heedSignals() throws {
    let seen = surroundings.signals()
    if seen.terminate {
      // Rank 0 commits and ends the job; another rank does so only where rank 0 was not told.
      let first = terminateSeen ?? lastLook
      terminateSeen = first
      if post.rank == 0 || lastLook - first > 2 { throw SweepError.terminated }
    }
    if seen.drain, !toldDrain {
      toldDrain = true
      try post.send(.drainWanted, to: 0)
    }
  }

  private func receive(_ message: Message, from source: Int) throws {
    if source == 0 { watchesRank0.heard(0) }
    switch message {
    case .hello(let host, let process) where post.rank != 0: rank0 = (host, process)
    case .beat(let patience) where post.rank != 0: watchesRank0.heard(0, patience: patience)
    case .hello, .beat, .records, .finished, .failed, .returned, .drained, .drainWanted:
      guard let coordinator else {
        throw MessageError(description: "\(message.tag) came to rank \(post.rank)")
      }
      try coordinator.receive(message, from: source, patience: worker.patience)
    default: try worker.receive(message, from: source)
    }
  }

  private func keepInTouch(now: Double) throws {
    guard post.rank != 0 else { return }
    let patience = worker.patience
    let isNews = patience > announced || patience < announced / 2
    if isNews || now - lastBeat >= options.beatInterval {
      lastBeat = now
      announced = patience
      try post.send(.beat(patience: patience), to: 0)
    }
    if let (_, seconds) = watchesRank0.look(now: now).first {
      throw SweepError.silent(
        rank: 0, host: rank0.host, process: rank0.process, cell: nil, seconds: seconds)
    }
  }
}

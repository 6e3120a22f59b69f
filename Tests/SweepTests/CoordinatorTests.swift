import ResultStore
import SweepFakes
import TestSupport
import Testing

@testable import Sweep

/// Whole runs over the in-process transport, all ranks in one thread, in a random order of steps and with a clock
/// that only the test moves.
final class Rehearsal {
  let sink: FakeSink
  let network: InProcessNetwork
  private(set) var loops: [RankLoop] = []
  private var dice: SeededRandom
  private(set) var time = 0.0
  /// Shown what rank 0 shows.
  var report: (Progress) -> Void = { _ in }
  private(set) var drain = false
  /// Ranks that are not given a step, as if they were stopped.
  var stopped: Set<Int> = []

  init(
    _ plan: [FakeCell], ranks: Int, seed: Int, sink: FakeSink = FakeSink(),
    options: SweepOptions = SweepOptions()
  ) {
    self.sink = sink
    dice = SeededRandom(UInt64(seed))
    network = InProcessNetwork(size: ranks)
    let cells = FakeWorkshop.sweepCells(plan.count)
    for rank in 0..<ranks {
      let surroundings = Surroundings(
        now: { [unowned self] in
          time += 1e-5
          return time
        },
        sleep: { [unowned self] in time += $0 },
        signals: { [unowned self] in Signals.Seen(drain: drain) }, host: "h\(rank)", process: Int32(rank))
      let lead =
        rank != 0
        ? nil
        : SweepLead(items: sink.items(of: plan), sink: sink) { [unowned self] progress, _ in report(progress)
        }
      loops.append(
        RankLoop(
          transport: network.transport(rank: rank), cells: cells, workshop: FakeWorkshop(plan), lead: lead,
          options: options, surroundings: surroundings))
    }
  }

  func pass(seconds: Double) { time += seconds }

  /// Steps random ranks until all have been told to stop.
  func run(drainAfter: Int? = nil, limit: Int = 100_000) throws -> SweepSummary? {
    for loop in loops { try loop.start() }
    for step in 0..<limit {
      if step == drainAfter { drain = true }
      let open = loops.indices.filter { loops[$0].worker.summary == nil && !stopped.contains($0) }
      guard let rank = open.randomElement(using: &dice) else { break }
      time += Double.random(in: 0...0.2, using: &dice)
      _ = try loops[rank].turn()
    }
    let summaries = loops.indices.filter { !stopped.contains($0) }.map { loops[$0].worker.summary }
    for other in summaries { #expect(other == summaries[0], "every rank returns the same summary") }
    return summaries[0]
  }
}

@Suite struct CoordinatorTests {
  static func plan(_ seed: Int) -> [FakeCell] {
    var dice = SeededRandom(UInt64(seed))
    return (0..<Int.random(in: 0...25, using: &dice)).map { _ in
      FakeCell(
        steps: Int.random(in: 1...12, using: &dice),
        throwsAt: Int.random(in: 0...9, using: &dice) == 0 ? Int.random(in: -1...3, using: &dice) : nil,
        status: Int.random(in: 0...5, using: &dice) == 0 ? .diverged : .done,
        padding: Int.random(in: 0...3, using: &dice) == 0 ? 50_000 : 0)
    }
  }

  static func expectAll(_ plan: [FakeCell], in sink: FakeSink) {
    #expect(sink.complaints.isEmpty)
    for (index, cell) in plan.enumerated() {
      let key = UInt64(index + 1)
      let fails = cell.throwsAt.map { $0 < cell.steps } ?? false
      #expect(sink.results[key] == (fails ? .failed : cell.status))
      if !fails { #expect(sink.iterations[key]?.count == cell.steps) }
    }
  }

  @Test("Every cell gives all its records, in any order of steps")
  func wholeRuns() throws {
    for seed in 0..<150 {
      let plan = Self.plan(seed)
      let rehearsal = Rehearsal(plan, ranks: 1 + seed % 7, seed: seed)
      let summary = try #require(try rehearsal.run())
      Self.expectAll(plan, in: rehearsal.sink)
      #expect(summary.done + summary.diverged + summary.failed == plan.count)
      #expect(summary.exitCode == 0)
    }
  }

  @Test("Drained again and again, with another number of ranks each time, it ends with the same records")
  func drains() throws {
    for seed in 0..<60 {
      let plan = Self.plan(1000 + seed)
      let sink = FakeSink()
      var launches = 0
      while launches == 0 || sink.results.count < plan.count {
        launches += 1
        let rehearsal = Rehearsal(
          plan, ranks: 1 + (seed + launches) % 5, seed: seed + 977 * launches, sink: sink)
        let summary = try #require(try rehearsal.run(drainAfter: launches < 200 ? 20 + seed : nil))
        #expect(summary.drained == (sink.results.count < plan.count))
        #expect(summary.exitCode == (summary.drained ? 75 : 0))
        try #require(launches <= 200)
      }
      Self.expectAll(plan, in: sink)
    }
  }

  @Test(
    "Results of tiny cells go to a slow disk in groups; no cell counts as ended before its result is there")
  func resultsGoTogether() throws {
    let plan = Array(repeating: FakeCell(steps: 1), count: 400)
    let sink = FakeSink()
    let rehearsal = Rehearsal(plan, ranks: 5, seed: 3, sink: sink)
    sink.duringCommit = { [unowned rehearsal] in rehearsal.pass(seconds: 0.1) }
    var shown = 0
    rehearsal.report = { progress in
      shown = progress.ended
      #expect(progress.ended <= sink.results.count)
    }
    let summary = try #require(try rehearsal.run())
    #expect(summary.done == 400 && sink.results.count == 400 && shown > 300)
    #expect(sink.commits < 200, "\(sink.commits) commits of 400 results")
    let share = 0.1 * Double(sink.commits) / rehearsal.time
    #expect(share < 0.11, "commits take \(share) of the time")
  }

  @Test("While rank 0 stores nothing, the others stop at their window: what it has to hold is bounded")
  func backPressure() throws {
    var options = SweepOptions()
    options.patience = 1e9
    let padding = 10_000
    let plan = Array(repeating: FakeCell(steps: 1000, padding: padding), count: 3)
    let rehearsal = Rehearsal(plan, ranks: 3, seed: 5, options: options)
    _ = try rehearsal.run(limit: 300)
    for _ in 0..<3000 {
      rehearsal.pass(seconds: 0.1)
      for rank in 1...2 { _ = try rehearsal.loops[rank].turn() }
    }
    var waiting = [0, 0, 0]
    while let (source, bytes) = rehearsal.network.take(for: 0) {
      if case .records(_, _, _, let records) = try Message(decoding: bytes) {
        waiting[source] += records.reduce(0) { $0 + $1.bytes.count }
      }
    }
    for rank in 1...2 {
      #expect(waiting[rank] > options.window, "\(waiting)")
      #expect(waiting[rank] <= options.window + options.flushBytes + padding + 200, "\(waiting)")
    }
  }

  @Test func manyRanksSpeakLessOften() {
    let few = SweepOptions().scaled(to: 100)
    #expect(few.flushInterval == 0.2 && few.stateInterval == 3 && few.beatInterval == 1)
    let many = SweepOptions().scaled(to: 10_000)
    #expect(many.flushInterval == 1 && many.stateInterval == 3 && many.beatInterval == 10)
    let most = SweepOptions().scaled(to: 100_000)
    #expect(most.flushInterval == 10 && most.stateInterval == 10 && most.beatInterval == 10)
  }

  @Test func aSinkThatFailsEndsTheRun() throws {
    let sink = FakeSink()
    sink.failsAt = 5
    let rehearsal = Rehearsal(Array(repeating: FakeCell(steps: 6), count: 4), ranks: 3, seed: 1, sink: sink)
    let error = #expect(throws: SweepError.self) { _ = try rehearsal.run() }
    #expect(error?.exitCode == 74)
    #expect("\(error!)".contains("no space left in /fake"))
  }

  @Test func aStoppedRankIsNamed() throws {
    let rehearsal = Rehearsal(Array(repeating: FakeCell(steps: 100_000), count: 3), ranks: 3, seed: 4)
    rehearsal.stopped = [2]
    let error = #expect(throws: SweepError.self) { _ = try rehearsal.run(limit: 50_000) }
    guard case .silent(let rank, let host, let process, _, let seconds) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(rank == 2 && host == "h2" && process == 2)
    #expect(seconds > 60 && seconds < 70)
  }

  @Test func workersNoticeThatRank0IsGone() throws {
    let rehearsal = Rehearsal(Array(repeating: FakeCell(steps: 100_000), count: 3), ranks: 3, seed: 4)
    _ = try rehearsal.run(limit: 200)
    rehearsal.stopped = [0]
    let error = #expect(throws: SweepError.self) {
      for _ in 0..<1000 {
        rehearsal.pass(seconds: 0.1)
        for rank in 1...2 { _ = try rehearsal.loops[rank].turn() }
      }
    }
    guard case .silent(0, "h0", 0, _, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}

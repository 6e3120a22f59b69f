import Foundation
import ResultStore
import SweepFakes
import Synchronization
import Testing

@testable import Sweep

/// A run in which every rank is a thread with the real clock.
enum ThreadedRun {
  private struct Outcome: Sendable {
    var summaries: [Int: SweepSummary] = [:]
    var errors: [Int: String] = [:]
    var largestTeam = 0
  }

  /// Runs `plan` and returns the summary; records an issue for every rank that throws or says something else.
  ///
  /// - Parameter drainAfter: a number of lifetimes, of all ranks together, after which every rank is asked to drain.
  static func run(
    _ plan: [FakeCell], ranks: Int, perCell: Int, sink: FakeSink, drainAfter: Int? = nil,
    helping: Bool = false
  ) -> (summary: SweepSummary?, largestTeam: Int) {
    let network = InProcessNetwork(size: ranks)
    let outcome = Mutex(Outcome())
    let lifetimes = Mutex(0)
    let group = DispatchGroup()
    // Only rank 0 touches the sink; the box carries it into its thread.
    nonisolated(unsafe) let sink = sink
    for rank in 0..<ranks {
      group.enter()
      let thread = Thread {
        defer { group.leave() }
        var surroundings = Surroundings.real
        surroundings.signals = {
          Signals.Seen(drain: drainAfter.map { limit in lifetimes.withLock { $0 > limit } } ?? false)
        }
        var options = SweepOptions()
        options.ranksPerCell = perCell
        options.helping = helping
        let workshop = FakeWorkshop(plan) { _, _ in
          lifetimes.withLock { $0 += 1 }
          if drainAfter != nil || helping { usleep(300) }
        }
        workshop.team = { size in outcome.withLock { $0.largestTeam = max($0.largestTeam, size) } }
        let run = SweepRun(
          transport: network.transport(rank: rank), cells: FakeWorkshop.sweepCells(plan.count),
          workshop: workshop,
          lead: rank == 0 ? SweepLead(items: sink.items(of: plan), sink: sink) : nil, options: options,
          surroundings: surroundings)
        do {
          let summary = try run.run()
          outcome.withLock { $0.summaries[rank] = summary }
        } catch { outcome.withLock { $0.errors[rank] = "\(error)" } }
      }
      thread.start()
    }
    // Seconds at most; minutes on a machine that others use.
    let inTime = group.wait(timeout: .now() + 900) == .success
    #expect(inTime, "a run of \(ranks) ranks by \(perCell) hangs")
    return outcome.withLock { outcome in
      #expect(outcome.errors.isEmpty, "\(outcome.errors)")
      #expect(Set(outcome.summaries.values.map { "\($0)" }).count <= 1)
      return (outcome.summaries[0], outcome.largestTeam)
    }
  }
}

@Suite struct TransportTests {
  @Test func messagesKeepTheirOrderPerPair() {
    let network = InProcessNetwork(size: 3)
    let ends = (0..<3).map { network.transport(rank: $0) }
    for i in 0..<10_000 {
      ends[i % 2].send([UInt8(i % 2), UInt8(i / 2 % 256)], to: 2)
    }
    var next = [0, 0]
    while let (source, bytes) = ends[2].poll() {
      #expect(bytes == [UInt8(source), UInt8(next[source] % 256)])
      next[source] += 1
    }
    #expect(next == [5000, 5000])
    #expect(ends[0].poll() == nil)
  }

  @Test(
    "Teams of any size give the records of one rank; the last team may be smaller",
    arguments: [1, 2, 3, 4, 6])
  func teams(perCell: Int) {
    let plan = (0..<14).map { FakeCell(steps: 1 + $0 % 5, gathers: $0 % 4) }
    for ranks in [1, 4, 5] {
      let sink = FakeSink()
      let (summary, _) = ThreadedRun.run(plan, ranks: ranks, perCell: perCell, sink: sink)
      CoordinatorTests.expectAll(plan, in: sink)
      #expect(summary?.done == plan.count)
    }
  }

  @Test("An error on the leader, on a member or on all ranks of a team fails that cell and no other")
  func errorsInTeams() {
    let plan = (0..<18).map { index in
      FakeCell(
        steps: 4, throwsAt: index % 3 == 0 ? index % 5 - 1 : nil, gathers: 1 + index % 2,
        throwingMember: [nil, 0, 1, 2][index % 4])
    }
    let sink = FakeSink()
    let (summary, _) = ThreadedRun.run(plan, ranks: 7, perCell: 3, sink: sink)
    #expect(sink.complaints.isEmpty)
    // The seventh rank leads a team of its own: where members 1 or 2 are to throw, its cells go through.
    #expect(sink.results.count == plan.count)
    for (index, cell) in plan.enumerated() where cell.throwsAt == nil || cell.throwsAt == 4 {
      #expect(sink.results[UInt64(index + 1)] == .done)
    }
    for (index, cell) in plan.enumerated() where cell.throwsAt.map({ $0 < 4 }) == true {
      if cell.throwingMember == nil || cell.throwingMember == 0 || cell.throwsAt == -1 {
        #expect(sink.results[UInt64(index + 1)] == .failed)
      }
    }
    #expect(summary.map { $0.done + $0.failed } == plan.count)
  }

  @Test(
    "Ranks without a cell help others, join and leave in mid-cell, and change no record", arguments: [1, 2])
  func helpers(perCell: Int) {
    var plan = (0..<9).map { FakeCell(steps: 3 + 9 * $0, throwsAt: $0 == 7 ? 40 : nil, gathers: 1 + $0 % 2) }
    plan.append(FakeCell(steps: 600, gathers: 1))
    for ranks in [2, 5, 8] {
      let sink = FakeSink()
      let (summary, largestTeam) = ThreadedRun.run(
        plan, ranks: ranks, perCell: perCell, sink: sink, helping: true)
      #expect(largestTeam > perCell || ranks == perCell, "nobody has helped")
      CoordinatorTests.expectAll(plan, in: sink)
      #expect(summary?.done == plan.count - 1)
    }
  }

  @Test func teamsDrainAndGoOnWithOtherTeams() throws {
    let plan = (0..<10).map { FakeCell(steps: 30 + 5 * $0, gathers: 2) }
    let sink = FakeSink()
    var launches = 0
    while launches == 0 || sink.results.count < plan.count {
      let shape = [(ranks: 4, perCell: 2), (ranks: 5, perCell: 3), (ranks: 3, perCell: 1)][launches % 3]
      launches += 1
      try #require(launches < 50)
      let (summary, _) = ThreadedRun.run(
        plan, ranks: shape.ranks, perCell: shape.perCell, sink: sink, drainAfter: 300)
      #expect(summary?.drained == (sink.results.count < plan.count))
    }
    CoordinatorTests.expectAll(plan, in: sink)
    #expect(launches > 1)
  }
}

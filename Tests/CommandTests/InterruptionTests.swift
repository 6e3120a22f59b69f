import Foundation
import Glibc
import TestSupport
import Testing

/// After any death the same command goes on, and the export is that of an undisturbed run.
@Suite(.startsPrograms) struct InterruptionTests {
  /// Who is killed.
  enum Victim: CaseIterable { case worker, rank0, launcher }

  /// Kills as soon as the victim is there and when ever more is stored, resuming each time with another number of
  /// ranks.
  @Test(arguments: Victim.allCases)
  func killedAndResumed(victim: Victim) throws {
    let sweep = try TinySweep(TinySweep.longText)
    var deaths = 0
    for (launch, growth) in [0, 1, 40_000, 120_000].enumerated() {
      let process = try RunningProcess(
        mpirun(ranks: 2 + launch % 3, sweep.arguments()), environment: mpiEnvironment)
      let target = sweep.storedBytes() + growth
      var pid: pid_t?
      let isThere = try process.wait(for: "\(victim), and \(growth) new bytes") {
        pid = sweep.storedBytes() >= target ? find(victim, of: process, sweep) : nil
        return pid != nil
      }
      guard isThere, let pid else { break }
      if kill(pid, SIGKILL) == 0 { deaths += 1 }
      _ = try process.wait()
      sweep.waitForRanks()
    }
    let last = try runRanks(2, sweep.arguments(), limit: 300)
    #expect(last.end == .exited(0), "\(last)")
    // Ranks go on for some seconds after the death of mpirun, so that few deaths fit into one sweep.
    #expect(
      deaths >= (victim == .launcher ? 1 : 2), "the sweep ended before it could be killed often enough")
    #expect(try sweep.export() == TinySweep.undisturbedLong.get())
    #expect(try trifactor("verify", sweep.out).end == .exited(0))
  }

  /// SIGUSR1 to mpirun: the iteration ends, the state is stored, exit 75; the same command finishes.
  @Test func drainedAndResumed() throws {
    let sweep = try TinySweep(TinySweep.longText)
    var drained = 0
    for (launch, growth) in [1, 40_000, 120_000, 200_000].enumerated() {
      guard let process = try sweep.launch(sweep.arguments(), ranks: 1 + launch, until: growth) else { break }
      process.send(SIGUSR1)
      let result = try process.wait()
      if result.end == .exited(0) { break }
      drained += 1
      #expect(result.end == .exited(75), "\(result)")
      #expect(result.errors.contains("run the same command again"), "\(result)")
      sweep.waitForRanks()
    }
    let last = try runRanks(3, sweep.arguments(), limit: 300)
    #expect(last.end == .exited(0), "\(last)")
    #expect(drained >= 1, "no launch was drained")
    #expect(try sweep.export() == TinySweep.undisturbedLong.get())
  }

  /// A signal that comes before the program listens ends it the hard way, which must not matter either.
  @Test func aSignalAtTheStartCostsNothing() throws {
    let sweep = try TinySweep()
    for signal in [SIGUSR1, SIGTERM] {
      let process = try RunningProcess(mpirun(ranks: 2, sweep.arguments()), environment: mpiEnvironment)
      process.send(signal)
      _ = try process.wait()
      sweep.waitForRanks()
    }
    #expect(try runRanks(2, sweep.arguments()).end == .exited(0))
    #expect(try sweep.export() == TinySweep.undisturbed.get())
  }

  /// SIGTERM to mpirun, which gives its ranks a moment: what is stored is safe and the same command finishes.
  @Test func terminatedAndResumed() throws {
    let sweep = try TinySweep(TinySweep.longText)
    let process = try #require(try sweep.launch(sweep.arguments(), ranks: 3, until: 10_000))
    process.send(SIGTERM)
    let result = try process.wait()
    #expect(result.end != .exited(0), "\(result)")
    sweep.waitForRanks()
    let last = try runRanks(2, sweep.arguments(["--ranks-per-cell", "2"]), limit: 300)
    #expect(last.end == .exited(0), "\(last)")
    #expect(last.errors.contains("from a stored state"), "\(last)")
    #expect(try sweep.export() == TinySweep.undisturbedLong.get())
  }

  /// SIGSTOP of a rank, which nothing else notices: the others name it and end the job; stored results go on.
  @Test(arguments: [0, 2])
  func stoppedAndResumed(rank: Int) throws {
    let sweep = try TinySweep(TinySweep.longText)
    // Patience for what a living rank may wait for its processor.
    let process = try #require(
      try sweep.launch(sweep.arguments(["--patience", "6"]), ranks: 3, until: 10_000))
    let pid = try #require(sweep.ranks()[rank], "no rank \(rank) to be stopped")
    #expect(kill(pid, SIGSTOP) == 0)
    let result = try process.wait(limit: 120)
    #expect(result.end == .exited(70), "\(result)")
    #expect(result.errors.contains("rank \(rank) (process \(pid) on "), "\(result)")
    sweep.waitForRanks()
    let last = try runRanks(2, sweep.arguments(), limit: 300)
    #expect(last.end == .exited(0), "\(last)")
    #expect(try sweep.export() == TinySweep.undisturbedLong.get())
  }

  /// Added seeds cost only the new cells; the report says so.
  @Test
  func addedCellsOnly() throws {
    let small = TinySweep.text.replacingOccurrences(of: "0..<2", with: "0..<1")
    let sweep = try TinySweep(small)
    #expect(try run(sweep.arguments(), limit: 200).end == .exited(0))
    try TinySweep.text.write(toFile: sweep.file, atomically: true, encoding: .utf8)
    let result = try run(sweep.arguments(), limit: 200)
    #expect(result.end == .exited(0), "\(result)")
    #expect(result.errors.contains("6 cells added, 0 removed, 6 unchanged"), "\(result)")
    #expect(result.errors.contains("6 of 12 cells to run, 6 done before"), "\(result)")
    #expect(try sweep.export() == TinySweep.undisturbed.get())
  }

  private func find(_ victim: Victim, of launcher: RunningProcess, _ sweep: TinySweep) -> pid_t? {
    switch victim {
    case .launcher: launcher.pid
    case .rank0: sweep.ranks()[0]
    case .worker: sweep.ranks().max { $0.key < $1.key }?.value
    }
  }
}

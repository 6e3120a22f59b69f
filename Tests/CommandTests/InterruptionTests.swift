import Foundation
import Glibc
import TestSupport
import Testing

/// After any death the same command goes on, and the export is that of an undisturbed run.
@Suite(.serialized) struct InterruptionTests {
  /// Who is killed.
  enum Victim: CaseIterable { case worker, rank0, launcher }

  /// Kills at growing moments, resuming each time with another number of ranks, until the sweep is done.
  @Test(.timeLimit(.minutes(15)), arguments: Victim.allCases)
  func killedAndResumed(victim: Victim) throws {
    let sweep = try TinySweep(TinySweep.longText)
    var delay = 0.4
    var deaths = 0
    for launch in 0..<40 {
      let ranks = 2 + launch % 3
      let process = try RunningProcess(
        mpirun(ranks: ranks, sweep.arguments(), limit: 300), environment: mpiEnvironment)
      usleep(UInt32(delay * 1e6))
      delay *= 1.25
      guard process.isRunning else { break }
      // A victim that is not there yet is no number that kill() would take for every process of the machine.
      if let pid = try target(victim, sweep), kill(pid, SIGKILL) == 0 { deaths += 1 }
      _ = try process.wait(limit: 60)
      try sweep.waitForRanks()
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
  @Test(.timeLimit(.minutes(10)))
  func drainedAndResumed() throws {
    let sweep = try TinySweep(TinySweep.longText)
    var drained = 0
    for launch in 0..<20 {
      let process = try RunningProcess(
        mpirun(ranks: 1 + launch % 4, sweep.arguments(), limit: 300), environment: mpiEnvironment)
      usleep(700_000 + UInt32(launch) * 200_000)
      guard process.isRunning, let pid = try? sweep.launcher() else { break }
      kill(pid, SIGUSR1)
      let result = try process.wait(limit: 60)
      if result.end == .exited(0) { break }
      // A signal that comes before the program listens ends it the hard way, which must not matter either.
      if result.end == .exited(75) {
        drained += 1
        #expect(result.errors.contains("run the same command again"), "\(result)")
      }
      try sweep.waitForRanks()
    }
    let last = try runRanks(3, sweep.arguments(), limit: 300)
    #expect(last.end == .exited(0), "\(last)")
    #expect(drained >= 1, "no launch was drained")
    #expect(try sweep.export() == TinySweep.undisturbedLong.get())
  }

  /// SIGTERM to mpirun, which gives its ranks a moment: what is stored is safe and the same command finishes.
  @Test(.timeLimit(.minutes(10)))
  func terminatedAndResumed() throws {
    let sweep = try TinySweep(TinySweep.longText)
    let process = try RunningProcess(
      mpirun(ranks: 3, sweep.arguments(), limit: 300), environment: mpiEnvironment)
    let shard = sweep.out + "/shards/state-d3.00000.npy"
    while !FileManager.default.fileExists(atPath: shard), process.isRunning { usleep(20_000) }
    kill(try sweep.launcher(), SIGTERM)
    let result = try process.wait(limit: 60)
    #expect(result.end != .exited(0), "\(result)")
    try sweep.waitForRanks()
    let last = try runRanks(2, sweep.arguments(["--ranks-per-cell", "2"]), limit: 300)
    #expect(last.end == .exited(0), "\(last)")
    #expect(last.errors.contains("from a stored state"), "\(last)")
    #expect(try sweep.export() == TinySweep.undisturbedLong.get())
  }

  /// SIGSTOP of a rank, which nothing else notices: the others name it and end the job; stored results go on.
  @Test(.timeLimit(.minutes(10)), arguments: [0, 2])
  func stoppedAndResumed(rank: Int) throws {
    let sweep = try TinySweep(TinySweep.longText)
    let process = try RunningProcess(
      mpirun(ranks: 3, sweep.arguments(["--patience", "3"]), limit: 300), environment: mpiEnvironment)
    var stopped: pid_t?
    for _ in 0..<200 where stopped == nil && process.isRunning {
      usleep(50_000)
      let hasRecords = FileManager.default.fileExists(atPath: sweep.out + "/shards/state-d3.00000.npy")
      if hasRecords, let pid = sweep.ranks()[rank], kill(pid, SIGSTOP) == 0 { stopped = pid }
    }
    let pid = try #require(stopped, "no rank \(rank) to be stopped")
    let result = try process.wait(limit: 120)
    #expect(result.end == .exited(70), "\(result)")
    #expect(result.errors.contains("rank \(rank) (process \(pid) on "), "\(result)")
    try sweep.waitForRanks()
    let last = try runRanks(2, sweep.arguments(), limit: 300)
    #expect(last.end == .exited(0), "\(last)")
    #expect(try sweep.export() == TinySweep.undisturbedLong.get())
  }

  /// Added seeds cost only the new cells; the report says so.
  @Test(.timeLimit(.minutes(10)))
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

  private func target(_ victim: Victim, _ sweep: TinySweep) throws -> pid_t? {
    switch victim {
    case .launcher: try sweep.launcher()
    case .rank0: sweep.ranks()[0]
    case .worker: sweep.ranks().max { $0.key < $1.key }?.value
    }
  }
}

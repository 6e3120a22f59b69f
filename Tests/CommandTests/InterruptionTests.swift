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
    let sweep = try TinySweep()
    var delay = 0.3
    var deaths = 0
    for launch in 0..<40 {
      let ranks = 2 + launch % 3
      let process = try RunningProcess(
        mpirun(ranks: ranks, sweep.arguments(), limit: 300), environment: mpiEnvironment)
      usleep(UInt32(delay * 1e6))
      delay *= 1.15
      guard process.isRunning else { break }
      if kill(try target(victim, sweep), SIGKILL) == 0 { deaths += 1 }
      _ = try process.wait(limit: 60)
      try waitForRanks(sweep)
    }
    let last = try runRanks(2, sweep.arguments(), limit: 300)
    #expect(last.end == .exited(0), "\(last)")
    #expect(deaths >= 1, "the sweep ended before it could be killed often enough")
    #expect(try sweep.export() == TinySweep.undisturbed.get())
    #expect(try trifactor("verify", sweep.out).end == .exited(0))
  }

  /// SIGUSR1 to mpirun: the iteration ends, the state is stored, exit 75; the same command finishes.
  @Test(.timeLimit(.minutes(10)))
  func drainedAndResumed() throws {
    let sweep = try TinySweep()
    var drained = 0
    for launch in 0..<20 {
      let process = try RunningProcess(
        mpirun(ranks: 1 + launch % 4, sweep.arguments(), limit: 300), environment: mpiEnvironment)
      usleep(700_000 + UInt32(launch) * 200_000)
      guard process.isRunning, let pid = try? self.launcher(sweep) else { break }
      kill(pid, SIGUSR1)
      let result = try process.wait(limit: 60)
      if result.end == .exited(0) { break }
      // A signal that comes before the program listens ends it the hard way, which must not matter either.
      if result.end == .exited(75) {
        drained += 1
        #expect(result.errors.contains("run the same command again"), "\(result)")
      }
      try waitForRanks(sweep)
    }
    let last = try runRanks(3, sweep.arguments(), limit: 300)
    #expect(last.end == .exited(0), "\(last)")
    #expect(drained >= 1, "no launch was drained")
    #expect(try sweep.export() == TinySweep.undisturbed.get())
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

  private func target(_ victim: Victim, _ sweep: TinySweep) throws -> pid_t {
    switch victim {
    case .launcher: try launcher(sweep)
    case .rank0: try ranks(sweep)[0] ?? -1
    case .worker: try ranks(sweep).max { $0.key < $1.key }?.value ?? -1
    }
  }

  /// The mpirun of this sweep.
  private func launcher(_ sweep: TinySweep) throws -> pid_t {
    guard let pid = processes(of: sweep).first(where: { $0.command.first?.hasSuffix("mpirun") == true })?.pid
    else {
      throw ProcessFailure("no mpirun runs \(sweep.file)")
    }
    return pid
  }

  /// Process by rank.
  private func ranks(_ sweep: TinySweep) throws -> [Int: pid_t] {
    var result: [Int: pid_t] = [:]
    for process in processes(of: sweep) where process.command.first?.hasSuffix("trifactor") == true {
      if let rank = process.environment["OMPI_COMM_WORLD_RANK"].flatMap({ Int($0) }) {
        result[rank] = process.pid
      }
    }
    return result
  }

  /// Ranks outlive a killed mpirun by up to three seconds.
  private func waitForRanks(_ sweep: TinySweep) throws {
    for _ in 0..<200 where !processes(of: sweep).isEmpty { usleep(100_000) }
    for process in processes(of: sweep) { kill(process.pid, SIGKILL) }
  }

  private struct Found {
    var pid: pid_t
    var command: [String]
    var environment: [String: String]
  }

  /// Every living process whose command line names the sweep's file, by /proc.
  private func processes(of sweep: TinySweep) -> [Found] {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return entries.compactMap { pid_t($0) }.compactMap { pid in
      let command = words("/proc/\(pid)/cmdline")
      guard command.contains(sweep.file), !command[0].hasSuffix("timeout") else { return nil }
      let environment = words("/proc/\(pid)/environ").map {
        $0.split(separator: "=", maxSplits: 1).map(String.init)
      }
      return Found(
        pid: pid, command: command,
        environment: Dictionary(
          environment.filter { $0.count == 2 }.map { ($0[0], $0[1]) }, uniquingKeysWith: { a, _ in a }))
    }
  }

  private func words(_ path: String) -> [String] {
    guard let data = FileManager.default.contents(atPath: path) else { return [] }
    return data.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
  }
}

import Foundation
import Glibc
import TestSupport
import Testing

/// A fake sweep under mpirun whose ranks can be killed, started again and again over one folder.
final class MortalSweep {
  let folder: TemporaryFolder
  private let options: [String]
  private let program: String

  init(_ options: [String]) throws {
    folder = try TemporaryFolder("deaths")
    program = try Repository.program("mpi-check")
    self.options = ["sweep", "folder=\(folder.path)"] + options
  }

  /// - Parameter milliseconds: of a lifetime, of which a step has two.
  func start(ranks: Int, milliseconds: Int) throws -> RunningProcess {
    try RunningProcess(
      mpirun(ranks: ranks, [program] + options + ["ms=\(milliseconds)"]), environment: mpiEnvironment)
  }

  /// Starts ranks so slow that the sweep does not end by itself while the test looks away, and waits until they have
  /// stored something.
  /// - Returns: with the process numbers of the ranks.
  func startedAndAtWork(ranks: Int) throws -> (running: RunningProcess, ranks: [pid_t]) {
    let before = stored
    let running = try start(ranks: ranks, milliseconds: 60)
    let isAtWork = try running.wait(for: "\(ranks) ranks, and a record") {
      stored > before && Self.processes(running).count == ranks
    }
    guard isAtWork else { throw ProcessFailure("the ranks did not come up: \(try running.wait())") }
    let found = Self.processes(running)
    return (running, (0..<ranks).compactMap { found[$0] })
  }

  /// Process numbers of the ranks that have said theirs.
  private static func processes(_ running: RunningProcess) -> [Int: pid_t] {
    var found: [Int: pid_t] = [:]
    for line in running.output.split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.count == 4, words[0] == "rank", words[2] == "process", let rank = Int(words[1]),
        let process = pid_t(words[3])
      {
        found[rank] = process
      }
    }
    return found
  }

  /// Bytes that rank 0 has stored.
  var stored: Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: folder.path + "/records")
    return (attributes?[.size] as? Int) ?? 0
  }

  /// True while a process runs; a zombie does not.
  static func isAlive(_ process: pid_t) -> Bool {
    guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
      let state = text.split(separator: ")").last?.split(separator: " ").first
    else { return false }
    return state != "Z" && state != "X"
  }
}

@Suite(.startsPrograms) struct DeathTests {
  static let shape = ["cells=18", "steps=\(Soak.isOn ? 60 : 8)", "gathers=1"]

  static func uninterrupted() throws -> String {
    let result = try mpiCheck(["sweep", "ms=0"] + shape, ranks: 2)
    return try #require(SweepUnderMPITests.digest(result), "\(result)")
  }

  @Test(
    "Killed with -9 at random moments (a worker, rank 0, mpirun), the same command ends with the same records"
  )
  func killed() throws {
    let wanted = try Self.uninterrupted()
    let sweep = try MortalSweep(Self.shape + ["per-cell=2"])
    let deaths = Soak.isOn ? 60 : 6
    var random = SeededRandom(1)
    for death in 0..<deaths {
      let ranks = 2 + death % 3
      let (running, processes) = try sweep.startedAndAtWork(ranks: ranks)
      usleep(UInt32.random(in: 0...200_000, using: &random))
      let before = sweep.stored
      switch death % 3 {
      case 0: kill(processes[ranks - 1], SIGKILL)
      case 1: kill(processes[0], SIGKILL)
      default: running.send(SIGKILL)
      }
      let result = try running.wait()
      #expect(result.code != 0, "death \(death): \(result)")
      // Whatever mpirun leaves behind is gone within seconds of a processor and has not touched what was stored.
      for _ in 0..<6000 {
        guard processes.contains(where: MortalSweep.isAlive) else { break }
        usleep(10_000)
      }
      #expect(!processes.contains(where: MortalSweep.isAlive), "death \(death): ranks outlive the job")
      #expect(sweep.stored >= before)
    }
    let last = try sweep.start(ranks: 3, milliseconds: 0).wait()
    #expect(last.code == 0, "\(last)")
    #expect(SweepUnderMPITests.digest(last) == wanted)
    figure("deaths in one sweep of fake cells: \(deaths), nothing lost")
  }

  /// The ranks' patience is what a living one may wait for its processor.
  @Test("A stopped rank is named by the others and the job ends", arguments: [0, 2])
  func stopped(rank: Int) throws {
    let sweep = try MortalSweep(["cells=20", "steps=1000", "patience=6"])
    let (running, processes) = try sweep.startedAndAtWork(ranks: 3)
    kill(processes[rank], SIGSTOP)
    let result = try running.wait()
    #expect(result.code == 70, "\(result)")
    #expect(result.errors.contains("rank \(rank) (process \(processes[rank]) on "), "\(result)")
  }

  @Test(
    "TERM, to mpirun or to rank 0 alone, ends the job; the same command goes on", arguments: [true, false])
  func terminated(all: Bool) throws {
    let wanted = try Self.uninterrupted()
    let sweep = try MortalSweep(Self.shape)
    let (running, processes) = try sweep.startedAndAtWork(ranks: 3)
    if all { running.send(SIGTERM) } else { kill(processes[0], SIGTERM) }
    let result = try running.wait()
    // mpirun itself ends with 1 when it is told to stop, whatever the ranks say.
    #expect(result.code == (all ? 1 : 75), "\(result)")
    let last = try sweep.start(ranks: 2, milliseconds: 0).wait()
    #expect(last.code == 0 && SweepUnderMPITests.digest(last) == wanted, "\(last)")
  }
}

import Foundation
import Glibc
import TestSupport
import Testing

/// The same sweep gives the same bytes on any number of ranks, alone or in groups.
@Suite struct RankCountTests {
  @Test(.timeLimit(.minutes(10)), arguments: [1, 2, 3, 4])
  func exportIsTheSame(ranks: Int) throws {
    let sweep = try TinySweep()
    let result = try runRanks(ranks, sweep.arguments(), limit: 300)
    #expect(result.end == .exited(0), "\(result)")
    #expect(try sweep.export() == TinySweep.undisturbed.get())
  }

  @Test(.timeLimit(.minutes(10)), arguments: [(4, 2), (3, 2), (4, 4), (6, 6)])
  func exportIsTheSameInGroups(ranks: Int, perCell: Int) throws {
    let sweep = try TinySweep()
    let result = try runRanks(ranks, sweep.arguments(["--ranks-per-cell", "\(perCell)"]), limit: 300)
    #expect(result.end == .exited(0), "\(result)")
    #expect(try sweep.export() == TinySweep.undisturbed.get())
  }

  /// Ranks join and leave cells in mid-sweep: no bit may depend on when.
  @Test(.timeLimit(.minutes(10)), arguments: [2, 5])
  func exportIsTheSameWhenIdleRanksHelp(ranks: Int) throws {
    let sweep = try TinySweep()
    let result = try runRanks(ranks, sweep.arguments(["--ranks-per-cell", "auto"]), limit: 300)
    #expect(result.end == .exited(0), "\(result)")
    #expect(try sweep.export() == TinySweep.undisturbed.get())
  }

  /// A population of `evolution` spread over the ranks of a cell, learning constants beside theta: any number of ranks,
  /// and a run that is drained and goes on with other numbers, give one export.
  @Test(.timeLimit(.minutes(10)))
  func evolutionIsTheSameInGroups() throws {
    let expected = try TinySweep.undisturbedEvolution.get()
    for perCell in 1...3 {
      let sweep = try TinySweep(TinySweep.evolutionText)
      let result = try runRanks(3, sweep.arguments(["--ranks-per-cell", "\(perCell)"]), limit: 300)
      #expect(result.end == .exited(0), "\(result)")
      #expect(try sweep.export() == expected, "\(perCell) ranks a cell")
    }
    let sweep = try TinySweep(TinySweep.evolutionText)
    var drained = 0
    for launch in 0..<12 {
      let process = try RunningProcess(
        mpirun(ranks: 3, sweep.arguments(["--ranks-per-cell", "\(1 + launch % 3)"]), limit: 300),
        environment: mpiEnvironment)
      // As soon as there is a state to go on from, later each time.
      for _ in 0..<100 where process.isRunning {
        usleep(50_000)
        if FileManager.default.fileExists(atPath: sweep.out + "/shards/state-d2.00000.npy") { break }
      }
      usleep(UInt32(launch) * 100_000)
      guard process.isRunning, let pid = try? sweep.launcher() else { break }
      kill(pid, SIGUSR1)
      let result = try process.wait(limit: 60)
      if result.end == .exited(0) { break }
      if result.end == .exited(75) { drained += 1 }
      try sweep.waitForRanks()
    }
    #expect(drained >= 1, "no launch was drained")
    let last = try runRanks(2, sweep.arguments(["--ranks-per-cell", "2"]), limit: 300)
    #expect(last.end == .exited(0), "\(last)")
    #expect(try sweep.export() == expected)
  }

  @Test(.timeLimit(.minutes(5)))
  func moreRanksThanCells() throws {
    let sweep = try TinySweep(
      TinySweep.text.replacingOccurrences(of: "[0, 1, 3]", with: "[1]").replacingOccurrences(
        of: "[cue-association, delayed-nonmatch]", with: "[cue-association]"))
    let result = try runRanks(5, sweep.arguments(), limit: 200)
    #expect(result.end == .exited(0), "\(result)")
    #expect(result.errors.contains("2 done"))
  }
}

import Foundation
import Glibc
import TestSupport
import Testing

/// The same sweep gives the same bytes on any number of ranks, alone or in groups.
@Suite(.startsPrograms) struct RankCountTests {
  @Test(arguments: [1, 2, 3, 4])
  func exportIsTheSame(ranks: Int) throws {
    let sweep = try TinySweep()
    let result = try runRanks(ranks, sweep.arguments(), limit: 300)
    #expect(result.end == .exited(0), "\(result)")
    #expect(try sweep.export() == TinySweep.undisturbed.get())
  }

  @Test(arguments: [(4, 2), (3, 2), (4, 4), (6, 6)])
  func exportIsTheSameInGroups(ranks: Int, perCell: Int) throws {
    let sweep = try TinySweep()
    let result = try runRanks(ranks, sweep.arguments(["--ranks-per-cell", "\(perCell)"]), limit: 300)
    #expect(result.end == .exited(0), "\(result)")
    #expect(try sweep.export() == TinySweep.undisturbed.get())
  }

  /// Ranks join and leave cells in mid-sweep: no bit may depend on when.
  @Test(arguments: [2, 5])
  func exportIsTheSameWhenIdleRanksHelp(ranks: Int) throws {
    let sweep = try TinySweep()
    let result = try runRanks(ranks, sweep.arguments(["--ranks-per-cell", "auto"]), limit: 300)
    #expect(result.end == .exited(0), "\(result)")
    #expect(try sweep.export() == TinySweep.undisturbed.get())
  }

  /// A population of `evolution` spread over the ranks of a cell, learning constants beside theta: any number of ranks,
  /// and a run that is drained and goes on with other numbers, give one export.
  @Test
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
    for (launch, growth) in [1, 20_000, 60_000].enumerated() {
      let command = try sweep.arguments(["--ranks-per-cell", "\(1 + launch)"])
      guard let process = try sweep.launch(command, ranks: 3, until: growth) else { break }
      process.send(SIGUSR1)
      let result = try process.wait()
      if result.end == .exited(0) { break }
      if result.end == .exited(75) { drained += 1 }
      sweep.waitForRanks()
    }
    #expect(drained >= 1, "no launch was drained")
    let last = try runRanks(2, sweep.arguments(["--ranks-per-cell", "2"]), limit: 300)
    #expect(last.end == .exited(0), "\(last)")
    #expect(try sweep.export() == expected)
  }

  /// Networks with Dale's law, sparse, with other nonlinearities and learners: masks and cuts depend on no rank.
  @Test
  func wiredNetworksAreTheSameOnAnyNumberOfRanks() throws {
    let expected = try TinySweep.undisturbedWired.get()
    for ranks in 1...3 {
      let sweep = try TinySweep(TinySweep.wiredText)
      let result = try runRanks(
        ranks, sweep.arguments(["--ranks-per-cell", "\((ranks + 1) / 2)"]), limit: 300)
      #expect(result.end == .exited(0), "\(result)")
      #expect(try sweep.export() == expected, "\(ranks) ranks")
    }
  }

  @Test
  func moreRanksThanCells() throws {
    let sweep = try TinySweep(
      TinySweep.text.replacingOccurrences(of: "[0, 1, 3]", with: "[1]").replacingOccurrences(
        of: "[cue-association, delayed-nonmatch]", with: "[cue-association]"))
    let result = try runRanks(5, sweep.arguments(), limit: 200)
    #expect(result.end == .exited(0), "\(result)")
    #expect(result.errors.contains("2 done"))
  }
}

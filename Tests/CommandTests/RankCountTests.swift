import Foundation
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

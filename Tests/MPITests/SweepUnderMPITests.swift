import Foundation
import Glibc
import TestSupport
import Testing

/// A sweep of fake cells under mpirun.
@Suite(.startsPrograms) struct SweepUnderMPITests {
  /// The digest of all records that a sweep printed.
  static func digest(_ result: ProcessResult) -> String? {
    result.output.split(separator: "\n").first { $0.hasPrefix("results ") }.map(String.init)
  }

  /// Processor time over wall time of each rank.
  static func shares(_ result: ProcessResult) -> [Double] {
    let line = result.output.split(separator: "\n").first { $0.hasPrefix("processor share ") } ?? ""
    return line.split(separator: " ").compactMap { Double($0) }
  }

  @Test func anyNumberOfRanksGivesTheSameRecords() throws {
    let options = ["sweep", "cells=14", "gathers=2"]
    let alone = try run([try Repository.program("mpi-check")] + options, environment: ["PATH": "/nowhere"])
    let wanted = try #require(Self.digest(alone))
    for ranks in 1...4 {
      for perCell in [1, 2, 3] where perCell <= ranks {
        let result = try mpiCheck(options + ["per-cell=\(perCell)"], ranks: ranks)
        #expect(result.code == 0, "\(result)")
        #expect(result.output.contains("ok sweep done 14 failed 0 left 0 drained false"))
        #expect(Self.digest(result) == wanted)
      }
    }
  }

  @Test func ranksThatHelpChangeNoRecord() throws {
    let options = ["sweep", "cells=5", "steps=40", "gathers=2"]
    let wanted = try #require(Self.digest(try mpiCheck(options, ranks: 1)))
    for ranks in [2, 4] {
      let result = try mpiCheck(options + ["helping=yes"], ranks: ranks)
      #expect(result.code == 0 && Self.digest(result) == wanted, "\(result)")
    }
  }

  @Test func ranksWithoutACellIdleAndAllFinishTogether() throws {
    let result = try mpiCheck(["sweep", "cells=1", "steps=100", "ms=10"], ranks: 4)
    #expect(result.code == 0, "\(result)")
    let shares = Self.shares(result)
    #expect(shares.count == 4 && shares.allSatisfy { $0 < 0.1 }, "\(shares)")
  }

  @Test func aCellThatThrowsIsRecordedAndTheRestGoesOn() throws {
    let result = try mpiCheck(["sweep", "throws=3"], ranks: 3)
    #expect(result.code == 0 && result.output.contains("done 11 failed 1 left 0"), "\(result)")
  }

  @Test("A store that cannot write ends all ranks with its reason", arguments: [1, 3])
  func sinkFails(ranks: Int) throws {
    let result = try mpiCheck(["sweep", "fails-at=5"], ranks: ranks)
    #expect(result.code == 74, "\(result)")
    #expect(result.errors.contains("error: rank 0: cannot store results: no space left in /fake"))
  }

  @Test("USR1 to mpirun drains every rank with exit 75, and the same command goes on", arguments: [1, 2])
  func drain(perCell: Int) throws {
    let shape = ["cells=24", "steps=10", "gathers=1"]
    let wanted = try #require(Self.digest(try mpiCheck(["sweep", "ms=1"] + shape, ranks: 2)))
    let sweep = try MortalSweep(shape + ["per-cell=\(perCell)"])
    for ranks in [4, 3] {
      let (running, _) = try sweep.startedAndAtWork(ranks: ranks)
      running.send(SIGUSR1)
      let result = try running.wait()
      #expect(result.code == 75, "\(result)")
    }
    let last = try sweep.start(ranks: 2, milliseconds: 1).wait()
    #expect(last.code == 0 && Self.digest(last) == wanted, "\(last)")
  }
}

import Dynamics
import Kernels
import MPI
import ResultStore
import Sweep
import Tasks
import Testing

@testable import Launch

/// What an error means to the shell, and small readings of the command line and environment.
@Suite struct FailureTests {
  static let codes: [(any Error, Int32)] = [
    (UsageError("--x is 3"), 64),
    (StoreError(.damaged, "a bad byte"), 65),
    (StoreError(.locked, "process 7"), 69),
    (StoreError(.internal, "differs"), 70),
    (StoreError(.io, "full"), 74),
    (SweepError.terminated, 75),
    (SweepError.sink(StoreError(.io, "full")), 74),
    (SweepError.mismatch(what: "version", values: []), 64),
    (MPIError(code: 1, call: "MPI_Bcast", text: "no"), 70),
    (SIMDLevelError.unknown("v7"), 64),
  ]

  @Test(arguments: codes)
  func everyKindOfErrorHasItsCode(_ error: any Error, code: Int32) throws {
    let failure = try #require(Failure(error))
    #expect(failure.code == code && failure.message == "\(error)")
    #expect(Failure.code(of: error) == code)
  }

  @Test func anUnknownErrorIsInternalAndSpeaksForItself() {
    #expect(Failure(CancellationError()) == nil)
    #expect(Failure.code(of: CancellationError()) == 70)
  }

  @Test func theFirstRankIsKnownBeforeMPIStarts() {
    #expect(isFirstRank([:]) && isFirstRank(["OMPI_COMM_WORLD_RANK": "0"]))
    #expect(!isFirstRank(["PMIX_RANK": "3"]) && rankText(["PMI_RANK": "2"]) == "2")
  }

  @Test func ranksPerCell() {
    #expect(RanksPerCell("auto") == .auto && RanksPerCell("4") == .always(4))
    #expect(RanksPerCell("0") == nil && RanksPerCell("many") == nil)
    #expect(RanksPerCell.auto.number == 1 && RanksPerCell.always(4).number == 4)
  }

  @Test func aCellIsChosenByTheBeginningOfItsKey() throws {
    let cells = try TwoCells.sweep().cells
    #expect(try CellChoice(nil).cell(of: cells).key == cells[0].key)
    let key = cells[1].keyText
    #expect(try CellChoice(String(key.uppercased().prefix(8))).cell(of: cells).key == cells[1].key)
    let error = #expect(throws: UsageError.self) { try CellChoice("xyz").cell(of: cells) }
    #expect(
      error?.description
        == "--cell 'xyz' fits 0 of 2 cells; wanted: the key of one, such as \(cells[0].keyText) "
        + "(\(cells[0].label)), \(key) (\(cells[1].label)). `trifactor plan` lists them")
  }
}

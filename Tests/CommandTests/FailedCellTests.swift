import Foundation
import ResultStore
import SweepFakes
import TestSupport
import Testing

/// A real cell that throws: it is recorded as failed with its message, and the sweep goes on.
@Suite(.startsPrograms) struct FailedCellTests {
  /// The stored state of one of three cells is of another machine.
  @Test(arguments: [1, 3])
  func aStateOfAnotherMachine(ranks: Int) throws {
    let folder = try TemporaryFolder("failed")
    let (file, out) = try TwoCellSweep.run(in: folder)
    try folder.write(
      TwoCellSweep.text.replacingOccurrences(of: "[0, 1]", with: "[0, 1, 2, 3]"), to: "tiny.yaml")
    let plan = try JSONSerialization.jsonObject(
      with: Data(trifactor("plan", file, "--out", out, "--json").output.utf8))
    let rest = try #require((plan as? [String: Any])?["rest"] as? [String: Any])
    let keys = try #require(rest["left"] as? [String]).compactMap { UInt64($0, radix: 16) }
    #expect(keys.count == 2)

    let writer = try StoreWriter(out)
    // Other scales than this machine measures.
    try writer.append(StateRecord.madeUp(keys[0], done: 0, degree: 2, scale: 7))
    try writer.close()

    let command = [try Repository.program("trifactor"), "run", file, "--out", out]
    for (retry, report) in [
      ([], "2 of 4 cells to run, 1 of them from a stored state, 2 done before\n"),
      ([], "0 of 4 cells to run, 3 done before, 1 failed (--retry failed runs them again)\n"),
      (
        ["--retry", "failed"],
        "1 of 4 cells to run, 1 of them from a stored state, 1 of them tried again, 3 done"
      ),
    ] {
      let result = try runRanks(ranks, command + retry, limit: 100)
      #expect(result.end == .exited(0), "\(result)")
      #expect(result.errors.contains(report), "\(result)")
      if !report.hasPrefix("0") {
        #expect(result.errors.contains("1 failed (`trifactor status"), "\(result)")
      }
      let status = try trifactor("status", out).output
      #expect(status.contains("4: 3 done, 0 running, 1 failed, 0 diverged"), "\(status)")
      #expect(
        status.contains("the monomial scales stored with its state are not those measured now"), "\(status)")
      #expect(try trifactor("verify", out).end == .exited(0))
    }
    #expect(try StoreReader(out).results()[keys[0]]?.status == .failed)
  }
}

import Foundation
import Model
import ResultStore
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

    let (degree, key) = (2, keys[0])
    let count = (degree + 1) * (degree + 1)
    let all = Array(repeating: 0.5, count: count + LocalConstant.allCases.count)
    let writer = try StoreWriter(out)
    try writer.append(
      StateRecord(
        cell: key, iteration: 0, evaluated: 0, optimiserSteps: 0, lifetimes: 0, divergedLifetimes: 0,
        divergedNetworks: 0, runningNorm: 1, bestReward: 0, bestIteration: 0, bestNorm: 1, tailCount: 0,
        lastValidationReward: 0, parameters: all, firstMoment: all, secondMoment: all, bestParameters: all,
        tailSum: all, scale: Array(repeating: 7, count: count)
      ).encoded(degree: degree))
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
    #expect(try StoreReader(out).results()[key]?.status == .failed)
  }
}

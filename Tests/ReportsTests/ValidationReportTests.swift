import Foundation
import Launch
import Plasticity
import Testing

@testable import Reports

/// Published numbers beside curves that were made up.
@Suite struct ValidationReportTests {
  private static func report(
    _ experiment: PublishedExperiment, learner: String, trials: Int, curves: [[Double]]
  ) -> ValidationReport {
    ValidationReport(
      PublishedRun(
        experiment: experiment, learner: learner, trials: trials, seed: 0, simd: "v3",
        curves: curves.map(ErrorCurve.init(errors:))))
  }

  @Test func aMedianWithinTheIntervalIsCovered() {
    // Error 0.5 from trial 748 on: the criterion, 96 of 100 trials below 1, is met at trial 843, Miconi's median.
    let curve = Array(repeating: 2.0, count: 747) + Array(repeating: 0.5, count: 453)
    let report = Self.report(
      .miconiDNMS, learner: "cubic", trials: 1200, curves: Array(repeating: curve, count: 3))
    let (quartiles, interval, censored) = report.criterion
    #expect(quartiles.median == 843 && interval.low == 843 && interval.high == 843 && censored == 0)
    #expect(
      report.text.contains("published: median 843, quartiles 692 and 1125: covered by the interval"),
      "\(report.text)")
  }

  /// Where targets are 0.02 and 5.98, a trial is right below 2.5.
  @Test func separatePopulationsHaveTheirOwnCriterion() {
    let curve = Array(repeating: 3.0, count: 8154) + Array(repeating: 2.0, count: 846)
    let report = Self.report(
      .miconiDale, learner: "cubic", trials: 9000, curves: Array(repeating: curve, count: 3))
    #expect(
      report.text.contains("trials to criterion (96 of 100 with E < 2.5): median 8250"), "\(report.text)")
    #expect(report.text.contains("published: median 8250, quartiles 4450 and 16050: covered by the interval"))
  }

  @Test func runsThatEndTooSoonCannotTell() {
    let curves = Array(repeating: Array(repeating: 3.0, count: 900), count: 3)
    let short = Self.report(.miconiDale, learner: "cubic", trials: 900, curves: curves)
    #expect(
      short.text.contains("quartiles 4450 and 16050: later than these runs, which cannot tell"),
      "\(short.text)")
    let enough = Self.report(.miconiDNMS, learner: "cubic", trials: 900, curves: curves)
    #expect(enough.text.contains("quartiles 692 and 1125: NOT covered by the interval"), "\(enough.text)")
  }

  @Test func aNetworkThatEndsEarlyHasDivergedAndCountsAsInfinite() {
    let report = Self.report(
      .miconiContext, learner: "linear", trials: 20,
      curves: [Array(repeating: 0.25, count: 20), [0.25, 0.25]])
    #expect(
      report.text.hasPrefix("miconi-context, linear: 2 networks of 20 trials, seed 0, SIMD v3, 1 diverged"))
    #expect(report.error(at: 20).quartiles.q25 == 0.25)
    #expect(!report.error(at: 20).quartiles.q75.isFinite)
    #expect(!report.text.contains("published"))
  }

  @Test func theNotebooksLossIsComparedAtItsEnd() {
    let report = Self.report(
      .rflo, learner: "rflo", trials: 10,
      curves: [
        Array(repeating: 1e-4, count: 10), Array(repeating: 1e-3, count: 10),
      ])
    #expect(
      report.text.contains("published 0.000152, one run: 1 of 2 networks end as low"), "\(report.text)")
    #expect(!report.text.contains("criterion"))
  }
}

import Foundation
import TestSupport
import Testing

/// A cell too large for one rank fits where several share it, with the same result.
@Suite(.startsPrograms) struct LargeCellTests {
  /// U and edot take 288 MB in all, 72 MB on each of four ranks.
  static let text = """
    name: large
    base:
      trials: 3
      time.trial: 150
      network.units: 1000
      rule: {degree: 5, normalise: false}
      meta: {estimator: tangent, lifetimes: 1, iterations: 1, validation-networks: 1, validation-every: 1}
      evaluation: {networks: 1, criterion: {correct: 1, of: 2}}

    """

  /// Every rank with so many KB of data and no more.
  private func run(ranks: Int, kilobytes: Int?, _ sweep: String, to out: String) throws -> ProcessResult {
    let limit = kilobytes.map { "ulimit -d \($0); " } ?? ""
    let program = try Repository.program("trifactor")
    let command = "\(limit)exec '\(program)' run '\(sweep)' --out '\(out)' --ranks-per-cell \(ranks)"
    return try runRanks(ranks, ["sh", "-c", command], limit: 200)
  }

  @Test
  func slicesOfDirectionsFitAMemoryLimitThatOneRankExceeds() throws {
    let folder = try TemporaryFolder("large")
    let sweep = try folder.write(Self.text, to: "large.yaml")
    let kilobytes = 260_000
    let alone = try run(ranks: 1, kilobytes: kilobytes, sweep, to: folder.file("alone"))
    #expect(alone.end == .exited(71), "\(alone)")
    #expect(alone.errors.contains("no memory for a matrix") && alone.errors.contains("--ranks-per-cell"))
    let shared = try run(ranks: 4, kilobytes: kilobytes, sweep, to: folder.file("shared"))
    #expect(shared.end == .exited(0), "\(shared)")
    // What died left a folder that the same command finishes where there is room.
    #expect(try run(ranks: 1, kilobytes: nil, sweep, to: folder.file("alone")).end == .exited(0))
    let exports = try ["alone", "shared"].map { out in
      let file = folder.file(out + ".csv")
      #expect(try trifactor("export", folder.file(out), "--to", file).end == .exited(0))
      return try Data(contentsOf: URL(fileURLWithPath: file))
    }
    #expect(exports[0] == exports[1])
  }
}

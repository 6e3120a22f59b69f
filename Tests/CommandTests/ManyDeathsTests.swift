import Foundation
import TestSupport
import Testing

/// Many deaths in one sweep of real cells: nothing that was ever stored is missing, and the export is that of an
/// undisturbed run.
@Suite(.startsPrograms) struct ManyDeathsTests {
  /// As many ranks as there may be, alone, in pairs and as they like.
  private static let shapes = [
    Deaths.Shape(ranks: 2, perCell: "1"), .init(ranks: 3, perCell: "1"), .init(ranks: 4, perCell: "2"),
    .init(ranks: 3, perCell: "2"), .init(ranks: 4, perCell: "auto"),
  ]

  /// The export after a run on two ranks that nothing disturbed.
  private static func undisturbed(_ text: String) throws -> [Data] {
    let sweep = try TinySweep(text)
    let result = try runRanks(2, sweep.arguments(), limit: 1200)
    guard result.end == .exited(0) else { throw ProcessFailure("\(result)") }
    return try sweep.export()
  }

  @Test("Killed at random moments of its work, with other ranks each time")
  func randomMoments() throws {
    let text =
      Soak.isOn
      ? TinySweep.longText.replacingOccurrences(of: "iterations: 150", with: "iterations: 500")
        .replacingOccurrences(of: "0..<2", with: "0..<6")
      : TinySweep.longText.replacingOccurrences(of: "iterations: 150", with: "iterations: 400")
    var deaths = try Deaths(text, shapes: Self.shapes, seed: 41)
    try deaths.die(Soak.isOn ? 60 : 7, growth: 60_000)
    let last = try deaths.finish()
    #expect(last.end == .exited(0), "\(last)")
    #expect(deaths.count >= (Soak.isOn ? 25 : 5), "the sweep ended too early: \(deaths)")
    #expect(deaths.lost == 0, "\(deaths)")
    #expect(try deaths.sweep.export() == Self.undisturbed(text))
    #expect(try trifactor("verify", deaths.sweep.out).end == .exited(0))
    figure("real cells: \(deaths), the same export")
  }

  @Test("The check after every death sees a record that is not there any more")
  func aLostRecordIsSeen() throws {
    var deaths = try Deaths(TwoCellSweep.text + "\n", shapes: Self.shapes, seed: 1)
    #expect(try deaths.finish().end == .exited(0))
    #expect(deaths.lost == 0 && deaths.records > 20, "\(deaths)")
    try deaths.look()
    #expect(deaths.lost == 0)
    try FileManager.default.removeItem(atPath: deaths.sweep.out + "/shards/evaluation-d1.00000.npy")
    try deaths.look()
    #expect(deaths.lost == 6, "two networks under three rules: \(deaths)")
  }

  @Test("Tiny cells that end all the time, on four ranks")
  func tinyCells() throws {
    // Two degrees and two tasks: 1000 cells, or 100.
    let text = """
      name: tiny-cells
      question: Is a sweep of tiny cells the same however often it dies?
      base:
        trials: 30
        network: {units: 8}
        meta: {iterations: 3, lifetimes: 2, validation-networks: 2, validation-every: 2}
        evaluation: {networks: 3, criterion: {correct: 8, of: 10}}
      axes:
        rule.degree: [1, 3]
        task: [cue-association, delayed-nonmatch]
        seed: 0..<\(Soak.isOn ? 250 : 25)

      """
    let wanted = Soak.isOn ? 15 : 2
    let export = try Self.undisturbed(text)
    var count = 0
    // On a machine that is busy with other things a launch may store much before it is killed, and a sweep be done after
    // few deaths: then another one dies too.
    for round in 0..<10 where count < wanted {
      var deaths = try Deaths(text, shapes: [.init(ranks: 4, perCell: "1")], seed: 43 + UInt64(round))
      try deaths.die((Soak.isOn ? 20 : 4) - count, growth: Soak.isOn ? 60_000 : 20_000)
      let last = try deaths.finish()
      #expect(last.end == .exited(0), "\(last)")
      #expect(deaths.lost == 0, "\(deaths)")
      #expect(try deaths.sweep.export() == export)
      #expect(try trifactor("verify", deaths.sweep.out).end == .exited(0))
      figure("\(Soak.isOn ? 1000 : 100) tiny real cells on four ranks: \(deaths), the same export")
      count += deaths.count
    }
    #expect(count >= wanted, "ten sweeps ended too early")
  }
}

import TestSupport
import Testing

@testable import ResultStore

@Suite("Networks of a cell, counted") struct EvaluationTallyTests {
  private func identity(_ role: RuleRole, _ network: UInt32) -> UInt64 {
    UInt64(role.rawValue) << 32 | UInt64(network)
  }

  @Test("Each counts once, in any order") func once() {
    var random = SeededRandom(7)
    for _ in 0..<50 {
      var tally = EvaluationTally()
      var seen: Set<UInt64> = []
      for _ in 0..<200 {
        let one = identity(
          RuleRole.allCases.randomElement(using: &random)!, .random(in: 0..<30, using: &random))
        #expect(tally.insert(one) == seen.insert(one).inserted)
      }
      for role in RuleRole.allCases {
        let missing = (0..<30).filter { !seen.contains(identity(role, UInt32($0))) }
        #expect((tally.missing(role, of: 30) == nil) == missing.isEmpty)
      }
    }
  }

  @Test("Gaps by their ends") func gaps() {
    var tally = EvaluationTally()
    #expect(tally.missing(.learned, of: 4) == "0-3")
    for network: UInt32 in [0, 1, 3, 6, 7] { _ = tally.insert(identity(.learned, network)) }
    #expect(tally.missing(.learned, of: 10) == "2, 4-5, 8-9")
    #expect(tally.missing(.learned, of: 2) == nil && tally.missing(.start, of: 1) == "0")
    for network: UInt32 in [12, 14, 16, 18] { _ = tally.insert(identity(.learned, network)) }
    #expect(tally.missing(.learned, of: 20) == "2, 4-5, 8-11, 13, ...")
  }
}

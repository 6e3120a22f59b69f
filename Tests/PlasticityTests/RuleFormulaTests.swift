import Model
import Testing

@testable import Plasticity

@Suite struct RuleFormulaTests {
  private var theta: [Double] {
    var theta = Array(repeating: 0.0, count: 16)
    theta[1 * 4 + 3] = -2
    theta[3 * 4 + 1] = 1
    theta[0] = 0.5
    theta[2] = -0.1
    return theta
  }

  @Test func termsComeBySize() {
    let formula = RuleFormula(RuleShape(degree: 3), theta: theta)
    #expect(formula.terms.map(\.monomial) == ["r delta^3", "r^3 delta", "1", "delta^2"])
    #expect(formula.terms[0].share == 4 / (4 + 1 + 0.25 + 0.1 * 0.1))
    #expect(formula.dominant(share: 0.9).map(\.theta) == [-2, 1])
    #expect(formula.text() == "e' = -e/tau_e - 2 r delta^3 + 1 r^3 delta + ...")
    #expect(formula.text(share: 1) == "e' = -e/tau_e - 2 r delta^3 + 1 r^3 delta + 0.5 - 0.1 delta^2")
  }

  /// The formula has what a synapse computes; the order stays that of theta, whose sizes compare.
  @Test func coefficientsAreEffective() {
    var scale = Array(repeating: 1.0, count: 16)
    scale[1 * 4 + 3] = 0.01
    scale[0] = 100
    let formula = RuleFormula(RuleShape(degree: 3), theta: theta, scale: scale)
    #expect(formula.text() == "e' = -e/tau_e - 0.02 r delta^3 + 1 r^3 delta + ...")
    #expect(formula.terms.map(\.effective) == [-0.02, 1, 50, -0.1])
    #expect(formula.terms.map(\.share) == RuleFormula(RuleShape(degree: 3), theta: theta).terms.map(\.share))
  }

  @Test func aSilentRuleIsZero() {
    let formula = RuleFormula(RuleShape(degree: 0), theta: [0])
    #expect(formula.text() == "e' = -e/tau_e + 0")
    #expect(formula.terms.isEmpty && formula.norm == 0)
  }

  @Test func tableHasARowForEachPowerOfTheRate() {
    let formula = RuleFormula(RuleShape(degree: 3), theta: theta)
    let lines = formula.table(theta, title: "theta")
    #expect(lines.count == 5)
    #expect(lines[0].split(separator: " ") == ["theta", "l=0", "l=1", "l=2", "l=3"])
    #expect(lines[2].split(separator: " ") == ["k=1", "0", "0", "0", "-2"])
  }
}

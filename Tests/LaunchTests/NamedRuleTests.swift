import Model
import Plasticity
import ResultStore
import Sweep
import Testing

@testable import Launch

/// Which rule of a folder becomes a file.
@Suite struct NamedRuleTests {
  private func rule(_ constants: [LocalConstant: Double] = [:]) -> NamedRule {
    NamedRule(title: "cell 1", file: RuleFile(degree: 1, theta: [0, 0, 0, -1], constants: constants))
  }

  /// Earlier versions let searches pass a bound. The folder still holds such a result; it is shown, and makes no file.
  @Test(arguments: [
    (LocalConstant.baselineRate, 1.175, "`baseline-rate` should be a number from 0 to 1, and is `1.175`"),
    (.eta, -0.1, "`eta` should be a number from 0, and is `-0.1`"),
    (.probability, 1.01, "`probability` should be a number from 0 to 1, and is `1.01`"),
    (.clip, 0, "`clip` should be a number above 0, or none, and is `0`"),
    (.tauE, -.infinity, "`tau-e` should be a number above 0, or none, and is `-inf`"),
    (.amplitude, .infinity, "`amplitude` should be a number from 0, and is `none`"),
  ]) func aConstantOutOfBoundsIsRefused(constant: LocalConstant, value: Double, problem: String) throws {
    let error = #expect(throws: SettingsProblem.self) {
      try NamedRule.toWrite(of: [rule([constant: value])], from: "out")
    }
    #expect(error?.problem == "cell 1: \(problem)")
    #expect(error?.advice.hasPrefix("Whoever reads the file would refuse it.") == true)
    // What scales were measured with is read again too.
    var calibrated = rule()
    calibrated.file.calibration[constant] = value
    #expect(throws: SettingsProblem.self) { try NamedRule.toWrite(of: [calibrated], from: "out") }
  }

  /// As the record of a result has it, from the folder to the message.
  @Test func aStoredResultOutOfBoundsIsRefused() throws {
    let cells = try TwoCells()
    #expect(try cells.run(TwoCells.sweep()) == 0)
    let key = try cells.manifest().cells[0].key
    let reader = try StoreReader(cells.out)
    var result = try #require(try reader.results()[key])
    #expect(
      try NamedRule.toWrite(of: NamedRule.all(of: cells.out, cell: hex(key)), from: cells.out).degree == 3)
    result.constants[LocalConstant.baselineRate.rawValue] = 1.175
    let writer = try StoreWriter(cells.out, log: { _ in })
    try writer.append(result.encoded(degree: 3))
    try writer.close()

    let rules = try NamedRule.all(of: cells.out, cell: hex(key))
    let error = #expect(throws: SettingsProblem.self) { try NamedRule.toWrite(of: rules, from: cells.out) }
    #expect(
      error?.problem.hasSuffix("`baseline-rate` should be a number from 0 to 1, and is `1.175`") == true,
      "\(error?.problem ?? "")")
    #expect(error?.problem.hasPrefix("cell \(hex(key)): ") == true)
  }

  @Test func onlyOneRuleOfThetaIsWritten() throws {
    #expect(
      try NamedRule.toWrite(of: [rule([.clip: .infinity])], from: "out").constants == [.clip: .infinity])
    let many = #expect(throws: UsageError.self) { try NamedRule.toWrite(of: [rule(), rule()], from: "out") }
    #expect(many?.description == "--to writes one rule, and out holds 2; choose one by --cell KEY")
    let rival = NamedRule(title: "cell 2", rival: .eprop, file: RuleFile(degree: 0, theta: [1]))
    let none = #expect(throws: UsageError.self) { try NamedRule.toWrite(of: [rival], from: "out") }
    #expect(none?.description.contains("e-prop has none") == true)
  }
}

import Foundation
import TestSupport
import Testing

/// A program whose `main` adds one mechanism, all of it said in `Tests/MadeUpMechanism/Fatigue.swift`: every command has
/// its constant as it has any other.
@Suite(.startsPrograms) struct MadeUpMechanismTests {
  /// Two cells that learn the constant beside theta, from two starts.
  private static let text = """
    name: tired
    base:
      trials: 20
      network: {units: 8}
      rule: {degree: 1}
      meta: {estimator: evolution, learn: [theta, fatigue], iterations: 3, lifetimes: 4, validation-networks: 2}
      meta.validation-every: 1
      meta.learning-rate: 0.1
      evaluation: {networks: 3, criterion: {correct: 2, of: 3}}
    axes:
      rule.fatigue: [0.05, 0.1]

    """

  private static func tired(_ arguments: [String]) throws -> ProcessResult {
    try run([try Repository.program("made-up-program")] + arguments, limit: 120)
  }

  /// The sweep above, run once for all tests.
  private struct Learned {
    let folder: TemporaryFolder
    let sweep: String
    var out: String { folder.file("out") }

    static let shared = Result { try Learned() }

    private init() throws {
      folder = try TemporaryFolder("tired")
      sweep = try folder.write(text, to: "tired.yaml")
      let result = try tired(["run", sweep, "--out", folder.file("out")])
      guard result.code == 0 else { throw ProcessFailure("\(result)") }
    }

    /// The rule of the cell that started at 0.1, as a file, and the constant that the file has.
    func rule() throws -> (file: String, fatigue: Double) {
      let cells = try plan(sweep)
      let cell = try #require(cells.first { $0.settings["rule.fatigue"] == "0.1" })
      let file = folder.file("learned.yaml")
      let shown = try tired(["rule", out, "--cell", cell.key, "--to", file])
      #expect(shown.code == 0 && shown.output.contains("fatigue 0."), "\(shown)")
      let text = try String(contentsOfFile: file, encoding: .utf8)
      let match = try #require(text.firstMatch(of: /fatigue: ([0-9.e-]+)/), "\(text)")
      return (file, try #require(Double(match.1)))
    }

    private func plan(_ sweep: String) throws -> [PlannedCell] { try MadeUpMechanismTests.plan(sweep) }
  }

  private struct PlannedCell: Decodable {
    var key: String
    var settings: [String: String]
  }

  private static func plan(_ sweep: String, by program: String = "made-up-program") throws -> [PlannedCell] {
    struct Plan: Decodable { var cells: [PlannedCell] }
    let result = try run([try Repository.program(program), "plan", sweep, "--all", "--json"])
    #expect(result.code == 0, "\(result)")
    return try JSONDecoder().decode(Plan.self, from: Data(result.output.utf8)).cells
  }

  @Test
  func theReferenceAndSweepFilesHaveIt() throws {
    let learned = try Learned.shared.get()
    let settings = try Self.tired(["settings", "rule.fatigue"])
    #expect(settings.output.contains("made up: share of W lost per unit of |R - Rbar|"), "\(settings)")
    let cells = try Self.plan(learned.sweep)
    #expect(cells.map { $0.settings["rule.fatigue"] } == ["0.05", "0.1"])
    #expect(Set(cells.map(\.key)).count == 2)
    let wrong = try learned.folder.write("base: {rule.fatigue: -1}\n", to: "wrong.yaml")
    let refused = try Self.tired(["plan", wrong])
    #expect(
      refused.code == 65 && refused.errors.contains("`rule.fatigue` should be a number from 0, and is `-1`"),
      "\(refused)")
  }

  /// Whoever adds a mechanism loses no result: keys of cells that have it off are those of the program without it.
  @Test
  func keysOfOtherCellsStay() throws {
    let sweep = Repository.path + "/sweeps/quickstart.yaml"
    let keys = try Self.plan(sweep).map(\.key)
    #expect(try !keys.isEmpty && keys == Self.plan(sweep, by: "trifactor").map(\.key))
  }

  @Test
  func recordsHaveWhatWasLearned() throws {
    let learned = try Learned.shared.get()
    #expect(try Self.tired(["verify", learned.out]).code == 0)
    let fatigue = try learned.rule().fatigue
    #expect(fatigue > 0 && fatigue != 0.1)
    let csv = learned.folder.file("all.csv")
    let exported = try Self.tired(["export", learned.out, "--to", csv])
    #expect(exported.code == 0, "\(exported)")
    let lines = try String(contentsOfFile: csv, encoding: .utf8).split(separator: "\n")
    let names = lines[0].split(separator: ",")
    let place = try #require(names.firstIndex(of: "rule.fatigue"))
    // Three networks under three rules (learned, start, none) in each of two cells.
    #expect(lines.count == 1 + 18)
    #expect(
      Set(lines.dropFirst().map { $0.split(separator: ",", omittingEmptySubsequences: false)[place] })
        == ["0.05", "0.1"])
    let table = try Self.tired(["table", learned.out, "--rows", "rule.fatigue"])
    #expect(table.code == 0 && table.output.contains("rule.fatigue"), "\(table)")
  }

  /// A sweep starts from the rule file, and other networks are tested under it, with the constant that is in it.
  @Test
  func aRuleFileHasIt() throws {
    let learned = try Learned.shared.get()
    let rule = try learned.rule()
    let warm = try learned.folder.write("base: {rule: {degree: 1, theta: \(rule.file)}}\n", to: "warm.yaml")
    let planned = try #require(try Self.plan(warm).first?.settings["rule.fatigue"])
    #expect(Double(planned) == rule.fatigue)
    let tested = try Self.tired(["evaluate", learned.sweep, "--rule", rule.file, "--networks", "2"])
    #expect(tested.code == 0 && !tested.errors.contains("says nothing of"), "\(tested)")
    let changed = try Self.tired(
      ["evaluate", learned.sweep, "--rule", rule.file + ":fatigue=-2", "--networks", "2"])
    #expect(
      changed.code == 64 && changed.errors.contains("`fatigue` should be a number from 0, and is `-2`"),
      "\(changed)")
  }

  /// Tangents, engines and estimators know its derivative: the audit holds them against differences of whole lifetimes.
  @Test
  func theAuditChecksItsDerivative() throws {
    let learned = try Learned.shared.get()
    let audit = try Self.tired(["audit", learned.sweep, "--trials", "12", "--samples", "4"])
    #expect(audit.code == 0, "\(audit)")
  }

  /// As a rival it is tuned too; a learner that has no such thing does not get it from the configuration.
  @Test
  func aComparisonTunesIt() throws {
    let learned = try Learned.shared.get()
    let rule = try learned.rule()
    func search(_ rival: String, _ name: String) throws -> String {
      let out = learned.folder.file(name)
      let result = try Self.tired([
        "compare", learned.out, "--against", rival, "--equal-budget", "--networks", "4", "--starts", "1",
        "--where", "rule.fatigue=0.05", "--out", out,
      ])
      #expect(result.code == 0, "\(result)")
      return try String(contentsOfFile: out + "/search/sweep.json", encoding: .utf8)
    }
    let own = try search(rule.file, "own")
    #expect(own.contains("\"rule.fatigue\":\(rule.fatigue)"), "\(own)")
    let tuned = try #require(own.firstMatch(of: /"meta.learn":"\[([^\]]*)\]"/), "\(own)").1
    #expect(tuned.split(separator: ",").contains("fatigue"), "\(tuned)")
    let other = try search("bptt", "other")
    #expect(other.contains("\"rule.fatigue\":0,"), "\(other)")
  }

  /// The program that lacks the mechanism says so of all that speaks of it.
  @Test
  func theProgramWithoutItRefusesIt() throws {
    let learned = try Learned.shared.get()
    let rule = try learned.rule().file
    let settings = try trifactor("settings", "rule.fatigue")
    #expect(settings.code == 64 && settings.errors.contains("no setting has 'rule.fatigue'"), "\(settings)")
    let sweep = try trifactor("plan", learned.sweep)
    #expect(sweep.code == 65 && sweep.errors.contains("fatigue"), "\(sweep)")
    let folder = try trifactor("table", learned.out)
    #expect(
      folder.code == 65
        && folder.errors.contains("a trifactor with other mechanisms writes them. Use that program"),
      "\(folder)")
    let file = try trifactor("rule", rule)
    #expect(file.code == 65 && file.errors.contains("fatigue"), "\(file)")
  }
}

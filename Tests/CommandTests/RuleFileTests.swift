import Foundation
import TestSupport
import Testing

/// Rules that travel: from a file into a sweep, and out of its results again.
@Suite(.startsPrograms) struct RuleFileTests {
  @Test func aResultFolderNeedsItsRuleFilesNoMore() throws {
    let folder = try TemporaryFolder()
    try folder.write("degree: 1\ntheta: {k1l1: -0.5}\n", to: "rules/linear.yaml")
    let sweep = try folder.write(
      TwoCellSweep.text.replacingOccurrences(of: "[0, 1]", with: "[1, 3]") + "\n", to: "tiny.yaml")
    let text = try String(contentsOfFile: sweep, encoding: .utf8)
    try folder.write(
      text.replacingOccurrences(of: "base:", with: "base:\n  rule.theta: rules/linear.yaml"), to: "tiny.yaml")
    let out = folder.file("OUT")
    #expect(try trifactor("run", sweep, "--out", out).code == 0)

    // The copy in the folder names a file that is not beside it; the stored settings hold what it said.
    let shown = try trifactor("rule", out)
    #expect(shown.code == 0, "\(shown)")
    let result = try trifactor("lifetime", sweep, "--export", folder.file("export"))
    #expect(result.code == 0, "\(result)")
  }
  /// What evolution learned beside theta leaves by `rule --to` and is where the next sweep starts, and `evaluate` tests
  /// it; commands that want derivatives say that a running mean of e has none.
  @Test func learnedConstantsAreAWarmStart() throws {
    let folder = try TemporaryFolder()
    let evolution = TwoCellSweep.text.replacingOccurrences(of: "[0, 1]", with: "[1]")
      .replacingOccurrences(
        of: "meta: {",
        with:
          "rule: {trace-mean: 0.2, eta: 0.03}\n  meta: {estimator: evolution, learn: [eta, gate, trace-mean], "
      )
    let sweep = try folder.write(evolution, to: "tiny.yaml")
    let out = folder.file("OUT")
    #expect(try trifactor("run", sweep, "--out", out).code == 0)
    let rule = folder.file("learned.yaml")
    let shown = try trifactor("rule", out, "--to", rule)
    #expect(shown.code == 0 && shown.output.contains(", trace-mean 0."), "\(shown)")
    let text = try String(contentsOfFile: rule, encoding: .utf8)
    let match = try #require(
      text.firstMatch(
        of: /constants: \{eta: ([0-9.e-]+), clip.*, gate: ([0-9.e-]+), growth.*, trace-mean: ([0-9.e-]+)\}/),
      "\(text)")

    let warm = try folder.write(
      "name: warm\nbase: {rule: {degree: 1, theta: learned.yaml}, meta.estimator: evolution}\n",
      to: "warm.yaml")
    let plan = try trifactor("plan", warm, "--json")
    for (path, value) in [
      ("rule.eta", match.1), ("exploration.gate", match.2), ("rule.trace-mean", match.3),
    ] {
      #expect(plan.output.contains("\"\(path)\" : \"\(value)\""), "\(path) is not \(value): \(plan)")
    }
    #expect(plan.output.contains("\"rule.trace-mean-by\" : \"condition\""), "\(plan)")
    let tested = try trifactor("evaluate", out, "--rule", rule, "--networks", "2")
    #expect(tested.code == 0, "\(tested)")
    // Its gradients are audited as any rule's.
    let audited = try trifactor("audit", warm, "--trials", "10")
    #expect(audited.code == 0, "\(audited)")

    // A lifetime of it has its trials, as the cell's own start and as a rule file alike.
    let plain = try folder.write("base: {rule.degree: 1}\n", to: "plain.yaml")
    for (name, arguments) in [("own", [warm]), ("file", [plain, "--rule", rule])] {
      let export = folder.file(name)
      let lifetime = try run(
        [try Repository.program("trifactor"), "lifetime"] + arguments + ["--trials", "9", "--export", export])
      #expect(lifetime.code == 0, "\(lifetime)")
      #expect(lifetime.errors.isEmpty, "\(lifetime)")
      #expect(lifetime.output.contains("; 22 arrays in \(export)"), "\(lifetime)")
    }
    for file in ["R.npy", "Rbar.npy", "R_antithetic.npy"] {
      let own = FileManager.default.contents(atPath: folder.file("own/\(file)"))
      #expect(
        own != nil && own == FileManager.default.contents(atPath: folder.file("file/\(file)")), "\(file)")
    }
  }

  /// A rule file is the whole rule: tested on a sweep file that knows nothing of the cell but its task and network, it
  /// gives the very numbers of the cell. What the sweep gave (an eta of 1, no clip, no decay, another exploration) is in
  /// it beside what was learned, and so is what the scales were measured with.
  @Test
  func aRuleFileGivesTheNumbersOfItsCell() throws {
    let folder = try TemporaryFolder()
    let common = """
      base:
        trials: 40
        network: {units: 12}
        evaluation: {networks: 6, criterion: {correct: 8, of: 10}}

      """
    let own = try folder.write(
      common + """
          rule: {degree: 1, theta: {k1l1: -0.5}, eta: 1, clip: none, tau-e: none, growth: [0.3, 0.1]}
          rule.trace-mean: 0.2
          rule.trace-mean-by: synapse
          exploration: {kind: gaussian, amplitude: 0.3, gate: -0.4}
          meta: {estimator: evolution, learn: [theta, amplitude, baseline-rate], iterations: 8, lifetimes: 8}
          meta.learning-rate: 0.3
          meta.validation-networks: 6
          meta.validation-every: 1

        """, to: "own.yaml")
    let plain = try folder.write(common, to: "plain.yaml")
    let out = folder.file("OUT")
    let learning = try trifactor("run", own, "--out", out)
    #expect(learning.code == 0, "\(learning)")
    let rule = folder.file("learned.yaml")
    let shown = try trifactor("rule", out, "--to", rule)
    #expect(shown.code == 0, "\(shown)")
    let text = try String(contentsOfFile: rule, encoding: .utf8)
    for part in [
      "{eta: 1, clip: none, tau-e: none,", "calibration: {", "critic: baseline", "exploration: gaussian",
      "{trace-mean-by: synapse}", "normalise: true",
    ] {
      #expect(text.contains(part), "\(part) is not in \(text)")
    }

    func tested(_ arguments: [String], to name: String, as contender: String) throws -> [String] {
      let store = folder.file(name)
      let result = try run(
        [try Repository.program("trifactor"), "evaluate"] + arguments + ["--networks", "6", "--out", store],
        limit: 120)
      #expect(result.code == 0 && !result.errors.contains("says nothing of"), "\(result)")
      return try rows(store, to: folder.file("\(name).csv")) { $0["evaluate.contender"] == contender }
    }
    let cell = try rows(out, to: folder.file("cell.csv")) { $0["role"] == "learned" }
    #expect(cell.count == 6)
    #expect(try tested([out], to: "home", as: "learned") == cell)
    #expect(try tested([plain, "--rule", rule], to: "file", as: rule) == cell)
    #expect(try tested([plain, "--learned", out], to: "folder", as: "learned") == cell)
    // One line of it less is another rule, and that is said.
    let without = text.split(separator: "\n").filter { !$0.hasPrefix("exploration") }.joined(separator: "\n")
    let less = try trifactor("evaluate", plain, "--rule", try folder.write(without, to: "less.yaml"))
    #expect(less.errors.contains("less.yaml` says nothing of exploration; taken from each"), "\(less)")
  }

  /// Network, reward and late accuracy of an export's rows that fit.
  private func rows(_ store: String, to file: String, _ fits: ([String: String]) -> Bool) throws -> [String] {
    #expect(try trifactor("export", store, "--to", file).code == 0)
    let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").map(values)
    return lines.dropFirst().compactMap { line in
      let row = Dictionary(uniqueKeysWithValues: zip(lines[0], line))
      guard fits(row) else { return nil }
      return ["network", "reward", "late_accuracy"].map { row[$0] ?? "no \($0)" }.joined(separator: " ")
    }
  }

  /// The values of a line of CSV; those in quotes may hold commas.
  private func values(of line: Substring) -> [String] {
    var values = [""]
    var isQuoted = false
    for character in line {
      switch character {
      case "\"": isQuoted.toggle()
      case "," where !isQuoted: values.append("")
      default: values[values.count - 1].append(character)
      }
    }
    return values
  }

  /// `rule` prints what a synapse computes, theta s, says what the letters are, and has theta in a table.
  @Test
  func theFormulaIsEffective() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(
      "degree: 1\ntheta: {k0l1: 0.5, k1l1: -2}\nscale: [[1, 0.25], [1, 0.01]]\nconstants: {eta: 0.1}\n",
      to: "r.yaml")
    let shown = try trifactor("rule", file)
    #expect(shown.code == 0 && shown.output.contains("e' = -e/tau_e - 0.02 r delta + ..."), "\(shown)")
    for line in [
      "coefficients are theta s, what a synapse computes", "delta = xbar - x of the postsynaptic neuron",
      "not in it: clip, tau-e,",
    ] {
      #expect(shown.output.contains(line), "\(line) is not in \(shown.output)")
    }
    let terms = shown.output.split(separator: "\n").filter { $0.hasPrefix("  r delta ") }
    #expect(terms.map { $0.split(separator: " ") } == [["r", "delta", "-2", "94.1", "%", "-0.02"]])
    let named = try trifactor("rule", "miconi")
    #expect(
      named.output.contains("- 1 r^3 delta^3") && named.output.contains("what a synapse computes is theta s"))
  }

  /// One table of bounds for whoever reads a rule, and one message.
  @Test
  func aConstantOutOfBoundsIsRefusedByAll() throws {
    let folder = try TemporaryFolder()
    let rule = try folder.write("degree: 1\ntheta: {k1l1: -1}\nconstants: {eta: -1}\n", to: "wrong.yaml")
    let sweep = try folder.write("base: {rule: {degree: 1, theta: ./wrong.yaml}}\n", to: "sweep.yaml")
    let message = "wrong.yaml:3:18: `eta` should be a number from 0, and is `-1`"
    for command in [
      ["plan", sweep], ["rule", rule], ["evaluate", "sweeps/quickstart.yaml", "--rule", rule],
      ["lifetime", "sweeps/quickstart.yaml", "--rule", rule],
    ] {
      let refused = try run([try Repository.program("trifactor")] + command)
      #expect(refused.code == 65 && refused.errors.contains(message), "\(refused)")
    }
    for (rule, message) in [
      ("miconi:eta=-1", "`eta` should be a number from 0, and is `-1` in 'miconi:eta=-1'"),
      ("miconi:gain=none", "gain should be a number, and is `none` in 'miconi:gain=none'"),
    ] {
      let refused = try run(
        [try Repository.program("trifactor"), "evaluate", "sweeps/quickstart.yaml", "--rule", rule])
      #expect(refused.code == 64 && refused.errors.contains(message), "\(refused)")
    }
  }

  /// A rule file that says less than all is taken, and what is assumed is said.
  @Test
  func whatARuleFileLacksIsSaid() throws {
    let folder = try TemporaryFolder()
    let rule = try folder.write(
      "degree: 1\ntheta: {k1l1: -1}\nconstants: {eta: 0.5, clip: none}\n", to: "old.yaml")
    let sweep = try folder.write(TwoCellSweep.text, to: "tiny.yaml")
    let tested = try trifactor("evaluate", sweep, "--rule", rule, "--networks", "2")
    #expect(tested.code == 0, "\(tested)")
    #expect(
      tested.errors.contains(
        "note: the rule file `\(rule)` says nothing of tau-e, tau-bar, baseline-rate, probability, amplitude, gate, "
          + "growth-0, growth-2, trace-mean, exploration, critic, normalise; taken from each configuration"),
      "\(tested)")
  }
}

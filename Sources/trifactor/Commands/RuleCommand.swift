import ArgumentParser
import Experiment
import Foundation
import Model
import Plasticity
import ResultStore
import Sweep

/// `trifactor rule`: a rule as a formula, a table, and a file.
struct RuleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rule",
    abstract: "Show a learned, stored or hand-made rule as a formula and table, and write it as a rule file.",
    discussion: """
      A rule file can be the start of a sweep (rule.theta: FILE) or be tested by `trifactor evaluate --rule FILE`. \
      theta is in units where every monomial's trace has rms 1; theta times scale is what a synapse computes. A tuned \
      rival has no formula: its constants are shown, and how `trifactor evaluate` takes it as a contender.
      """)

  @Argument(help: "A folder of results, a rule file, or miconi, miconi-13, linear.") var source: String
  @Option(help: "Key of the cell, or as many of its digits as tell it from the others; every cell otherwise.")
  var cell: String?
  @Option(help: "Rule file to write; needs one rule.") var to: String?
  @Option(help: "Share of |theta|^2 that the terms of the formula hold.") var share = 0.9

  func validate() throws {
    guard share > 0, share <= 1 else {
      throw ValidationError("--share is \(share); wanted: above 0, at most 1")
    }
  }

  func run() throws {
    let rules = try named()
    for (index, rule) in rules.enumerated() {
      if index > 0 { print("") }
      print(lines(rule, brief: rules.count > 1).joined(separator: "\n"))
    }
    guard let to else { return }
    if let rival = rules.first(where: { $0.rival != nil })?.rival {
      throw UsageError(
        description:
          "--to writes a rule of theta, and \(rival.rawValue) has none; `trifactor evaluate SWEEP --learner` "
          + "takes the text after 'as a contender'")
    }
    guard rules.count == 1 else {
      throw UsageError(
        description: "--to writes one rule, and \(source) holds \(rules.count); choose one by --cell KEY")
    }
    do {
      try Data(rules[0].file.text.utf8).write(to: URL(fileURLWithPath: to), options: .atomic)
    } catch {
      throw StoreError(
        .io, "cannot write '\(to)': \(error.localizedDescription). Give another path, or make room")
    }
    print("\nwritten to \(to)")
  }

  private struct NamedRule {
    var title: String
    var rival: RivalRule?
    var file: RuleFile
  }

  private func named() throws -> [NamedRule] {
    if let known = HandMadeRule.named(source) {
      let file = RuleFile(degree: known.degree, theta: known.theta, provenance: [known.summary])
      return [NamedRule(title: "\(known.name): \(known.summary)", file: file)]
    }
    guard FileManager.default.fileExists(atPath: StoreFolder(source).manifest) else {
      guard FileManager.default.fileExists(atPath: source) else {
        throw UsageError(
          description: "'\(source)' is no folder of results, no rule file and no hand-made rule; those are "
            + HandMadeRule.all.map(\.name).joined(separator: ", "))
      }
      return [NamedRule(title: source, file: try RuleFile.load(source))]
    }
    let home = try RuleSource(source)
    var learned = home.learned
    if let cell {
      let key = try CellChoice(cell).cell(of: home.cells).key
      learned = learned.filter { $0.key == key }
      guard !learned.isEmpty else {
        throw UsageError(
          description: "cell \(hex(key)) has no learned rule yet; `trifactor status \(source)` says why")
      }
    }
    return learned.map { one in
      let title = "cell \(hex(one.key)): \(one.label)"
      let provenance = [
        "learned by the sweep \(home.name), \(title)",
        "written by trifactor \(Build.version) (\(Build.commit))",
      ]
      return NamedRule(
        title: title, rival: one.rival,
        file: RuleFile(
          degree: one.degree, theta: one.theta, scale: one.scale, constants: one.learnedConstants,
          provenance: provenance
        ))
    }
  }

  /// A rival's constants, and the contender they make.
  private func lines(_ rule: NamedRule, rival: RivalRule) -> [String] {
    let file = rule.file
    let text = file.constants.sorted { $0.key < $1.key }.map {
      "\($0.key.name)=\(shortestText(of: $0.value))"
    }
    return [
      rule.title, "\(rival.rawValue): \(rival.summary)", "",
      "  told \(rival.feedback.rawValue); eta counts \(shortestText(of: file.theta[0])) times, the trace "
        + String(format: "%.4g", file.scale?[0] ?? 1) + " times",
      "  as a contender: \(rival.rawValue):" + text.joined(separator: ","),
    ]
  }

  private func lines(_ rule: NamedRule, brief: Bool) -> [String] {
    if let rival = rule.rival { return lines(rule, rival: rival) }
    let file = rule.file
    let formula = RuleFormula(degree: file.degree, theta: file.theta)
    var lines = [
      rule.title,
      "degree \(file.degree), |theta| \(String(format: "%.3g", formula.norm)), \(formula.terms.count) of "
        + "\(file.theta.count) terms not 0",
      "",
      "  " + formula.text(share: share),
    ]
    if !file.constants.isEmpty {
      let pairs = file.constants.sorted { $0.key < $1.key }.map {
        "\($0.key.name) \(String(format: "%.4g", $0.value))"
      }
      lines.append("  with \(pairs.joined(separator: ", "))")
    }
    if brief { return lines }
    lines.append("")
    for term in formula.dominant(share: share) {
      lines.append(
        "  \(term.monomial.padding(toLength: 14, withPad: " ", startingAt: 0))"
          + String(format: "%9.4g  %5.1f %%", term.theta, 100 * term.share))
    }
    lines += [""] + formula.table(file.theta, title: "theta")
    if let scale = file.scale {
      lines += [""] + formula.table(zip(file.theta, scale).map(*), title: "theta s")
    }
    return lines
  }
}

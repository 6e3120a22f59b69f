import Foundation
import Model
import Plasticity
import ResultStore
import Sweep

/// A rule or a tuned rival that `rule` shows.
public struct NamedRule {
  public var title: String
  /// The rival that was tuned, nil for a rule of theta.
  public var rival: RivalRule?
  public var file: RuleFile
  /// The settings of the cell that has learned it; nil for a rule file and a hand-made rule.
  public var settings: Settings?

  public init(title: String, rival: RivalRule? = nil, file: RuleFile, settings: Settings? = nil) {
    self.title = title
    self.rival = rival
    self.file = file
    self.settings = settings
  }

  /// The rules of a result folder, of a rule file, or the hand-made rule of that name.
  ///
  /// - Parameter cell: key of one cell of a folder, or its first digits; nil for all.
  /// - Throws: `UsageError` for a text that is none of them and for a cell without a rule; the errors of reading.
  public static func all(of source: String, cell: String?) throws -> [NamedRule] {
    if let known = HandMadeRule.named(source) {
      let file = RuleFile(degree: known.degree, theta: known.theta, provenance: [known.summary])
      return [NamedRule(title: "\(known.name): \(known.summary)", file: file)]
    }
    guard try !StoreFolder(source).isNew() else {
      guard FileManager.default.fileExists(atPath: source) else {
        throw UsageError(
          "'\(source)' is no folder of results, no rule file and no hand-made rule; those are "
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
        throw UsageError("cell \(hex(key)) has no learned rule yet; `trifactor status \(source)` says why")
      }
    }
    return learned.map { NamedRule($0, sweep: home.name) }
  }

  /// The one rule that is to become a file.
  ///
  /// - Parameter source: what `rules` are of, for messages.
  /// - Throws: `UsageError` where there are several rules, or a rival, which has no file; `SettingsProblem` for a rule
  ///   with a constant that is out of bounds, which nobody would read again.
  public static func toWrite(of rules: [NamedRule], from source: String) throws -> RuleFile {
    if let rival = rules.first(where: { $0.rival != nil })?.rival {
      throw UsageError(
        "--to writes a rule of theta, and \(rival.rawValue) has none; `trifactor evaluate SWEEP --learner` "
          + "takes the text after 'as a contender'")
    }
    guard rules.count == 1 else {
      throw UsageError(
        "--to writes one rule, and \(source) holds \(rules.count); choose one by --cell KEY")
    }
    if let problem = rules[0].file.refusal {
      throw SettingsProblem(
        paths: [], problem: "\(rules[0].title): \(problem)",
        advice:
          "Whoever reads the file would refuse it. An earlier version let searches pass this bound; learn the cell "
          + "anew in another folder.")
    }
    return rules[0].file
  }

  private init(_ one: RuleSource.Learned, sweep: String) {
    let title = "cell \(hex(one.key)): \(one.label)"
    let provenance = [
      "learned by the sweep \(sweep), \(title)",
      "written by trifactor \(Build.version) (\(Build.commit))",
    ]
    self.init(title: title, rival: one.rival, file: one.file(provenance: provenance), settings: one.settings)
  }
}

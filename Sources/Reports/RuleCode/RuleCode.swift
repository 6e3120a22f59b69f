import Launch
import Model
import Plasticity
import Sweep

/// A rule with what surrounds it, to be written as one file that needs nothing of ours.
public struct RuleCode {
  let title: String
  let file: RuleFile
  /// Every constant of the rule; the defaults for those that its file does not name.
  let constants: LocalConstants
  /// Of the cell that has learned it; defaults for a rule file.
  let settings: Settings
  let formula: RuleFormula
  /// The layers of synapses that learn, ascending.
  let plastic: [Layer]

  /// The constants that the code has a place for.
  static let known: Set<LocalConstant> = [
    .eta, .clip, .tauE, .tauBar, .baselineRate, .probability, .amplitude, .gate, .growth0, .growth2,
    .traceMean, .inputRate, .readoutRate,
  ]

  /// - Parameter source: what `rules` are of, for messages.
  /// - Throws: `UsageError` where there is not one rule, where it is a rival's, where s is not known, and where a
  ///   mechanism has no form in code.
  public init(_ rules: [NamedRule], from source: String) throws {
    guard rules.count == 1 else {
      throw UsageError("--as writes one rule, and \(source) holds \(rules.count); choose one by --cell KEY")
    }
    let rule = rules[0]
    if let rival = rule.rival {
      throw UsageError("--as writes a rule of theta, and \(rival.rawValue) has none")
    }
    guard rule.file.scale != nil || rule.file.normalise == false else {
      throw UsageError(
        "--as writes what a synapse computes, theta s, and \(source) has no s, which is measured in a configuration; "
          + "learn or evaluate the rule in a sweep and give its cell, or a file that `trifactor rule DIR --cell KEY --to "
          + "FILE` has written")
    }
    plastic = rule.file.plastic ?? rule.settings?.rule.plastic ?? [.recurrent]
    title = rule.title
    file = rule.file
    settings = rule.settings ?? Settings()
    constants = (rule.settings?.constants ?? LocalConstants()).replacing(rule.file.constants)
    formula = RuleFormula(file.shape, theta: file.theta, scale: file.scale)
    let strange = LocalConstant.allCases.first {
      !Self.known.contains($0) && constants[$0] != $0.declaration.standard
    }
    if let strange {
      throw UsageError(
        "--as knows no code for \(strange.name), which is \(constantText(of: constants[strange])) in \(source); "
          + "`trifactor rule --to FILE` writes the whole rule for this program")
    }
  }

  /// The file.
  public func text(in language: RuleLanguage) -> String {
    language.arrays.map { arrayText(language, $0) } ?? latexText
  }

  var critic: CriticKind { file.critic ?? settings.rule.critic }
  var exploration: KickKind { file.exploration ?? settings.exploration.kind }
  var traceMeanBy: TraceMeanGroup { file.traceMeanBy ?? settings.rule.traceMeanBy }
  var hasGrowth: Bool { constants[.growth0] != 0 || constants[.growth2] != 0 }

  /// theta s.
  var coefficients: [Double] { file.scale.map { zip(file.theta, $0).map(*) } ?? file.theta }
}

import Model
import Plasticity
import Sweep

/// What belongs to a rule beside theta and its constants, and replaces the configuration in which it is tested: without
/// it, it would be another rule. Empty for a rule that was not learned.
public struct RuleFrame: Sendable, Equatable {
  /// The constants that the scales were measured with; they apply where the rule has none of its own.
  public var constants: [LocalConstant: Double]
  public var kicks: KickKind?
  public var traceMeanBy: TraceMeanGroup?
  public var critic: CriticKind?
  public var normalise: Bool?
  public var plastic: [Layer]?

  public init() { constants = [:] }

  /// The frame of a cell: the settings from which its search started.
  public init(_ settings: Settings) {
    constants = Dictionary(
      uniqueKeysWithValues: LocalConstant.allCases.map { ($0, settings.constants[$0]) })
    kicks = settings.exploration.kind
    traceMeanBy = settings.rule.traceMeanBy
    critic = settings.rule.critic
    normalise = settings.rule.normalise
    plastic = settings.rule.plastic
  }

  /// The frame of a rule file, without constants if the file lacks some: it then does not say what its scales were
  /// measured with.
  public init(_ file: RuleFile) {
    let isWhole = LocalConstant.allCases.filter(file.uses).allSatisfy { file.constants[$0] != nil }
    constants = isWhole ? file.constants.merging(file.calibration) { $1 } : [:]
    kicks = file.exploration
    traceMeanBy = file.traceMeanBy
    critic = file.critic
    normalise = file.normalise
    plastic = file.plastic
  }

  /// The configuration with the rule's own frame, on the same tasks and network.
  func applied(to configuration: CellConfiguration) -> CellConfiguration {
    var result = configuration
    result.constants = configuration.constants.replacing(constants)
    result.method.kicks = kicks ?? configuration.method.kicks
    result.method.traceMeanBy = traceMeanBy ?? configuration.method.traceMeanBy
    result.method.critic = critic ?? configuration.method.critic
    result.normalise = normalise ?? configuration.normalise
    result.method.plastic = plastic ?? configuration.method.plastic
    return result
  }

  /// What it changes in a configuration, for keys of results; empty if nothing.
  func canonical(on configuration: CellConfiguration) -> String {
    let own = applied(to: configuration)
    var changes = LocalConstant.allCases.filter { own.constants[$0] != configuration.constants[$0] }
      .map {
        "\($0.name)=\(shortestText(of: own.constants[$0]))"
      }
    if own.method.kicks != configuration.method.kicks {
      changes.append("kicks=\(own.method.kicks)")
    }
    if own.method.traceMeanBy != configuration.method.traceMeanBy {
      changes.append("trace-mean-by=\(own.method.traceMeanBy)")
    }
    if own.method.critic != configuration.method.critic {
      changes.append("baseline=\(own.method.critic)")
    }
    if own.normalise != configuration.normalise { changes.append("normalise=\(own.normalise)") }
    if own.method.plastic != configuration.method.plastic {
      changes.append("plastic=\(own.method.plastic.map(\.rawValue).joined(separator: ","))")
    }
    return changes.isEmpty ? "" : "evaluate.frame=\(changes.joined(separator: " "))\n"
  }
}

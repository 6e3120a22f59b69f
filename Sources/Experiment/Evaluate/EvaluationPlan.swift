import Kernels
import Plasticity
import Sweep

/// Which contenders meet which targets, on how many fresh networks: any set of rules and learners on any tasks.
public struct EvaluationPlan: Sendable {
  public var targets: [EvaluationTarget]
  /// By target, in the order of the contenders.
  public private(set) var pairs: [EvaluationPair] = []
  public let networks: Int

  /// - Parameters:
  ///   - transfer: true to test learned rules on every target instead of only the one they were learned on. A rule
  ///     learned elsewhere (`source` nil) and everything that was not learned meets all targets.
  ///   - networks: evaluation networks 0 ..< this, the same for every contender, so that all are compared in pairs.
  /// - Throws: `ContenderError` where two contenders have one name.
  public init(_ contenders: [Contender], on targets: [EvaluationTarget], networks: Int, transfer: Bool) throws
  {
    self.targets = targets
    self.networks = networks
    var names: Set<String> = []
    for contender in contenders where !names.insert(contender.name).inserted {
      throw ContenderError("the contender '\(contender.name)' is given twice; leave one of them out")
    }
    for (place, target) in targets.enumerated() {
      for contender in contenders where transfer || contender.source == nil || contender.source == place {
        pairs.append(EvaluationPair(contender, on: place, target, networks: networks))
      }
    }
  }

  /// Tests one pair; all members of the team must call it, and all get the result of every network.
  ///
  /// A rival that has nothing to learn from on the target gives nil.
  public func run(_ pair: EvaluationPair, level: SIMDLevel, team: any Team) throws -> [NetworkEvaluation]? {
    let target = targets[pair.target]
    let learner: any Learner
    do {
      learner = try target.learner(pair.contender, level: level)
    } catch is RivalError {
      return nil
    }
    return try Evaluation.evaluate(
      learner, seed: target.cell.settings.seed, criterion: target.configuration.criterion,
      networks: 0..<networks,
      team: team)
  }

  /// Why `run` gives nothing for a pair; nil where it does.
  public func refusal(_ pair: EvaluationPair) -> String? {
    let target = targets[pair.target]
    let kind = pair.contender.kind == .start ? target.start : pair.contender.kind
    guard case .rival(let rival) = kind else { return nil }
    let configuration = target.configuration
    let constants = pair.contender.applied(to: configuration.constants)
    return configuration.tasks.lazy.compactMap { rival.refusal(configuration.method, constants, task: $0) }
      .first
  }
}

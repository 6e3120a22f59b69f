import Kernels
import Model
import Plasticity
import Sweep

/// Which contenders are tested on which targets, and on how many fresh networks.
public struct EvaluationPlan: Sendable {
  public var targets: [EvaluationTarget]
  /// By target, in the order of the contenders.
  public private(set) var pairs: [EvaluationPair] = []
  public let networks: Int

  /// - Parameters:
  ///   - transfer: true to test learned rules on every target instead of only the one they were learned on. Rules
  ///     learned elsewhere (`source` nil) and all that were not learned are tested on every target.
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

  /// Tests one pair on networks `start`...; all members of the team must call it, and all get every result.
  ///
  /// A rival that has nothing to learn from on the target gives nil.
  ///
  /// - Parameter step: called on every member after every few networks with the first of them and their results;
  ///   false ends the test there, and all members must say the same.
  public func run(
    _ pair: EvaluationPair, from start: Int = 0, level: SIMDLevel, team: any Team,
    step: (_ first: Int, _ results: [NetworkEvaluation]) throws -> Bool = { _, _ in true }
  ) throws -> [NetworkEvaluation]? {
    let target = targets[pair.target]
    let learner: any Learner
    do {
      learner = try target.learner(pair.contender, level: level)
    } catch is RivalError {
      return nil
    }
    var results: [NetworkEvaluation] = []
    let width = networksPerStep(target) * team.size
    for first in stride(from: start, to: networks, by: width) {
      let some = try Evaluation.evaluate(
        learner, seed: target.cell.settings.seed, criterion: target.configuration.criterion,
        networks: first..<min(networks, first + width), team: team)
      results += some
      guard try step(first, some) else { break }
    }
    return results
  }

  /// How many networks a member tests before results are exchanged: those of about a tenth of a second, at least one.
  private func networksPerStep(_ target: EvaluationTarget) -> Int {
    let method = target.configuration.method
    let steps = target.configuration.tasks.map(\.steps).max() ?? 1
    let flops = 4 * Double(method.units * method.units) * Double(steps) * Double(method.trials)
    return Int(min(max(1, 1e9 / flops), 64))
  }

  /// Why `run` returns nil for a pair; nil if it does not.
  public func refusal(_ pair: EvaluationPair) -> String? {
    let target = targets[pair.target]
    let kind = pair.contender.kind == .start ? target.start : pair.contender.kind
    guard case .rival(let rival) = kind else { return nil }
    let configuration = pair.contender.frame.applied(to: target.configuration)
    let constants = pair.contender.constants(in: configuration)
    return configuration.tasks.lazy.compactMap {
      rival.refusal(configuration.method, constants, task: $0)
    }
    .first
  }
}

import Model
import Plasticity
import ResultStore
import Sweep

/// One cell at work: meta-iterations, then fresh networks under the learned rule, the start and no plasticity, then the
/// result.
final class LearningCell: CellWork {
  private let cell: Cell
  private let configuration: CellConfiguration
  private let identity: CellIdentity
  private let runner: any LifetimeRunner
  private let learner: MetaLearner
  private let start: Rule
  /// Known once the iterations are done.
  private var learned: (rule: Rule, choice: MetaLearner.Choice, validationReward: Double)?
  /// The learner's state when the iterations were done, before the choice of the final rule added to its counts.
  private var lastState: MetaState
  private var evaluated: Int
  private var divergedNetworks = 0
  private let roles: [RuleRole] = [.learned, .start, .none]
  /// Networks of one step and member, so that a step stays short.
  private static let networksPerStep = 5

  init(_ cell: Cell, identity: CellIdentity, from record: StateRecord?) throws {
    self.cell = cell
    self.identity = identity
    configuration = try CellConfiguration(cell.settings)
    let scales = configuration.scales(level: identity.level)
    runner = try configuration.runner(level: identity.level, scales: scales)
    let start = configuration.startRule(scales: scales)
    self.start = start
    let state = try record.map { try MetaState($0, start: start, cell: cell) }
    learner = MetaLearner(configuration.meta, runner: runner, start: start, state: state)
    lastState = learner.state
    evaluated = Int(record?.evaluated ?? 0)
    divergedNetworks = Int(record?.divergedNetworks ?? 0)
  }

  func advance(in team: any Team) throws -> CellProgress {
    if !learner.isFinished {
      let report = try learner.iterate(team)
      lastState = learner.state
      return progress([
        IterationRecord(report, state: lastState, cell: cell.key).encoded(shape: start.shape)
      ])
    }
    if learned == nil {
      // A rank that joins or resumes during the evaluations finds the rule by itself: the others have it already.
      learned = try learner.finish(evaluated > 0 ? Solo() : team)
    }
    if evaluated < roles.count * configuration.evaluationNetworks {
      return progress(try evaluate(team))
    }
    return progress([result().encoded(shape: start.shape)], finished: true)
  }

  func state() -> EncodedRecord {
    StateRecord(
      lastState, evaluated: evaluated, divergedNetworks: divergedNetworks, scale: start.scale, cell: cell.key
    ).encoded(shape: start.shape)
  }

  private func progress(_ records: [EncodedRecord], finished: Bool = false) -> CellProgress {
    CellProgress(
      records: records, finished: finished, status: finished ? status : .done, iteration: lastState.iteration,
      iterations: configuration.meta.iterations)
  }

  /// The next few fresh networks of the role that is due.
  private func evaluate(_ team: any Team) throws -> [EncodedRecord] {
    let networks = configuration.evaluationNetworks
    let role = roles[evaluated / networks]
    let first = evaluated % networks
    let range = first..<min(networks, first + Self.networksPerStep * team.size)
    let evaluation = Evaluation(
      runner: runner, seed: configuration.meta.seed, criterion: configuration.criterion)
    let results = try evaluation.evaluate(rule(of: role), networks: range, team: team)
    evaluated += range.count
    if role == .learned { divergedNetworks += results.count { $0.divergedAt != nil } }
    return zip(range, results).map { network, result in
      EvaluationRecord(
        result, cell: cell.key, network: network, role: role, trials: configuration.method.trials
      ).encoded(shape: start.shape)
    }
  }

  private func rule(of role: RuleRole) -> Rule {
    switch role {
    case .learned: learned!.rule
    case .start: start
    case .none: start.silent
    }
  }

  private var status: CellStatus {
    2 * divergedNetworks > configuration.evaluationNetworks ? .diverged : .done
  }

  private func result() -> ResultRecord {
    let (rule, choice, validationReward) = learned!
    let networks = configuration.evaluationNetworks
    return ResultRecord(cell: cell.key) {
      $0.status = status
      $0.simd = UInt8(identity.level.code)
      $0.launch = identity.launch
      $0.rank = identity.rank
      $0.iterations = UInt32(lastState.iteration)
      $0.lifetimes = UInt64(learner.state.lifetimes + roles.count * networks)
      $0.divergedLifetimes = UInt64(lastState.divergedLifetimes)
      $0.evaluations = UInt32(roles.count * networks)
      $0.choice = choice.rawValue
      $0.bestIteration = UInt32(lastState.bestIteration)
      $0.validationReward = validationReward
      $0.seconds = identity.seconds()
      $0.gigaflop = identity.gigaflop
      $0.theta = rule.theta
      $0.scale = rule.scale
      $0.constants = rule.constants.values
      if status == .diverged {
        $0.message = "the learned rule diverged on \(divergedNetworks) of \(networks) fresh networks"
      }
    }
  }
}

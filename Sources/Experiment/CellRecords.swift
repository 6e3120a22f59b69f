import Model
import Plasticity
import ResultStore
import Sweep

/// The results of the method as records.
extension IterationRecord {
  init(_ report: MetaReport, state: MetaState, cell: UInt64) {
    self.init(cell: cell)
    iteration = UInt32(report.iteration)
    lifetimes = UInt32(report.lifetimes)
    diverged = UInt32(report.diverged)
    dropped = UInt32(report.dropped)
    action = report.action.rawValue
    reward = report.reward
    lateReward = report.lateReward
    lateAccuracy = report.lateAccuracy
    gradientNorm = report.gradientNorm
    runningNorm = report.runningNorm
    learningRate = report.learningRate
    validationReward = report.validationReward
    validationAccuracy = report.validationAccuracy
    lifetimesSoFar = UInt64(state.lifetimes)
    theta = report.rule.theta
    gradient = Array(report.gradient[0..<report.rule.theta.count])
    constants = report.rule.constants.values
  }
}

extension EvaluationRecord {
  init(_ evaluation: NetworkEvaluation, cell: UInt64, network: Int, role: RuleRole, trials: Int) {
    self.init(cell: cell)
    self.network = UInt32(network)
    self.role = role
    self.trials = UInt32(trials)
    self.evaluation = evaluation
  }
}

extension StateRecord {
  init(_ state: MetaState, evaluated: Int, divergedNetworks: Int, scale: [Double], cell: UInt64) {
    self.init(cell: cell)
    iteration = UInt32(state.iteration)
    self.evaluated = UInt32(evaluated)
    optimiserSteps = state.adam.steps
    lifetimes = UInt64(state.lifetimes)
    divergedLifetimes = UInt64(state.divergedLifetimes)
    self.divergedNetworks = UInt64(divergedNetworks)
    runningNorm = state.runningNorm
    bestReward = state.bestReward
    bestIteration = UInt32(state.bestIteration)
    bestNorm = state.bestNorm
    tailCount = UInt32(state.tailCount)
    lastValidationReward = state.lastValidationReward
    parameters = state.parameters
    firstMoment = state.adam.firstMoment
    secondMoment = state.adam.secondMoment
    bestParameters = state.bestParameters
    tailSum = state.tailSum
    self.scale = scale
  }
}

extension MetaState {
  /// - Throws: `StateMismatch` where the record cannot be of this cell on this machine.
  init(_ record: StateRecord, start: Rule, cell: Cell) throws {
    guard record.scale == start.scale else {
      throw StateMismatch(
        description:
          "cell \(hex(cell.key)): the monomial scales stored with its state are not those measured now. "
          + "The state was written by another build or machine; use the version that sweep.json names, "
          + "or start the sweep in a new folder")
    }
    self.init(start)
    iteration = Int(record.iteration)
    parameters = record.parameters
    adam = Adam(count: record.parameters.count)
    adam.firstMoment = record.firstMoment
    adam.secondMoment = record.secondMoment
    adam.steps = record.optimiserSteps
    runningNorm = record.runningNorm
    bestParameters = record.bestParameters
    bestIteration = Int(record.bestIteration)
    bestReward = record.bestReward
    bestNorm = record.bestNorm
    lastValidationReward = record.lastValidationReward
    tailSum = record.tailSum
    tailCount = Int(record.tailCount)
    lifetimes = Int(record.lifetimes)
    divergedLifetimes = Int(record.divergedLifetimes)
  }
}

/// A stored state does not fit the cell it is of.
struct StateMismatch: Error, CustomStringConvertible {
  var description: String
}

/// The kinds of record. A shard holds one kind at one degree; P = (degree + 1)^2.
public enum RecordKind: UInt8, Sendable, CaseIterable {
  case iteration = 1
  case state = 2
  case evaluation = 3
  case result = 4
  case dynamics = 5
}

/// Which rule an evaluation record is of.
public enum RuleRole: UInt8, Sendable, CaseIterable {
  /// The rule the cell has learned.
  case learned = 0
  /// The rule it started from.
  case start = 1
  /// theta = 0: no plasticity.
  case none = 2
}

/// One meta-iteration: what the batch earned and where the rule stands after it.
public struct IterationRecord: Sendable, Equatable {
  public var cell: UInt64
  /// 0, 1, ...: the meta-iteration.
  public var iteration: UInt32
  /// Lifetimes that were run for the gradient, and those of them that diverged or whose gradient was dropped.
  public var lifetimes: UInt32
  public var diverged: UInt32
  public var dropped: UInt32
  /// 0 step taken, 1 theta shrunk (most of the batch diverged), 2 went back to the best theta, 3 no gradient.
  public var action: UInt32
  /// Means over the batch: reward of all trials, reward and accuracy of the late trials.
  public var reward: Double
  public var lateReward: Double
  public var lateAccuracy: Double
  /// Median gradient norm of the batch before clipping (median |J+ - J-| of its pairs for `evolution`), and its running
  /// average.
  public var gradientNorm: Double
  public var runningNorm: Double
  public var learningRate: Double
  /// Validation J and late accuracy; NaN in iterations without validation.
  public var validationReward: Double
  public var validationAccuracy: Double
  /// Lifetimes run so far in this cell, of all kinds.
  public var lifetimesSoFar: UInt64
  /// P coefficients after the iteration, and the clipped mean gradient by theta.
  public var theta: [Double]
  public var gradient: [Double]
  /// By `LocalConstant.rawValue`, after the iteration.
  public var constants: [Double]

  public init(
    cell: UInt64, iteration: UInt32, lifetimes: UInt32, diverged: UInt32, dropped: UInt32, action: UInt32,
    reward: Double, lateReward: Double, lateAccuracy: Double, gradientNorm: Double, runningNorm: Double,
    learningRate: Double, validationReward: Double, validationAccuracy: Double, lifetimesSoFar: UInt64,
    theta: [Double], gradient: [Double], constants: [Double]
  ) {
    self.cell = cell
    self.iteration = iteration
    self.lifetimes = lifetimes
    self.diverged = diverged
    self.dropped = dropped
    self.action = action
    self.reward = reward
    self.lateReward = lateReward
    self.lateAccuracy = lateAccuracy
    self.gradientNorm = gradientNorm
    self.runningNorm = runningNorm
    self.learningRate = learningRate
    self.validationReward = validationReward
    self.validationAccuracy = validationAccuracy
    self.lifetimesSoFar = lifetimesSoFar
    self.theta = theta
    self.gradient = gradient
    self.constants = constants
  }
}

/// Everything needed to go on after `iteration` iterations; parameters are theta followed by the local
/// constants.
public struct StateRecord: Sendable, Equatable {
  public var cell: UInt64
  /// Iterations done.
  public var iteration: UInt32
  /// Evaluation networks done: (role, network) pairs in their fixed order.
  public var evaluated: UInt32
  public var optimiserSteps: UInt64
  public var lifetimes: UInt64
  public var divergedLifetimes: UInt64
  /// Evaluation networks on which the learned rule diverged.
  public var divergedNetworks: UInt64
  public var runningNorm: Double
  public var bestReward: Double
  public var bestIteration: UInt32
  public var bestNorm: Double
  public var tailCount: UInt32
  public var lastValidationReward: Double
  /// P + constants each: current, Adam's two moments, best on validation, sum over the last quarter.
  public var parameters: [Double]
  public var firstMoment: [Double]
  public var secondMoment: [Double]
  public var bestParameters: [Double]
  public var tailSum: [Double]
  /// s, P.
  public var scale: [Double]

  public init(
    cell: UInt64, iteration: UInt32, evaluated: UInt32, optimiserSteps: UInt64, lifetimes: UInt64,
    divergedLifetimes: UInt64, divergedNetworks: UInt64, runningNorm: Double, bestReward: Double,
    bestIteration: UInt32, bestNorm: Double, tailCount: UInt32, lastValidationReward: Double,
    parameters: [Double],
    firstMoment: [Double], secondMoment: [Double], bestParameters: [Double], tailSum: [Double],
    scale: [Double]
  ) {
    self.cell = cell
    self.iteration = iteration
    self.evaluated = evaluated
    self.optimiserSteps = optimiserSteps
    self.lifetimes = lifetimes
    self.divergedLifetimes = divergedLifetimes
    self.divergedNetworks = divergedNetworks
    self.runningNorm = runningNorm
    self.bestReward = bestReward
    self.bestIteration = bestIteration
    self.bestNorm = bestNorm
    self.tailCount = tailCount
    self.lastValidationReward = lastValidationReward
    self.parameters = parameters
    self.firstMoment = firstMoment
    self.secondMoment = secondMoment
    self.bestParameters = bestParameters
    self.tailSum = tailSum
    self.scale = scale
  }
}

/// One fresh network under one rule.
public struct EvaluationRecord: Sendable, Equatable {
  public static let curveBins = 20
  public var cell: UInt64
  public var network: UInt32
  public var role: RuleRole
  public var trials: UInt32
  /// Trial at which the lifetime diverged, -1 where it did not.
  public var divergedAt: Int32
  /// Trials, counted from 1, up to the first that ends a stretch which meets the criterion; -1 where none
  /// does (censored).
  public var trialsToCriterion: Int32
  public var reward: Double
  public var accuracy: Double
  /// Means over the last fifth of the trials.
  public var lateReward: Double
  public var lateAccuracy: Double
  /// Means over `curveBins` equal parts of the lifetime; NaN for an empty part.
  public var rewardCurve: [Double]
  public var accuracyCurve: [Double]
  /// Late accuracy over the trials on which the shortcut is of no help; nil where the task has none, where the
  /// lifetime met none, and in records of version 1.
  public var lateIncongruentAccuracy: Double?

  public init(
    cell: UInt64, network: UInt32, role: RuleRole, trials: UInt32, divergedAt: Int32,
    trialsToCriterion: Int32, reward: Double, accuracy: Double, lateReward: Double, lateAccuracy: Double,
    rewardCurve: [Double], accuracyCurve: [Double], lateIncongruentAccuracy: Double? = nil
  ) {
    self.cell = cell
    self.network = network
    self.role = role
    self.trials = trials
    self.divergedAt = divergedAt
    self.trialsToCriterion = trialsToCriterion
    self.reward = reward
    self.accuracy = accuracy
    self.lateReward = lateReward
    self.lateAccuracy = lateAccuracy
    self.rewardCurve = rewardCurve
    self.accuracyCurve = accuracyCurve
    self.lateIncongruentAccuracy = lateIncongruentAccuracy
  }
}

public enum CellStatus: UInt8, Sendable, CaseIterable {
  case done = 0
  /// The learned rule diverged on most evaluation networks or the search never found a finite one.
  case diverged = 1
  /// An error; `message` says which.
  case failed = 2
}

/// How a cell ended.
public struct ResultRecord: Sendable, Equatable {
  public var cell: UInt64
  public var status: CellStatus
  /// 0 baseline, 1 v3, 2 v4.
  public var simd: UInt8
  /// Launch (0, 1, ... in `sweep.json`) in which it ended, and the rank that led it.
  public var launch: UInt32
  public var rank: UInt32
  public var iterations: UInt32
  public var lifetimes: UInt64
  public var divergedLifetimes: UInt64
  /// Evaluation records of the cell that come before this one; a cell with fewer in the store is not
  /// complete.
  public var evaluations: UInt32
  /// 0 the best theta on validation, 1 the mean over the last quarter, 2 the start (nothing was learned).
  public var choice: UInt32
  public var bestIteration: UInt32
  public var validationReward: Double
  /// Wall seconds spent on the cell in its last launch, and credited GFLOP in all.
  public var seconds: Double
  public var gigaflop: Double
  public var theta: [Double]
  public var scale: [Double]
  public var constants: [Double]
  /// UTF-8, cut to 256 bytes.
  public var message: String

  public init(
    cell: UInt64, status: CellStatus, simd: UInt8, launch: UInt32, rank: UInt32, iterations: UInt32,
    lifetimes: UInt64, divergedLifetimes: UInt64, evaluations: UInt32, choice: UInt32,
    bestIteration: UInt32, validationReward: Double, seconds: Double, gigaflop: Double, theta: [Double],
    scale: [Double], constants: [Double], message: String
  ) {
    self.cell = cell
    self.status = status
    self.simd = simd
    self.launch = launch
    self.rank = rank
    self.iterations = iterations
    self.lifetimes = lifetimes
    self.divergedLifetimes = divergedLifetimes
    self.evaluations = evaluations
    self.choice = choice
    self.bestIteration = bestIteration
    self.validationReward = validationReward
    self.seconds = seconds
    self.gigaflop = gigaflop
    self.theta = theta
    self.scale = scale
    self.constants = constants
    self.message = message
  }
}

/// A record as it travels from a rank to rank 0: everything but its sequence number and checksum.
public struct EncodedRecord: Sendable, Equatable {
  public var kind: RecordKind
  public var degree: Int
  public var bytes: [UInt8]
  public init(kind: RecordKind, degree: Int, bytes: [UInt8]) {
    self.kind = kind
    self.degree = degree
    self.bytes = bytes
  }
}

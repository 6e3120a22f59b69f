import Foundation
import Model

@testable import ResultStore

/// Records whose every number differs, made from a seed.
enum Sample {
  private static let constants = LocalConstant.allCases.count

  /// `count` numbers that no other call with another start gives.
  static func numbers(_ count: Int, from start: Double) -> [Double] {
    (0..<count).map { start + Double($0) / 64 }
  }

  static func iteration(cell: UInt64 = 7, _ number: Int, degree: Int = 1, reward: Double = -0.5)
    -> EncodedRecord
  {
    let count = (degree + 1) * (degree + 1)
    return IterationRecord(cell: cell) {
      $0.iteration = UInt32(number)
      $0.lifetimes = 4
      $0.diverged = 1
      $0.dropped = 2
      $0.action = 3
      $0.reward = reward
      $0.lateReward = -0.25
      $0.lateAccuracy = 0.75
      $0.gradientNorm = 2.5
      $0.runningNorm = 2.25
      $0.learningRate = 0.03
      $0.lifetimesSoFar = UInt64(4 * number + 4)
      $0.theta = numbers(count, from: 10)
      $0.gradient = numbers(count, from: 20)
      $0.constants = numbers(constants, from: 30)
    }.encoded(degree: degree)
  }

  static func state(cell: UInt64 = 7, iteration: Int, evaluated: Int = 0, degree: Int = 1) -> EncodedRecord {
    let count = (degree + 1) * (degree + 1)
    return StateRecord(cell: cell) {
      $0.iteration = UInt32(iteration)
      $0.evaluated = UInt32(evaluated)
      $0.optimiserSteps = 11
      $0.lifetimes = 12
      $0.divergedLifetimes = 13
      $0.divergedNetworks = 2
      $0.runningNorm = 1.5
      $0.bestReward = -0.125
      $0.bestIteration = 3
      $0.bestNorm = 1.25
      $0.tailCount = 2
      $0.lastValidationReward = -0.375
      $0.parameters = numbers(count + constants, from: 1)
      $0.firstMoment = numbers(count + constants, from: 2)
      $0.secondMoment = numbers(count + constants, from: 3)
      $0.bestParameters = numbers(count + constants, from: 4)
      $0.tailSum = numbers(count + constants, from: 5)
      $0.scale = numbers(count, from: 6)
    }.encoded(degree: degree)
  }

  static func evaluation(
    cell: UInt64 = 7, _ network: Int, _ role: RuleRole = .learned, degree: Int = 1, accuracy: Double = 0.5
  ) -> EncodedRecord {
    EvaluationRecord(cell: cell) {
      $0.network = UInt32(network)
      $0.role = role
      $0.trials = 200
      $0.evaluation.trialsToCriterion = 40
      $0.evaluation.reward = -0.5
      $0.evaluation.accuracy = accuracy
      $0.evaluation.lateReward = -0.25
      $0.evaluation.lateAccuracy = 0.875
      $0.evaluation.rewardCurve = numbers(20, from: -1)
      $0.evaluation.accuracyCurve = numbers(20, from: 0)
    }.encoded(degree: degree)
  }

  static func result(
    cell: UInt64 = 7, status: CellStatus = .done, iterations: Int, evaluations: Int, degree: Int = 1,
    seconds: Double = 3, message: String = ""
  ) -> EncodedRecord {
    let count = (degree + 1) * (degree + 1)
    return ResultRecord(cell: cell) {
      $0.status = status
      $0.simd = 1
      $0.launch = 2
      $0.rank = 3
      $0.iterations = UInt32(iterations)
      $0.lifetimes = 480
      $0.divergedLifetimes = 5
      $0.evaluations = UInt32(evaluations)
      $0.choice = 1
      $0.bestIteration = 70
      $0.validationReward = -0.25
      $0.seconds = seconds
      $0.gigaflop = 12.5
      $0.theta = numbers(count, from: 1)
      $0.scale = numbers(count, from: 2)
      $0.constants = numbers(constants, from: 3)
      $0.message = message
    }.encoded(degree: degree)
  }

  static func dynamics(
    cell: UInt64 = 7, _ network: Int, _ stage: DynamicsStage = .learned, condition: Int = 0, degree: Int = 1
  ) -> EncodedRecord {
    var record = DynamicsRecord(cell: cell) {
      $0.network = UInt32(network)
      $0.stage = stage
      $0.condition = Int32(condition)
      $0.conditions = 2
    }
    (record.simd, record.starts, record.limit, record.fixedPoints) = (1, 200, 10, 3)
    (record.analysed, record.converged, record.stalled, record.firstHits) = (3, 190, 10, 120)
    record.firstStability = 1
    let reals: [WritableKeyPath<DynamicsRecord, Double>] = [
      \.lateAccuracy, \.slowest, \.stable, \.abscissa, \.unstableDirections, \.henrici, \.nonNormality,
      \.slowOverlap, \.sensitivity, \.outputGain, \.firstResidual, \.firstReal, \.firstImaginary,
      \.firstHenrici,
    ]
    for (place, path) in reals.enumerated() { record[keyPath: path] = Double(place) / 64 - 0.25 }
    record.program = "1.0.0 abc"
    return record.encoded(degree: degree)
  }

  static func alignment(cell: UInt64 = 7, _ network: Int, point: Int = 0, points: Int = 2, degree: Int = 1)
    -> EncodedRecord
  {
    var record = AlignmentRecord(cell: cell) {
      $0.network = UInt32(network)
      $0.point = UInt32(point)
      $0.points = UInt32(points)
      $0.trial = UInt32(10 * point + 9)
      $0.wanted = 64
      $0.draws = 63
      $0.simd = 1
    }
    let reals: [WritableKeyPath<AlignmentRecord, Double>] = [
      \.reward, \.lateReward, \.lateAccuracy, \.cosine, \.product, \.updateSquare, \.updateVariance,
      \.gradientSquare, \.gradientVariance,
    ]
    for (place, path) in reals.enumerated() { record[keyPath: path] = Double(place) / 64 - 0.25 }
    return record.encoded(degree: degree)
  }

  /// A whole cell: iterations with a state after every second one, evaluations in three roles, the result.
  static func cell(_ key: UInt64, iterations: Int = 4, networks: Int = 2, degree: Int = 1) -> [EncodedRecord]
  {
    var records: [EncodedRecord] = []
    for number in 0..<iterations {
      records.append(iteration(cell: key, number, degree: degree, reward: -Double(key) - Double(number)))
      if number % 2 == 1 { records.append(state(cell: key, iteration: number + 1, degree: degree)) }
    }
    for role in RuleRole.allCases {
      for network in 0..<networks { records.append(evaluation(cell: key, network, role, degree: degree)) }
    }
    records.append(result(cell: key, iterations: iterations, evaluations: 3 * networks, degree: degree))
    return records
  }

  static func manifest(keys: [UInt64] = [7]) -> SweepManifest {
    SweepManifest(
      name: "sample", question: "Does it hold?", simd: "v3",
      cells: keys.enumerated().map { place, key in
        ManifestCell(
          key: key,
          settings: [
            "task": "cue-association", "rule.degree": 1, "seed": .number(Double(place)), "rule.tau-e": nil,
            "rule.growth": [0, 0.5], "rule.normalise": true,
          ], chance: 0.5, shortcut: 0.5, ceiling: 1)
      }, launches: [launch])
  }

  static let launch = Provenance(
    version: "1.0.0", commit: "abc", dirty: false, command: ["trifactor", "run"], host: "here", ranks: 2,
    cpu: "a CPU", simd: "v3", blas: "Haswell", mpi: "Open MPI 4.1.4", started: "2026-01-01T00:00:00Z")
}

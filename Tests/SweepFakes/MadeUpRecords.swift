import Model
import ResultStore

/// Records with plausible numbers, for tests to which only their kind, cell and number matter.
extension IterationRecord {
  public static func madeUp(_ cell: UInt64, _ number: Int, degree: Int) -> EncodedRecord {
    let theta = (0..<(degree + 1) * (degree + 1)).map { Double($0) * 0.01 + Double(number) }
    return IterationRecord(cell: cell) {
      $0.iteration = UInt32(number)
      $0.lifetimes = 4
      $0.reward = -0.5
      $0.lateReward = -0.3
      $0.lateAccuracy = 0.8
      $0.gradientNorm = 1
      $0.runningNorm = 1
      $0.learningRate = 0.03
      $0.lifetimesSoFar = UInt64(4 * number + 4)
      $0.theta = theta
      $0.gradient = theta
      $0.constants = Array(repeating: 1, count: LocalConstant.allCases.count)
    }.encoded(degree: degree)
  }
}

extension StateRecord {
  /// - Parameters:
  ///   - done: iterations.
  ///   - scale: of every monomial.
  public static func madeUp(_ cell: UInt64, done: Int, degree: Int, scale: Double = 1) -> EncodedRecord {
    let count = (degree + 1) * (degree + 1)
    let all = (0..<count + LocalConstant.allCases.count).map { 0.5 + Double($0) }
    return StateRecord(cell: cell) {
      $0.iteration = UInt32(done)
      $0.optimiserSteps = UInt64(done)
      $0.lifetimes = UInt64(4 * done)
      $0.runningNorm = 1
      $0.bestReward = -0.3
      $0.bestNorm = 1
      $0.lastValidationReward = -0.3
      $0.parameters = all
      $0.firstMoment = all
      $0.secondMoment = all
      $0.bestParameters = all
      $0.tailSum = all
      $0.scale = Array(repeating: scale, count: count)
    }.encoded(degree: degree)
  }
}

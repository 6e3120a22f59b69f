import Kernels
import Model

/// A fixed way of answering a task, without a network: a baseline or an upper bound for the tables.
///
/// A policy sees what a learner could know: the inputs of the trial and, if it uses it, the lifetime's draw. It never
/// sees the target.
public struct Policy: Sendable {
  /// What it does, in a few words.
  public var summary: String
  /// The read-out z (T x K, row-major) for the inputs (T x M, row-major) of one trial.
  public var respond:
    @Sendable (_ inputs: [Float], _ lifetime: LifetimeDraw, _ stream: inout RandomStream) -> [Double]

  public init(
    _ summary: String,
    respond:
      @escaping @Sendable (_ inputs: [Float], _ lifetime: LifetimeDraw, _ stream: inout RandomStream)
      -> [Double]
  ) {
    self.summary = summary
    self.respond = respond
  }

  /// A policy that answers with one value, which `decide` returns, at all steps and outputs of `task`; 0 is a guess.
  static func decision(
    _ summary: String, for task: some LearningTask,
    _ decide: @escaping @Sendable (_ inputs: [Float], _ lifetime: LifetimeDraw) -> Double
  ) -> Policy {
    let count = task.steps * task.outputs
    return Policy(summary) { inputs, lifetime, stream in
      let value = decide(inputs, lifetime)
      let guess: Double = stream.bit() ? 1 : -1
      return Array(repeating: value == 0 ? guess : value, count: count)
    }
  }
}

/// A mean over simulated trials with the standard error of that mean.
public struct SimulatedAccuracy: Sendable, Equatable {
  public var mean: Double
  public var standardError: Double
  public var trials: Int
}

extension LearningTask {
  /// Accuracy of a policy on `trials` drawn trials, `perLifetime` to a lifetime, from the streams of `seed`.
  /// - Precondition: at least two trials, at least one a lifetime.
  public func accuracy(
    of policy: Policy, trials: Int, perLifetime: Int = 10, seed: UInt64 = 0
  ) -> SimulatedAccuracy {
    invariant(trials >= 2 && perLifetime >= 1, "\(trials) trials, \(perLifetime) a lifetime: too few")
    var trial = Trial(for: self)
    var lifetime = LifetimeDraw()
    var sum = 0.0
    var squares = 0.0
    for index in 0..<trials {
      let life = UInt32(index / perLifetime)
      let number = UInt32(index % perLifetime)
      if number == 0 {
        var stream = RandomStream(seed: seed, purpose: 1, lifetime: life)
        lifetime = drawLifetime(&stream)
      }
      var stream = RandomStream(seed: seed, purpose: 2, lifetime: life, trial: number)
      drawTrial(&trial, lifetime: lifetime, stream: &stream)
      var coins = RandomStream(seed: seed, purpose: 3, lifetime: life, trial: number)
      let score = accuracy(readout: policy.respond(trial.inputs, lifetime, &coins), trial: trial)
      sum += score
      squares += score * score
    }
    let n = Double(trials)
    let mean = sum / n
    let variance = max(0, squares / n - mean * mean) * n / (n - 1)
    return SimulatedAccuracy(mean: mean, standardError: (variance / n).squareRoot(), trials: trials)
  }
}
